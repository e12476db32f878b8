import type { Contact, UpdateContactRequest } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { applyCustomFields } from "./apply-custom-fields.ts";
import { cleanName } from "./clean-name.ts";
import { settleWaitingSince, writeWaitingSince } from "./find-waiting-since.ts";
import { getContact } from "./get-contact.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/**
 * Changes what is given and leaves the rest; tells everyone if anything changed.
 * Throws `contact_not_found`, and `invalid_request` for a custom field that the
 * workspace lacks or a value that the field can't hold.
 */
export async function updateContact(
  database: Database,
  userId: string,
  workspaceId: string,
  contactId: string,
  changes: UpdateContactRequest,
): Promise<Contact> {
  return database.asMember(userId, async (trx) => {
    const known = await getContact(trx, workspaceId, contactId, { lock: true });
    const clean = (given: string | null | undefined, current: string | null) =>
      given === undefined ? current : cleanName(given);
    const name = clean(changes.name, known.name);
    const email = changes.email === undefined ? known.email : changes.email;
    const company = clean(changes.company, known.company);
    const zone = changes.timeZone === undefined ? known.time_zone : changes.timeZone;
    const language = changes.language === undefined ? known.language : changes.language;
    const about = clean(changes.about, known.about);
    const status = changes.conversationStatus ?? known.conversation_status;
    const waitingSince = await settleWaitingSince(trx, known, {
      ...known,
      conversation_status: status,
    });
    const fields = changes.customFields
      ? await applyCustomFields(trx, workspaceId, known.custom_fields, changes.customFields)
      : known.custom_fields;
    const { rows } = await sql<ContactRow>`
      update public.contacts
      set name = ${name}, email = ${email}, company = ${company}, time_zone = ${zone},
        language = ${language}, about = ${about},
        custom_fields = ${JSON.stringify(fields)}::text::jsonb, conversation_status = ${status},
        snoozed_until = case when conversation_status = ${status} then snoozed_until end,
        waiting_since = ${writeWaitingSince(known, waitingSince)}
      where workspace_id = ${workspaceId} and id = ${contactId}
        and (name, email, company, time_zone, language, about, custom_fields, conversation_status)
          is distinct from (
            ${name}::text, ${email}::text, ${company}::text, ${zone}::text, ${language}::text,
            ${about}::text, ${JSON.stringify(fields)}::text::jsonb, ${status}::text
          )
      returning *
    `.execute(trx);
    const [changed] = rows;
    if (!changed) return presentContact(known);
    const contact = presentContact(changed);
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}
