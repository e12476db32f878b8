import { sql, type Transaction } from "kysely";
import type { Database, Tables } from "../platform/database.ts";
import { findSqlState } from "../platform/sql-state.ts";
import { appendEvent } from "../realtime/event-log.ts";

/** A request with a good signature that could not be used. */
interface Unusable {
  workspaceId: string;
  kind: "inbound" | "status";
  /** The form as it came. */
  body: Buffer;
  headers: Record<string, string>;
  reason: string;
  accountSid: string | null;
  messageSid: string | null;
}

/**
 * Keeps what Twilio signed and we could not use, until it is used after all or an
 * admin sets it aside, and tells the admins. The same form is kept once while it
 * waits, however often it comes. Throws what the database throws.
 */
export async function quarantineReceipt(database: Database, unusable: Unusable): Promise<void> {
  await database.asSystem(async (trx) => {
    const { rows } = await sql`
      insert into public.webhook_receipts (
        workspace_id, kind, account_sid, message_sid, body, headers, outcome, reason
      )
      select
        ${unusable.workspaceId}, ${unusable.kind}, ${unusable.accountSid}::text,
        ${unusable.messageSid}::text, ${unusable.body}::bytea,
        ${JSON.stringify(unusable.headers)}::text::jsonb, 'quarantined', ${unusable.reason}
      where not exists (
        select from public.webhook_receipts known
        where known.workspace_id = ${unusable.workspaceId} and known.outcome = 'quarantined'
          and known.settled_as is null and known.kind = ${unusable.kind}
          and (known.body = ${unusable.body}::bytea or known.message_sid = ${unusable.messageSid}::text)
      )
      returning id
    `.execute(trx);
    if (rows.length > 0) await publishQuarantine(trx, unusable.workspaceId);
  });
}

/** Tells every browser how many signed posts wait for an admin. Call it last in the transaction. */
export async function publishQuarantine(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<void> {
  const openCount = await countQuarantine(trx, workspaceId);
  await appendEvent(trx, workspaceId, "quarantine_changed", { openCount });
}

/** How many wait, as far as this transaction may see. */
export async function countQuarantine(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from public.webhook_receipts
    where workspace_id = ${workspaceId} and outcome = 'quarantined' and settled_as is null
  `.execute(trx);
  return rows[0]?.count ?? 0;
}

/**
 * Whether the database refused what it was given, so that giving it the same
 * again is of no use: a value out of range, or one that breaks a rule of the schema.
 */
export function isUnstorable(error: unknown): boolean {
  const state = findSqlState(error);
  return state !== null && (state.startsWith("22") || state === "23514" || state === "23502");
}
