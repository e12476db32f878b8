import * as z from "zod";
import { contact, contactField, member, message, sendingState } from "./resources.ts";

/**
 * Every fact that the event log holds, by the name it has on the socket. An
 * event carries whole rows, so applying one twice does no harm.
 */
export const logEvents = {
  new_message: z.object({ message, contact }),
  message_updated: z.object({ message }),
  /** A text that never left was removed; `contact` shows what is then last. */
  message_deleted: z.object({ messageId: z.uuid(), contact }),
  contact_updated: z.object({ contact }),
  contact_field_updated: z.object({ field: contactField }),
  /** How many signed posts of Twilio wait for an admin now. */
  quarantine_changed: z.object({ openCount: z.int().nonnegative() }),
  member_added: z.object({ member }),
  member_removed: z.object({ userId: z.uuid() }),
  sending_updated: z.object({ sending: sendingState }),
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
  entry("contact_field_updated"),
  entry("quarantine_changed"),
  entry("member_added"),
  entry("member_removed"),
  entry("sending_updated"),
]);

/** A page of the log after a place in it. `epoch` changes when the log itself was replaced. */
export const eventPage = z.object({
  epoch: z.uuid(),
  events: z.array(logEvent),
  head: z.int().nonnegative(),
});
export type EventPage = z.infer<typeof eventPage>;
