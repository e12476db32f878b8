import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { OutboundRow } from "./messages-store.ts";

/**
 * Calls off the scheduled texts that an answer makes needless, in the answer's
 * own transaction, and returns them: the caller tells the browsers. An answer from
 * before a text was scheduled does not count. The contact's row must be held.
 */
export async function cancelOnReply(
  trx: Transaction<Tables>,
  reply: { workspaceId: string; receivedAt?: Date },
  contactId: string,
): Promise<OutboundRow[]> {
  const { rows } = await sql<OutboundRow>`
    update public.messages
    set status = 'canceled', error_message = 'Called off, because the customer answered first.'
    where workspace_id = ${reply.workspaceId} and contact_id = ${contactId}
      and status = 'scheduled' and cancel_on_reply
      and round_since < coalesce(
        ${reply.receivedAt?.toISOString() ?? null}::text::timestamptz, clock_timestamp()
      )
    returning *
  `.execute(trx);
  return rows;
}
