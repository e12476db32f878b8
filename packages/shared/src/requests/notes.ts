import * as z from "zod";
import { maxNoteLength, mention } from "../conversation.ts";
import { contact } from "../resources.ts";
import { cursor, pageSize, snapshot } from "./fields.ts";

const noteBody = z.string().trim().min(1).max(maxNoteLength);
const mentionedIds = z.array(z.uuid()).max(50).default([]);
export const addNoteRequest = z.object({
  /** Made by the caller: a second request with the same id adds nothing. */
  id: z.uuid(),
  body: noteBody,
  mentionedIds,
});
export const updateNoteRequest = z.object({ body: noteBody, mentionedIds });
export const listMentionsQuery = z.object({ cursor, limit: pageSize(50) });
export const mentionList = z.object({
  ...snapshot,
  /** The latest first. */
  items: z.array(mention),
  /** The contacts of these notes. */
  contacts: z.array(contact),
  nextCursor: z.string().nullable(),
});
export type MentionList = z.infer<typeof mentionList>;
