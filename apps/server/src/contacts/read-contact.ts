import type { Contact } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database, Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { getContact } from "./get-contact.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/**
 * Marks what came up to a message (everything, without one) as read. Texts that
 * came later stay unread, and nothing that was read becomes unread again. Throws
 * `contact_not_found`, or `message_not_found` for a message of another contact.
 */
export async function readContact(
  database: Database,
  userId: string,
  workspaceId: string,
  contactId: string,
  upToMessageId: string | undefined,
): Promise<Contact> {
  return database.asMember(userId, async (trx) => {
    // The lock comes first: a text that is just arriving is then either counted
    // below or adds its own one afterwards.
    const known = await getContact(trx, workspaceId, contactId, { lock: true });
    const later = upToMessageId ? await countLater(trx, known, upToMessageId) : 0;
    if (later >= known.unread_count) return presentContact(known);
    const { rows } = await sql<ContactRow>`
      update public.contacts set unread_count = ${later}
      where workspace_id = ${workspaceId} and id = ${contactId}
      returning *
    `.execute(trx);
    const contact = presentContact(rows[0] ?? known);
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}

async function countLater(
  trx: Transaction<Tables>,
  contact: ContactRow,
  messageId: string,
): Promise<number> {
  const { rows } = await sql<{ later: number }>`
    select (
      select count(*)::int from public.messages m
      where m.workspace_id = seen.workspace_id and m.contact_id = seen.contact_id
        and m.direction = 'inbound' and (m.created_at, m.id) > (seen.created_at, seen.id)
    ) as later
    from public.messages seen
    where seen.workspace_id = ${contact.workspace_id} and seen.contact_id = ${contact.id}
      and seen.id = ${messageId}
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("message_not_found", "There is no such message here.");
  return row.later;
}
