import * as z from "zod";

/** What one of Twilio's error codes means, and what there is to do. */
export const errorExplanation = z.object({
  code: z.int().positive(),
  /** False for a code that we have no words for: then the fields speak of any failure. */
  isKnown: z.boolean(),
  meaning: z.string(),
  cause: z.string(),
  agentAction: z.string(),
  adminAction: z.string(),
  /** Whether the same text to the same person may go through when it is sent again. */
  retry: z.enum(["later", "after_fix", "never"]),
  /** Twilio's own page about it. */
  url: z.url(),
});
export type ErrorExplanation = z.infer<typeof errorExplanation>;
