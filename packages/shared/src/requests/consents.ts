import * as z from "zod";
import { contactConsent } from "../resources.ts";

/** Everything on record about a contact's wish to be texted, the newest first. */
export const contactConsentList = z.object({
  items: z.array(contactConsent),
  /** Whether the opt-out that holds now rests on an agent's word alone, so that an agent may undo it. */
  canUndo: z.boolean(),
});
export type ContactConsentList = z.infer<typeof contactConsentList>;
/** An agent's word that a customer asked in their own words not to be texted, or its undoing. */
export const changeOptOutRequest = z.object({
  /** What the customer said, or why it is taken back. */
  note: z.string().trim().max(500).nullish(),
});
