import * as z from "zod";
import { maxTagsPerContact } from "../conversation.ts";
import { contact, conversationStatus } from "../resources.ts";

/** What a conversation is to become. What is absent stays as it is. */
export const conversationChange = z
  .object({
    conversationStatus,
    /** Null ends a snooze. */
    snoozedUntil: z.iso.datetime({ offset: true }).nullable(),
    /** A member of the workspace; null for nobody. */
    assignedTo: z.uuid().nullable(),
    isBlocked: z.boolean(),
    isUnread: z.boolean(),
    addTagIds: z.array(z.uuid()).max(maxTagsPerContact),
    removeTagIds: z.array(z.uuid()).max(100),
  })
  .partial();
export type ConversationChange = z.infer<typeof conversationChange>;

/** What the caller saw: where it is otherwise by now, someone else was faster and nothing is changed. */
export const conversationExpectation = z
  .object({
    conversationStatus,
    snoozedUntil: z.iso.datetime({ offset: true }).nullable(),
    assignedTo: z.uuid().nullable(),
    isBlocked: z.boolean(),
  })
  .partial();
export type ConversationExpectation = z.infer<typeof conversationExpectation>;

export const changeConversationsRequest = z.object({
  changes: z
    .array(
      z.object({
        contactId: z.uuid(),
        set: conversationChange,
        expected: conversationExpectation.optional(),
      }),
    )
    .min(1)
    .max(100),
});
export type ChangeConversationsRequest = z.infer<typeof changeConversationsRequest>;
export const changedConversations = z.object({
  items: z.array(contact),
  /** Those that were left alone, as they are: somebody else had changed them. */
  conflicts: z.array(contact),
});
export type ChangedConversations = z.infer<typeof changedConversations>;
