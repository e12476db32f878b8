import type { Contact, Message } from "@livechat/shared";

type Number = Pick<Contact, "phoneNumber" | "addressType" | "optedOutAt">;

/** All numbers of a person, the contact's own first. */
export function listNumbers(contact: Contact): readonly Number[] {
  return [contact, ...contact.otherNumbers];
}

/** The number that they wrote from last, as far as the thread is loaded; else the contact's own. */
export function findUsualNumber(contact: Contact, messages: readonly Message[]): string {
  if (contact.otherNumbers.length === 0) return contact.phoneNumber;
  const last = messages.findLast((row) => row.direction === "inbound")?.fromNumber;
  const known = listNumbers(contact).find(({ phoneNumber }) => phoneNumber === last);
  return known?.phoneNumber ?? contact.phoneNumber;
}
