import { sql, type Transaction } from "kysely";
import type { ContactRow } from "../contacts/present-contact.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import type { MessageRow } from "./present-message.ts";

/** Makes a text of ours the contact's last one, as the list shows it. Throws `contact_not_found`. */
export async function showAsLast(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId, contact_id: contactId, content }: MessageRow,
): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    update public.contacts
    set last_message = ${content === "" ? "Attachment" : content}, last_message_at = now(),
      last_message_direction = 'outbound'
    where workspace_id = ${workspaceId} and id = ${contactId}
    returning *
  `.execute(trx);
  const [contact] = rows;
  if (!contact) throw new DomainError("contact_not_found", "There is no such contact here.");
  return contact;
}
