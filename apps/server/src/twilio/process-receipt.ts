import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import { applyStatusReport } from "../messages/apply-status.ts";
import { receiveTextIn } from "../messages/receive-text.ts";
import type { Tables } from "../platform/database.ts";
import { parseInboundText } from "./parse-inbound-text.ts";
import { parseStatusReport } from "./parse-status-report.ts";
import { parseReceiptBody } from "./present-quarantine.ts";
import { isUnstorable, publishQuarantine } from "./quarantine-receipt.ts";
import type { FormParameters } from "./verify-signature.ts";

interface ReceiptKey {
  workspaceId: string;
  receiptId: string;
}

interface OpenReceipt {
  kind: "inbound" | "status";
  body: Uint8Array;
  headers: Record<string, string>;
  created_at: Date;
}

/** The headers under which a status receipt keeps our own id and the round, which were in its address. */
export const messageIdHeader = "x-livechat-message-id";
export const roundHeader = "x-livechat-round";

/**
 * Tries a quarantined receipt again with what we know today: it is used once and
 * settled in one transaction, or its reason is brought up to date. Does nothing
 * for one that is settled. A text takes its place at the time when it came.
 * Throws what the database throws, unless it refuses the text itself.
 */
export async function processReceipt(context: Context, key: ReceiptKey): Promise<void> {
  let reason: string | null;
  try {
    reason = await context.database.asSystem((trx) => use(context, trx, key));
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    reason = explainUnstorable(error);
  }
  if (reason === null) return;
  await context.database.asSystem(async (trx) => {
    const { rows } = await sql`
      update public.webhook_receipts
      set reason = ${reason}, tries = tries + 1, tried_at = now()
      where workspace_id = ${key.workspaceId} and id = ${key.receiptId}
        and outcome = 'quarantined' and settled_as is null
      returning id
    `.execute(trx);
    if (rows.length > 0) await publishQuarantine(trx, key.workspaceId);
  });
}

/** A person's words for why the database would not take it. */
export function explainUnstorable(error: unknown): string {
  return `The database refused it: ${error instanceof Error ? error.message : String(error)}.`;
}

/** Null when it is used, or was settled before; else why it still can't be used. */
async function use(
  context: Context,
  trx: Transaction<Tables>,
  { workspaceId, receiptId }: ReceiptKey,
): Promise<string | null> {
  const { rows } = await sql<OpenReceipt>`
    select kind, body, headers, created_at from public.webhook_receipts
    where workspace_id = ${workspaceId} and id = ${receiptId}
      and outcome = 'quarantined' and settled_as is null
    for update
  `.execute(trx);
  const [receipt] = rows;
  if (!receipt) return null;
  const form = readForm(receipt.body);
  switch (receipt.kind) {
    case "inbound": {
      const { text, reason } = parseInboundText(form);
      if (!text) return reason;
      await settle(trx, workspaceId, receiptId);
      const { created_at: receivedAt, headers } = receipt;
      await receiveTextIn(
        trx,
        { ...text, workspaceId, receivedAt, receipt: { body: Buffer.from(receipt.body), headers } },
        (inside, mediaId) => context.jobs.enqueue(inside, "fetch_media", { workspaceId, mediaId }),
      );
      break;
    }
    case "status": {
      const report = parseStatusReport(form);
      if (!report) return unusableReport;
      await settle(trx, workspaceId, receiptId);
      const messageId = receipt.headers[messageIdHeader] || null;
      const round = Number(receipt.headers[roundHeader]) || null;
      await applyStatusReport(trx, { ...report, workspaceId, messageId, round });
      break;
    }
    default:
      receipt.kind satisfies never;
  }
  await publishQuarantine(trx, workspaceId);
  return null;
}

/** Why a status report is quarantined. */
export const unusableReport =
  "MessageSid or MessageStatus is missing, or is not written as Twilio writes it.";

async function settle(
  trx: Transaction<Tables>,
  workspaceId: string,
  receiptId: string,
): Promise<void> {
  await sql`
    update public.webhook_receipts
    set settled_as = 'processed', settled_at = now(), tries = tries + 1, tried_at = now()
    where workspace_id = ${workspaceId} and id = ${receiptId}
  `.execute(trx);
}

/** As the webhook read it: a name that came twice has several values. */
function readForm(body: Uint8Array): FormParameters {
  const form: FormParameters = {};
  for (const [name, value] of parseReceiptBody(body)) {
    const known = form[name];
    if (known === undefined) form[name] = value;
    else form[name] = [...(Array.isArray(known) ? known : [known]), value];
  }
  return form;
}

/**
 * Asks for everything that waits to be tried again: a new version of this program
 * may understand what the old one did not. Throws what the database throws.
 */
export async function processQuarantine({ database, jobs }: Context): Promise<void> {
  await database.asSystem(async (trx) => {
    const { rows } = await sql<{ id: string; workspace_id: string }>`
      select id, workspace_id from public.webhook_receipts
      where outcome = 'quarantined' and settled_as is null
      order by created_at limit 1000
    `.execute(trx);
    for (const { id: receiptId, workspace_id: workspaceId } of rows) {
      await jobs.enqueue(trx, "process_receipt", { workspaceId, receiptId });
    }
  });
}
