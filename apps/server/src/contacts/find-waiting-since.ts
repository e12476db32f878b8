import { type RawBuilder, sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { ContactRow } from "./present-contact.ts";

/** When the first text came that no agent has answered; null when none waits. */
export async function findWaitingSince(
  trx: Transaction<Tables>,
  contact: ContactRow,
): Promise<Date | null> {
  if (contact.last_message_direction !== "inbound" || contact.opted_out_at !== null) return null;
  const { rows } = await sql<{ since: Date | null }>`
    select min(m.created_at) as since from public.messages m
    where m.workspace_id = ${contact.workspace_id} and m.contact_id = ${contact.id}
      and m.direction = 'inbound'
      and m.created_at > coalesce((
        select max(answer.created_at) from public.messages answer
        where answer.workspace_id = m.workspace_id and answer.contact_id = m.contact_id
          and answer.direction = 'outbound' and answer.status <> 'scheduled'
      ), '-infinity')
  `.execute(trx);
  return rows[0]?.since ?? null;
}

type Answerable = Pick<ContactRow, "conversation_status" | "blocked_at">;

/** Since when a conversation waits once it is in this state: anew from its texts where it needs an answer again. */
export async function settleWaitingSince(
  trx: Transaction<Tables>,
  known: ContactRow,
  next: Answerable,
): Promise<Date | null> {
  if (needsNoAnswer(next)) return null;
  return needsNoAnswer(known) ? findWaitingSince(trx, known) : known.waiting_since;
}

/** The column's new value in a statement. */
export function writeWaitingSince(known: ContactRow, next: Date | null): RawBuilder<unknown> {
  // A Date has lost the microseconds: what did not change keeps its own.
  return next === known.waiting_since
    ? sql`waiting_since`
    : sql`${next?.toISOString() ?? null}::text::timestamptz`;
}

function needsNoAnswer({ conversation_status, blocked_at }: Answerable): boolean {
  return blocked_at !== null || conversation_status === "Done";
}
