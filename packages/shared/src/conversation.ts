import * as z from "zod";

const isoTime = z.iso.datetime({ offset: true });

/** Longest note. */
export const maxNoteLength = 5000;

/** Most tags that one contact wears. */
export const maxTagsPerContact = 20;

/** Colours by the names of the theme's palettes. */
export const tagColour = z.enum([
  "gray",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "purple",
  "pink",
]);
export type TagColour = z.infer<typeof tagColour>;

/** A word that the workspace's people sort conversations by. */
export const tag = z.object({ id: z.uuid(), name: z.string(), colour: tagColour });
export type Tag = z.infer<typeof tag>;

/** What agents write to each other in a conversation. No customer ever gets it. */
export const note = z.object({
  id: z.uuid(),
  contactId: z.uuid(),
  /** Null once the author's account is gone. */
  authorId: z.uuid().nullable(),
  body: z.string(),
  /** The members whom it calls. */
  mentionedIds: z.array(z.uuid()),
  createdAt: isoTime,
  editedAt: isoTime.nullable(),
});
export type Note = z.infer<typeof note>;

/** One change of a conversation's state: who did what, and when. */
export const activity = z.object({
  id: z.uuid(),
  contactId: z.uuid(),
  kind: z.enum([
    "status",
    "snoozed",
    "woke",
    "assigned",
    "unassigned",
    "blocked",
    "unblocked",
    "opted_out",
    "opted_in",
    "tagged",
    "untagged",
    "merged",
    "unmerged",
  ]),
  /** Null for the customer's own doing and for what came by itself. */
  actorId: z.uuid().nullable(),
  /** As they were called then. */
  actorName: z.string().nullable(),
  detail: z
    .object({
      from: z.string(),
      to: z.string(),
      until: isoTime,
      memberId: z.uuid(),
      memberName: z.string(),
      tagId: z.uuid(),
      tagName: z.string(),
      /** The contact that was merged in, or went its own way again. */
      contactId: z.uuid(),
      contactName: z.string(),
      /** Its number; of another line, the number that it happened to. */
      phoneNumber: z.string(),
    })
    .partial(),
  createdAt: isoTime,
});
export type Activity = z.infer<typeof activity>;

/** A note that calls the reader, and whether they have seen it. */
export const mention = z.object({ note, isRead: z.boolean() });
export type Mention = z.infer<typeof mention>;
