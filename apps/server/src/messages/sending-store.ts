import type { SendingState } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";

/** A row of `public.workspace_sending`. */
export interface SendingRow {
  workspace_id: string;
  default_sender: string | null;
  paused_at: Date | null;
  pause_code: number | null;
  pause_reason: string | null;
  refusals: number;
  probe_at: Date | null;
}

/** The state of sending as every browser sees it. */
export function presentSending(row: SendingRow): SendingState {
  return {
    pausedAt: row.paused_at?.toISOString() ?? null,
    pauseCode: row.pause_code,
    pauseReason: row.pause_reason,
    nextTryAt: row.probe_at?.toISOString() ?? null,
    defaultSender: row.default_sender,
  };
}

/** Throws `workspace_not_found` when this transaction may not see it. */
export async function getSending(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<SendingRow> {
  const { rows } = await sql<SendingRow>`
    select * from public.workspace_sending where workspace_id = ${workspaceId}
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("workspace_not_found", "There is no such workspace for you.");
  return row;
}

/** Tells every browser the state of sending. Call it last in the transaction. */
export async function publishSending(trx: Transaction<Tables>, row: SendingRow): Promise<void> {
  await appendEvent(trx, row.workspace_id, "sending_updated", { sending: presentSending(row) });
}
