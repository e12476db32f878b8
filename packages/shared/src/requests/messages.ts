import * as z from "zod";
import { activity, note } from "../conversation.ts";
import { message } from "../resources.ts";
import { cursor, pageSize, snapshot } from "./fields.ts";

/** Longest text that Twilio takes, in UTF-16 code units. Source: Twilio error 21617. */
export const maxTextLength = 1600;

/** Most files that one text carries. Source: Twilio, "MediaUrl". */
export const maxMediaPerText = 10;

export const listMessagesQuery = z
  .object({
    /** Goes on to earlier texts, from a page's `olderCursor`. */
    cursor,
    /** Goes on to later texts, from a page's `newerCursor`. */
    after: cursor,
    /** The text or the note in whose midst the page lies. */
    around: z.uuid().optional(),
    limit: pageSize(50),
  })
  .refine(
    (query) => [query.cursor, query.after, query.around].filter(Boolean).length <= 1,
    "Go on to earlier texts, to later ones, or look around one: not several at once.",
  );
export type ListMessagesQuery = z.output<typeof listMessagesQuery>;
export const messageList = z.object({
  ...snapshot,
  /** Oldest first, as a thread reads; the page ends where the cursor (or the present) is. */
  items: z.array(message),
  /** What agents noted and did in the time of this page, each oldest first. */
  notes: z.array(note),
  activities: z.array(activity),
  /** Leads to the page before this one; null at the very first text. */
  olderCursor: z.string().nullable(),
  /** Leads to the page after this one; null where the page reaches the present. */
  newerCursor: z.string().nullable(),
});
export type MessageList = z.infer<typeof messageList>;

/** One report of the carrier on a text. */
const statusReport = z.object({
  /** The carrier's own word. */
  status: z.string(),
  errorCode: z.int().nullable(),
  at: z.iso.datetime({ offset: true }),
  /** Whether we asked for it, instead of being told. */
  isAskedFor: z.boolean(),
});
/** One round of a text: what a person asked for, and how it ended or stands. */
export const messageAttempt = z.object({
  round: z.int().positive(),
  twilioSid: z.string().nullable(),
  fromNumber: z.string().nullable(),
  status: message.shape.status,
  errorCode: z.int().nullable(),
  errorMessage: z.string().nullable(),
  /** When a person asked for it. */
  since: z.iso.datetime({ offset: true }),
  /** When it was last handed to the carrier; null when it never was. */
  handedOverAt: z.iso.datetime({ offset: true }).nullable(),
  numSegments: z.int().nonnegative().nullable(),
  price: z.string().nullable(),
  priceUnit: z.string().nullable(),
  /** What the carrier reported of it, in the order in which that came. */
  reports: z.array(statusReport),
});
/** The first round first; the last one is what the text shows. */
export const messageAttemptList = z.object({ items: z.array(messageAttempt) });
export type MessageAttemptList = z.infer<typeof messageAttemptList>;
