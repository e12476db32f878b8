import { DomainError } from "../errors.ts";
import { toStorableText } from "../platform/storable-text.ts";

/** The text as it is stored. Throws `invalid_request` when nothing is left. */
export function cleanText(text: string): string {
  const clean = toStorableText(text).trim();
  if (clean !== "") return clean;
  throw new DomainError("invalid_request", "Write something first.");
}
