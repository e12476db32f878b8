import * as z from "zod";
import { conversationFilterQuery } from "./contact-views.ts";
import { contact, messageMedia } from "./resources.ts";

const cursor = z.string().max(2000).optional();
const limit = z.coerce.number().int().min(1).max(50).default(20);

/** Which conversations are looked at; the parts of the inbox make no difference. */
export const searchContactsQuery = z.object({
  /** Parts of a name, an e-mail, a company, a note or a number, in any order. */
  q: z.string().trim().min(1).max(200),
  ...conversationFilterQuery,
  cursor,
  limit,
});
const moment = z.iso.datetime({ offset: true }).optional();
const isSpan = ({ from, before }: { from?: string | undefined; before?: string | undefined }) =>
  !from || !before || Date.parse(from) < Date.parse(before);
const notASpan = { error: "ends before it begins", path: ["before"] };
const writtenQuery = searchContactsQuery.extend({
  /** From this moment on. */
  from: moment,
  /** Up to this moment. */
  before: moment,
});
export const searchNotesQuery = writtenQuery.refine(isSpan, notASpan);
export const searchMessagesQuery = writtenQuery
  .extend({
    /** Looks in one conversation only. */
    contactId: z.uuid().optional(),
  })
  .refine(isSpan, notASpan);

export const contactSearchPage = z.object({
  items: z.array(contact),
  nextCursor: z.string().nullable(),
  /** True when nothing fits the words, and these are the nearest to them. */
  isNear: z.boolean(),
});
export type ContactSearchPage = z.infer<typeof contactSearchPage>;

export const listMediaQuery = z.object({ cursor, limit });
export const conversationMediaPage = z.object({
  /** The latest first. */
  items: z.array(
    z.object({
      media: messageMedia,
      messageId: z.uuid(),
      direction: z.enum(["inbound", "outbound"]),
      createdAt: z.iso.datetime({ offset: true }),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type ConversationMediaPage = z.infer<typeof conversationMediaPage>;

/** Where a found word is in the snippet, in UTF-16 units. */
const matchRange = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

export const foundMessage = z.object({
  messageId: z.uuid(),
  contact,
  direction: z.enum(["inbound", "outbound"]),
  createdAt: z.iso.datetime({ offset: true }),
  /** The agent who wrote it; null for inbound texts. */
  createdBy: z.uuid().nullable(),
  hasMedia: z.boolean(),
  snippet: z.object({ text: z.string(), ranges: z.array(matchRange) }),
});
export type FoundMessage = z.infer<typeof foundMessage>;

export const noteSearchPage = z.object({
  /** The latest first. */
  items: z.array(
    z.object({
      noteId: z.uuid(),
      contact,
      authorId: z.uuid().nullable(),
      createdAt: z.iso.datetime({ offset: true }),
      snippet: z.object({ text: z.string(), ranges: z.array(matchRange) }),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type NoteSearchPage = z.infer<typeof noteSearchPage>;

export const messageSearchPage = z.object({
  /** The latest first. */
  items: z.array(foundMessage),
  nextCursor: z.string().nullable(),
  /** The words that were looked for instead, because nothing has the given ones. */
  mendedTo: z.string().nullable(),
});
export type MessageSearchPage = z.infer<typeof messageSearchPage>;
