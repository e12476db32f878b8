import type { QuarantinedReceipt } from "@livechat/shared";

/** A row of `public.webhook_receipts` that is quarantined. */
export interface QuarantineRow {
  id: string;
  kind: QuarantinedReceipt["kind"];
  reason: string | null;
  body: Uint8Array;
  tries: number;
  tried_at: Date | null;
  created_at: Date;
}

const longestPreview = 160;

/** A quarantined receipt as admins see it. */
export function presentQuarantine(row: QuarantineRow): QuarantinedReceipt {
  const form = parseReceiptBody(row.body);
  const field = (name: string) => form.get(name)?.replaceAll("\0", "").trim() || null;
  const text = field("Body");
  return {
    id: row.id,
    kind: row.kind,
    reason: row.reason ?? "No reason was kept.",
    from: field("From")?.slice(0, 64) ?? null,
    to: field("To")?.slice(0, 64) ?? null,
    preview: text && text.length > longestPreview ? `${text.slice(0, longestPreview)}…` : text,
    tries: row.tries,
    triedAt: row.tried_at?.toISOString() ?? null,
    receivedAt: row.created_at.toISOString(),
  };
}

/** The form that a receipt holds. */
export function parseReceiptBody(body: Uint8Array): URLSearchParams {
  return new URLSearchParams(Buffer.from(body).toString("utf8"));
}
