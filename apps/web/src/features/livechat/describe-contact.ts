import { type Contact, foldText, readPhoneDigits } from "@livechat/shared";
import { listNumbers } from "./contact-numbers.ts";

/** The last text in one line for the list. */
export function previewText(contact: Contact): string {
  if (contact.lastMessageAt === null) return "No messages yet";
  return contact.lastMessage?.replace(/\s+/g, " ").trim() || "Attachment";
}

/** Whether a contact is among those that a search names, before the server has answered. */
export function matchesSearch(contact: Contact, query: string): boolean {
  const { name, email, company } = contact;
  const numbers = listNumbers(contact).map((each) => each.phoneNumber);
  const known = foldText(`${name ?? ""} ${numbers.join(" ")} ${email ?? ""} ${company ?? ""}`);
  const digits = readPhoneDigits(query.trim())?.replace(/^0+(?=\d{3})/, "");
  if (digits && numbers.some((number) => number.includes(digits))) return true;
  return foldText(query.trim())
    .split(/\s+/)
    .every((word) => known.includes(word));
}

/** Why none of a contact's numbers can be texted now, with what to do; null when one can. */
export function explainUntextable(contact: Contact): string | null {
  if (contact.blockedAt) {
    return "This contact is blocked: what they write is kept, but calls nobody. Unblock it to write to it.";
  }
  const reasons = listNumbers(contact).map(explainUntextableNumber);
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

/** Why this number can't be texted now, with what to do; null when it can. */
export function explainUntextableNumber({
  phoneNumber,
  addressType,
  optedOutAt,
}: Pick<Contact, "phoneNumber" | "addressType" | "optedOutAt">): string | null {
  if (optedOutAt) {
    return "This person has opted out, so no text may be sent. They can text START to hear from you again.";
  }
  if (addressType === "alphanumeric") {
    return `${phoneNumber} is a sender name, not a phone number. It can't receive texts.`;
  }
  return null;
}
