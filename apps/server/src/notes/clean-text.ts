import { DomainError } from "../errors.ts";

/** Text as it can be stored: Postgres takes no NUL and, in an event, no half of a surrogate pair. Throws `invalid_request` when nothing is left. */
export function cleanText(text: string): string {
  const clean = text.replaceAll("\0", "").toWellFormed().trim();
  if (clean !== "") return clean;
  throw new DomainError("invalid_request", "Write something first.");
}
