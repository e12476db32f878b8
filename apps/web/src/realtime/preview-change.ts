import type { Contact, ConversationChange } from "@livechat/shared";

/** The contact as it will be after a change, for the moment until the server's own row is here. */
export function previewChange(contact: Contact, set: ConversationChange): Contact {
  const next = { ...contact };
  if (set.conversationStatus && set.conversationStatus !== contact.conversationStatus) {
    next.conversationStatus = set.conversationStatus;
    next.snoozedUntil = null;
  }
  if (set.snoozedUntil !== undefined) {
    next.snoozedUntil = set.snoozedUntil;
    if (set.snoozedUntil && next.conversationStatus === "Done") next.conversationStatus = "Open";
  }
  if (set.assignedTo !== undefined) next.assignedTo = set.assignedTo;
  if (set.isUnread !== undefined) {
    next.unreadCount = set.isUnread ? Math.max(1, contact.unreadCount) : 0;
  }
  if (set.isBlocked !== undefined) {
    next.blockedAt = set.isBlocked ? (contact.blockedAt ?? new Date().toISOString()) : null;
    if (set.isBlocked) Object.assign(next, { snoozedUntil: null, unreadCount: 0 });
  }
  const removed = new Set(set.removeTagIds);
  next.tagIds = [...new Set([...contact.tagIds, ...(set.addTagIds ?? [])])].filter(
    (id) => !removed.has(id),
  );
  return next;
}

/** What puts the same fields back as they are on this contact. */
export function invertChange(contact: Contact, set: ConversationChange): ConversationChange {
  const inverse: ConversationChange = {};
  if (set.conversationStatus !== undefined || set.snoozedUntil !== undefined) {
    inverse.conversationStatus = contact.conversationStatus;
    if (contact.snoozedUntil && Date.parse(contact.snoozedUntil) > Date.now()) {
      inverse.snoozedUntil = contact.snoozedUntil;
    } else inverse.snoozedUntil = null;
  }
  if (set.assignedTo !== undefined) inverse.assignedTo = contact.assignedTo;
  if (set.isBlocked !== undefined) {
    inverse.isBlocked = contact.blockedAt !== null;
    if (contact.snoozedUntil && Date.parse(contact.snoozedUntil) > Date.now()) {
      inverse.snoozedUntil = contact.snoozedUntil;
    }
  }
  if (set.isUnread !== undefined || set.isBlocked !== undefined) {
    inverse.isUnread = contact.unreadCount > 0;
  }
  const added = set.addTagIds?.filter((id) => !contact.tagIds.includes(id));
  if (added?.length) inverse.removeTagIds = added;
  const removed = set.removeTagIds?.filter((id) => contact.tagIds.includes(id));
  if (removed?.length) inverse.addTagIds = removed;
  return inverse;
}
