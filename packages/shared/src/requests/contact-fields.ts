import * as z from "zod";
import { contactField, contactFieldKind } from "../resources.ts";
import { snapshot } from "./fields.ts";

export const contactFieldList = z.object({ ...snapshot, items: z.array(contactField) });
export type ContactFieldList = z.infer<typeof contactFieldList>;
const fieldLabel = z.string().trim().min(1).max(60);
const fieldChoices = z
  .array(z.string().trim().min(1).max(60))
  .min(1)
  .max(50)
  .refine((all) => new Set(all).size === all.length, "names a choice twice");
export const createContactFieldRequest = z.object({
  label: fieldLabel,
  kind: contactFieldKind,
  /** Only of a `choice`, and needed there. */
  choices: fieldChoices.optional(),
});
export type CreateContactFieldRequest = z.infer<typeof createContactFieldRequest>;
export const updateContactFieldRequest = z
  .object({
    label: fieldLabel,
    choices: fieldChoices,
    position: z.int().min(0).max(1000),
    isArchived: z.boolean(),
  })
  .partial();
export type UpdateContactFieldRequest = z.infer<typeof updateContactFieldRequest>;
