import { sql, type Transaction } from "kysely";
import type { ContactRow } from "../contacts/present-contact.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";

/** One number of a contact: its own, or that of a contact that was merged into it. */
export interface TargetNumber {
  cardId: string | null;
  phoneNumber: string;
  addressType: ContactRow["address_type"];
  isOptedOut: boolean;
}

/**
 * Which of the contact's numbers a text goes to: what was asked for, else the one
 * that they wrote from last. Throws `conflict` for a number that is not theirs.
 */
export async function chooseNumber(
  trx: Transaction<Tables>,
  contact: ContactRow,
  asked: { contactId: string; to: string | null },
): Promise<TargetNumber> {
  if (contact.other_numbers.length === 0 && asked.to === null) return numberOf(contact, null);
  const all = [null, ...contact.other_numbers.map(({ contactId }) => contactId)].map((cardId) =>
    numberOf(contact, cardId),
  );
  if (asked.to !== null) {
    const number = all.find(({ phoneNumber }) => phoneNumber === asked.to);
    if (number) return number;
    throw new DomainError(
      "conflict",
      `${asked.to} is not a number of this contact. Look which numbers they have, and choose one.`,
    );
  }
  // Asked for under the id of a contact that was merged since.
  const former = all.find(({ cardId }) => cardId === asked.contactId);
  if (former) return former;
  const { rows } = await sql<{ card_id: string | null }>`
    select card_id from public.messages
    where workspace_id = ${contact.workspace_id} and contact_id = ${contact.id}
      and direction = 'inbound'
    order by created_at desc, id desc limit 1
  `.execute(trx);
  return numberOf(contact, rows[0]?.card_id ?? null);
}

/** The number of a card of the contact; its own for null, and for a card that is none of it. */
export function numberOf(contact: ContactRow, cardId: string | null): TargetNumber {
  const card = contact.other_numbers.find(({ contactId }) => contactId === cardId);
  return card
    ? {
        cardId: card.contactId,
        phoneNumber: card.phoneNumber,
        addressType: card.addressType,
        isOptedOut: card.optedOutAt !== null,
      }
    : {
        cardId: null,
        phoneNumber: contact.phone_number,
        addressType: contact.address_type,
        isOptedOut: contact.opted_out_at !== null,
      };
}

/** Throws `contact_not_textable`, `contact_blocked` and `contact_opted_out`. */
export function checkIsTextable(contact: ContactRow, number: TargetNumber): void {
  if (number.addressType !== "e164") {
    throw new DomainError(
      "contact_not_textable",
      number.addressType === "alphanumeric"
        ? "This sender is a name, not a number, so it can't be answered."
        : "This is a short code, and carriers take no texts from our numbers to one.",
    );
  }
  if (contact.blocked_at !== null) {
    throw new DomainError("contact_blocked", "This contact is blocked. Unblock it to write to it.");
  }
  if (number.isOptedOut) {
    throw new DomainError(
      "contact_opted_out",
      contact.other_numbers.length === 0
        ? "This customer has opted out. Only they can opt in again, by texting START."
        : `This customer has opted out with ${number.phoneNumber}. Only they can opt in again, by texting START from it.`,
    );
  }
}
