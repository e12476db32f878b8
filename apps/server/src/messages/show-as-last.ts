import { sql, type Transaction } from "kysely";
import type { ContactRow } from "../contacts/present-contact.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import type { MessageRow } from "./present-message.ts";

/**
 * Makes a text of ours the contact's last one, as the list shows it: nobody waits
 * for an answer any more, and where the workspace wants so, whoever wrote it takes
 * on a conversation that is nobody's. Throws `contact_not_found`.
 */
export async function showAsLast(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId, contact_id: contactId, content, created_by: authorId }: MessageRow,
): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    update public.contacts
    set last_message = ${content === "" ? "Attachment" : content}, last_message_at = now(),
      last_message_direction = 'outbound', last_message_by = ${authorId}, waiting_since = null,
      assigned_to = coalesce(assigned_to, (
        select m.user_id from public.workspaces w
        join public.workspace_members m on m.workspace_id = w.id and m.user_id = ${authorId}::uuid
        where w.id = ${workspaceId} and w.auto_claim
      ))
    where workspace_id = ${workspaceId} and id = ${contactId}
    returning *
  `.execute(trx);
  const [contact] = rows;
  if (!contact) throw new DomainError("contact_not_found", "There is no such contact here.");
  return contact;
}
