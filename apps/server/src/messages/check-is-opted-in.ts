import type { Transaction } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { numberOf } from "./choose-number.ts";
import type { MessageRow } from "./present-message.ts";

/** Throws `contact_opted_out` when the number that a text went to has opted out since. */
export async function checkIsOptedIn(
  trx: Transaction<Tables>,
  message: Pick<MessageRow, "workspace_id" | "contact_id" | "card_id">,
): Promise<void> {
  const contact = await getContact(trx, message.workspace_id, message.contact_id);
  if (!numberOf(contact, message.card_id).isOptedOut) return;
  throw new DomainError(
    "contact_opted_out",
    "This customer has opted out since. Only they can opt in again, by texting START.",
  );
}
