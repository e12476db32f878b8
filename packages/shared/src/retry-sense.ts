import type { ProblemCode } from "./problem.ts";

/**
 * Codes after which the same text to the same person fails again, whatever is
 * mended: the catalogue of the server says why of each.
 */
const hopeless: ReadonlySet<number> = new Set([
  21211, 21217, 21265, 21604, 21610, 21614, 21617, 21618, 21619, 21635, 30004, 30005, 30006, 30007,
  30038, 30640, 63003, 63016, 63024,
]);

/** Whether it makes sense to offer sending a failed text again; unknown codes may be tried. */
export function isRetryUseful(errorCode: number | null): boolean {
  return errorCode === null || !hopeless.has(errorCode);
}

/**
 * Refusals that the same text to the same number meets again: the text, or what the
 * person wants, has to change first. Others can be mended elsewhere, as in the settings.
 */
const lasting: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "invalid_request",
  "conflict",
  "contact_opted_out",
  "contact_blocked",
  "contact_not_textable",
  "schedule_invalid",
  "message_empty",
  "message_too_long",
  "media_too_large",
  "media_type_unsupported",
  "too_many_media",
  "payload_too_large",
]);

/** Whether a text that the server refused for this reason would be refused for it again. */
export function isRefusedAgain(code: ProblemCode): boolean {
  return lasting.has(code);
}
