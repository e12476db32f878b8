import * as z from "zod";
import { cannedReply } from "./canned-replies.ts";
import { viewCounts } from "./contact-views.ts";
import { activity, note, tag } from "./conversation.ts";
import { contact, contactField, member, message, sendingState } from "./resources.ts";

/**
 * What the database adds to an event that changes contacts: the counts that
 * changed, as they are since, and the lines that the change left in conversations.
 */
const alongside = {
  counts: viewCounts.optional(),
  activities: z.array(activity).optional(),
};

import { lineHealth } from "./phone-line.ts";

/**
 * Every fact that the event log holds, by the name it has on the socket. An
 * event carries whole rows, so applying one twice does no harm.
 */
export const logEvents = {
  new_message: z.object({ message, contact, ...alongside }),
  /** The first event of a text that opts its contact out carries that line too. */
  message_updated: z.object({ message, ...alongside }),
  /** A text that never left was removed; `contact` shows what is then last. */
  message_deleted: z.object({ messageId: z.uuid(), contact, ...alongside }),
  contact_updated: z.object({ contact, ...alongside }),
  /** The contact is gone, with the texts, files and notes of the conversation. */
  contact_removed: z.object({ contactId: z.uuid(), ...alongside }),
  /** `absorbedId` is one with `contact` now: its texts, notes and lines are there. */
  contacts_merged: z.object({ contact, absorbedId: z.uuid(), ...alongside }),
  /** `restoredId` has what is its own back; its contact comes in the event that follows. */
  contact_unmerged: z.object({ contact, restoredId: z.uuid(), ...alongside }),
  note_added: z.object({ note, ...alongside }),
  note_updated: z.object({ note, ...alongside }),
  note_removed: z.object({ noteId: z.uuid(), contactId: z.uuid(), ...alongside }),
  /** This person has seen the notes of one conversation that call them. */
  mentions_read: z.object({ userId: z.uuid(), contactId: z.uuid(), ...alongside }),
  tag_saved: z.object({ tag }),
  /** No contact wears it any more. */
  tag_removed: z.object({ tagId: z.uuid(), ...alongside }),
  contact_field_updated: z.object({ field: contactField }),
  /** How many signed posts of Twilio wait for an admin now. */
  quarantine_changed: z.object({ openCount: z.int().nonnegative() }),
  member_added: z.object({ member }),
  /** Their conversations are nobody's from then on. */
  member_removed: z.object({ userId: z.uuid(), ...alongside }),
  sending_updated: z.object({ sending: sendingState }),
  canned_reply_saved: z.object({ cannedReply }),
  canned_reply_removed: z.object({ cannedReplyId: z.uuid() }),
  line_updated: z.object({ line: lineHealth }),
  /** Saved views were saved, changed or removed: this person's own, or with null everyone's. */
  saved_views_changed: z.object({ ownerId: z.uuid().nullable(), ...alongside }),
} as const;

export type LogEventType = keyof typeof logEvents;
export type LogEventPayload<T extends LogEventType> = z.infer<(typeof logEvents)[T]>;

/** One entry of a workspace's log. `seq` has no gaps: 1, 2, 3, … in commit order. */
export type LogEvent = {
  [T in LogEventType]: { seq: number; type: T; payload: LogEventPayload<T> };
}[LogEventType];

const entry = <T extends LogEventType>(type: T) =>
  z.object({ seq: z.int().positive(), type: z.literal(type), payload: logEvents[type] });

export const logEvent = z.discriminatedUnion("type", [
  entry("new_message"),
  entry("message_updated"),
  entry("message_deleted"),
  entry("contact_updated"),
  entry("contact_removed"),
  entry("contacts_merged"),
  entry("contact_unmerged"),
  entry("note_added"),
  entry("note_updated"),
  entry("note_removed"),
  entry("mentions_read"),
  entry("tag_saved"),
  entry("tag_removed"),
  entry("contact_field_updated"),
  entry("quarantine_changed"),
  entry("member_added"),
  entry("member_removed"),
  entry("sending_updated"),
  entry("canned_reply_saved"),
  entry("canned_reply_removed"),
  entry("line_updated"),
  entry("saved_views_changed"),
]);

/** A page of the log after a place in it. `epoch` changes when the log itself was replaced. */
export const eventPage = z.object({
  epoch: z.uuid(),
  events: z.array(logEvent),
  head: z.int().nonnegative(),
});
export type EventPage = z.infer<typeof eventPage>;
