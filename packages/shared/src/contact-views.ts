import * as z from "zod";
import { type Contact, conversationStatus, senderAddress } from "./resources.ts";

/** The parts of the inbox that people look at. */
export const contactView = z.enum([
  "mine",
  "unassigned",
  "open",
  "unread",
  "snoozed",
  "done",
  "blocked",
]);
export type ContactView = z.infer<typeof contactView>;

/** The order within a view: the latest first, or who has waited longest for an answer. */
export const contactSort = z.enum(["recent", "waiting"]);
export type ContactSort = z.infer<typeof contactSort>;

/** What narrows a list or a search to some conversations; what is absent lets all through. */
export const conversationFilter = z.object({
  /** Only those that wear this tag. */
  tagId: z.uuid().optional(),
  /** Only those of this member. */
  assignedTo: z.uuid().optional(),
  /** Only those on this number of ours: what the customer wrote to last, else what it was begun from. */
  line: senderAddress.optional(),
  status: conversationStatus.optional(),
  /** Only those with a text that nobody has read. */
  isUnread: z.literal(true).optional(),
});
export type ConversationFilter = z.infer<typeof conversationFilter>;

/** The same as it stands in an address, where everything is text. */
export const conversationFilterQuery = {
  ...conversationFilter.shape,
  isUnread: z
    .literal("true")
    .transform(() => true as const)
    .optional(),
};

/** Which conversations a list shows, and in which order. */
export const contactFilter = conversationFilter.extend({ view: contactView, sort: contactSort });
export type ContactFilter = z.infer<typeof contactFilter>;

/**
 * How many conversations each view holds. `mine:<userId>` counts one member's,
 * `mentions:<userId>` the notes that call them and that they have not seen. A key
 * that is missing counts none. `saved:<id>` is a saved view's, and where that is
 * of "Mine", `saved:<id>:<userId>` each member's.
 */
export const viewCounts = z.record(z.string(), z.int());
export type ViewCounts = z.infer<typeof viewCounts>;

/** The key of a view's count for this person. */
export function countKey(view: ContactView | "mentions", userId: string): string {
  return view === "mine" || view === "mentions" ? `${view}:${userId}` : view;
}

type Filtered = Pick<
  Contact,
  "tagIds" | "assignedTo" | "ourNumber" | "preferredSender" | "conversationStatus" | "unreadCount"
>;

/** Whether a filter lets a conversation through. The database says the same (`private.fits_filter`). */
export function fitsFilter(
  contact: Filtered,
  { tagId, assignedTo, line, status, isUnread }: ConversationFilter,
): boolean {
  return (
    (!tagId || contact.tagIds.includes(tagId)) &&
    (!assignedTo || contact.assignedTo === assignedTo) &&
    (!line || (contact.ourNumber ?? contact.preferredSender) === line) &&
    (!status || contact.conversationStatus === status) &&
    (!isUnread || contact.unreadCount > 0)
  );
}

type Place = Pick<
  Contact,
  | "lastMessageAt"
  | "blockedAt"
  | "snoozedUntil"
  | "conversationStatus"
  | "unreadCount"
  | "assignedTo"
>;

/**
 * Whether a conversation is in this person's view. The database counts by the
 * same rules (`private.list_contact_views`).
 */
export function isInView(contact: Place, view: ContactView, userId: string): boolean {
  if (contact.lastMessageAt === null) return false;
  if (contact.blockedAt !== null) return view === "blocked";
  const isOpen = contact.snoozedUntil === null && contact.conversationStatus !== "Done";
  switch (view) {
    case "blocked":
      return false;
    case "unread":
      return contact.unreadCount > 0;
    case "snoozed":
      return contact.snoozedUntil !== null;
    case "done":
      return contact.snoozedUntil === null && contact.conversationStatus === "Done";
    case "open":
      return isOpen;
    case "unassigned":
      return isOpen && contact.assignedTo === null;
    case "mine":
      return isOpen && contact.assignedTo === userId;
    default:
      return view satisfies never;
  }
}
