import * as z from "zod";

/** What a new password must be; 72 bytes are all that its hash can take in. */
export const newPassword = z
  .string()
  .min(8, "Use at least 8 characters.")
  .refine((text) => new TextEncoder().encode(text).length <= 72, "Use at most 72 characters.");
