import * as z from "zod";
import { contactSort, contactView, conversationFilterQuery, viewCounts } from "../contact-views.ts";
import { language, timeZone } from "../locale.ts";
import { contact, conversationStatus, senderAddress } from "../resources.ts";
import { cursor, email, name, pageSize, snapshot } from "./fields.ts";

const contactProfile = {
  company: z.string().trim().min(1).max(200).nullable(),
  timeZone: timeZone.nullable(),
  language: language.nullable(),
  about: z.string().trim().min(1).max(5000).nullable(),
};

export const listContactsQuery = z.object({
  /** Part of a name, an address or an e-mail; digits match phone numbers however they are written. */
  q: z.string().trim().max(200).optional(),
  /** Only one part of the inbox; without it every contact, also one that was never texted. */
  view: contactView.optional(),
  ...conversationFilterQuery,
  sort: contactSort.default("recent"),
  cursor,
  limit: pageSize(50),
});
export const contactList = z.object({
  ...snapshot,
  /** Of every view, whichever was asked for. */
  counts: viewCounts,
  /** The latest conversation first. */
  items: z.array(contact),
  nextCursor: z.string().nullable(),
});
export type ContactList = z.infer<typeof contactList>;
export const createContactRequest = z.object({
  /** As a person types it; kept as E.164. */
  phoneNumber: z.string().trim().min(3).max(64),
  name: name.nullish(),
  email: email.nullish(),
  ...z.object(contactProfile).partial().shape,
  /** What the conversation is begun from. */
  preferredSender: senderAddress.nullish(),
});
export const updateContactRequest = z
  .object({
    name: name.nullable(),
    email: email.nullable(),
    conversationStatus,
    ...contactProfile,
    /** Only the fields that change; null empties one. */
    customFields: z
      .record(z.uuid(), z.union([z.string().trim().max(1000), z.number(), z.null()]))
      .refine((values) => Object.keys(values).length <= 50, "has at most 50 fields"),
  })
  .partial();
export type UpdateContactRequest = z.infer<typeof updateContactRequest>;

export const readContactRequest = z.object({
  /** The newest message that was on the screen; later ones stay unread. Absent: everything. */
  upToMessageId: z.uuid().optional(),
});
