import type { Contact, UpdateContactRequest } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { cleanName } from "./clean-name.ts";
import { getContact } from "./get-contact.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/** Changes what is given and leaves the rest; tells everyone if anything changed. Throws `contact_not_found`. */
export async function updateContact(
  database: Database,
  userId: string,
  workspaceId: string,
  contactId: string,
  changes: UpdateContactRequest,
): Promise<Contact> {
  return database.asMember(userId, async (trx) => {
    const known = await getContact(trx, workspaceId, contactId, { lock: true });
    const name = changes.name === undefined ? known.name : cleanName(changes.name);
    const email = changes.email === undefined ? known.email : changes.email;
    const status = changes.conversationStatus ?? known.conversation_status;
    const { rows } = await sql<ContactRow>`
      update public.contacts
      set name = ${name}, email = ${email}, conversation_status = ${status}
      where workspace_id = ${workspaceId} and id = ${contactId}
        and (name, email, conversation_status)
          is distinct from (${name}::text, ${email}::text, ${status}::text)
      returning *
    `.execute(trx);
    const [changed] = rows;
    if (!changed) return presentContact(known);
    const contact = presentContact(changed);
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}
