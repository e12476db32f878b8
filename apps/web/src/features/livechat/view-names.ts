import type { ContactView } from "@livechat/shared";

/** What each part of the inbox is called. */
export const viewNames: Record<ContactView | "mentions", string> = {
  open: "All",
  mine: "Mine",
  unassigned: "Unassigned",
  unread: "Unread",
  snoozed: "Snoozed",
  done: "Done",
  blocked: "Blocked",
  mentions: "Mentions",
};
