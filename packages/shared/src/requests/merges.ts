import * as z from "zod";
import { contact } from "../resources.ts";

/** What a merge may take over from the contact that is absorbed. */
export const mergeableField = z.enum(["name", "email", "company", "timeZone", "language", "about"]);
export type MergeableField = z.infer<typeof mergeableField>;

export const mergeContactsRequest = z.object({
  /** The contact that becomes part of this one. */
  absorbedId: z.uuid(),
  /** Where both say something: the fields whose value is the absorbed contact's. */
  take: z.array(mergeableField).max(6).default([]),
  takeCustomFields: z.array(z.uuid()).max(100).default([]),
});
export type MergeContactsRequest = z.input<typeof mergeContactsRequest>;
export const unmergeContactRequest = z.object({
  /** The contact that goes its own way again, as `otherNumbers` names it. */
  absorbedId: z.uuid(),
});
/** The conversation that is left, and the one that is there again. */
export const unmergedContacts = z.object({ contact, restored: contact });
export type UnmergedContacts = z.infer<typeof unmergedContacts>;
export const mergePreviewQuery = z.object({ absorbedId: z.uuid() });
/** What a merge would move: all of it the absorbed contact's. */
export const mergePreview = z.object({
  contact,
  absorbed: contact,
  messageCount: z.int().nonnegative(),
  noteCount: z.int().nonnegative(),
  fileCount: z.int().nonnegative(),
  scheduledCount: z.int().nonnegative(),
  /** Texts that wait to be sent, or whose fate is not known yet. */
  waitingCount: z.int().nonnegative(),
  /** An agent marked one of their numbers as opted out, which then holds for all of them. */
  isMarked: z.boolean(),
});
export type MergePreview = z.infer<typeof mergePreview>;

/** Why two contacts may be one person. */
export const duplicateReason = z.enum(["email", "name_and_company", "name"]);
export type DuplicateReason = z.infer<typeof duplicateReason>;
export const listDuplicatesQuery = z.object({
  /** Only those that may be the same as this contact. */
  contactId: z.uuid().optional(),
});
export const duplicateList = z.object({
  /** The likeliest first. `contact` is the one that was asked for, or the one with the later text. */
  items: z.array(z.object({ contact, other: contact, reason: duplicateReason })),
});
export type DuplicateList = z.infer<typeof duplicateList>;
export const distinguishContactsRequest = z.object({ contactId: z.uuid(), otherId: z.uuid() });
