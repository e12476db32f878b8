import type { Contact } from "@livechat/shared";
import { showAddress } from "./show-address.ts";

/** The contact's name, or its number as people write it. */
export function nameContact(contact: Pick<Contact, "name" | "phoneNumber">): string {
  return contact.name ?? showAddress(contact.phoneNumber);
}
