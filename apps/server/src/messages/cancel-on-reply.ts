import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { OutboundRow } from "./messages-store.ts";

/**
 * Calls off the scheduled texts that these answers make needless, in the answers'
 * own transaction, and returns them: the caller tells the browsers. An answer from
 * before a text was scheduled does not count. The contacts' rows must be held.
 */
export async function cancelOnReply(
  trx: Transaction<Tables>,
  workspaceId: string,
  replies: readonly { contactId: string; receivedAt: Date | undefined }[],
): Promise<OutboundRow[]> {
  const given = replies.map(({ contactId, receivedAt }) => ({
    contact_id: contactId,
    received_at: receivedAt?.toISOString() ?? null,
  }));
  const { rows } = await sql<OutboundRow>`
    update public.messages m
    set status = 'canceled', error_message = 'Called off, because the customer answered first.'
    from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb)
      as given (contact_id uuid, received_at timestamptz)
    where m.workspace_id = ${workspaceId} and m.contact_id = given.contact_id
      and m.status = 'scheduled' and m.cancel_on_reply
      and m.round_since < coalesce(given.received_at, clock_timestamp())
    returning m.*
  `.execute(trx);
  return rows;
}
