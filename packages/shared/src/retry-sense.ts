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
