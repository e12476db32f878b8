import * as z from "zod";
import type { Contact } from "./resources.ts";

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

/**
 * How many conversations each view holds. `mine:<userId>` counts one member's,
 * `mentions:<userId>` the notes that call them and that they have not seen. A key
 * that is missing counts none.
 */
export const viewCounts = z.record(z.string(), z.int());
export type ViewCounts = z.infer<typeof viewCounts>;

/** The key of a view's count for this person. */
export function countKey(view: ContactView | "mentions", userId: string): string {
  return view === "mine" || view === "mentions" ? `${view}:${userId}` : view;
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
