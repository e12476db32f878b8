import type { Contact } from "@livechat/shared";

/** The contact that a merged one is part of by now, as far as contacts are loaded; else the id itself. */
export function findSpeakerId(contacts: ReadonlyMap<string, Contact>, contactId: string): string {
  if (contacts.has(contactId)) return contactId;
  for (const { id, otherNumbers } of contacts.values()) {
    if (otherNumbers.some((number) => number.contactId === contactId)) return id;
  }
  return contactId;
}
