import { type Contact, type createContactRequest, parsePhoneNumber } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { cleanName } from "./clean-name.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/**
 * Adds a person to text with. Throws `invalid_request` for what is no phone
 * number, `phone_number_taken` when the workspace has the number already.
 */
export async function createContact(
  database: Database,
  userId: string,
  workspaceId: string,
  request: z.output<typeof createContactRequest>,
): Promise<Contact> {
  const phoneNumber = parsePhoneNumber(request.phoneNumber);
  if (phoneNumber === null) {
    throw new DomainError(
      "invalid_request",
      "This is not a phone number: write it with its country code, such as +1 202 555 0143.",
      { errors: [{ path: "body.phoneNumber", message: "is not a phone number" }] },
    );
  }
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<ContactRow>`
      insert into public.contacts (
        workspace_id, phone_number, address_type, name, email, company, time_zone, language, about,
        preferred_sender
      )
      values (
        ${workspaceId}, ${phoneNumber}, 'e164',
        ${cleanName(request.name ?? null)}, ${request.email ?? null},
        ${cleanName(request.company ?? null)}, ${request.timeZone ?? null},
        ${request.language ?? null}, ${cleanName(request.about ?? null)},
        ${request.preferredSender ?? null}
      )
      on conflict (workspace_id, phone_number) do nothing
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) {
      throw new DomainError(
        "phone_number_taken",
        `A contact with ${phoneNumber} is here already: search for the number to open it.`,
      );
    }
    const contact = presentContact(row);
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}
