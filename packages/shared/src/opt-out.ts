/** What a text asks of the carrier's opt-out list. */
export type OptOutKeyword = "STOP" | "START" | "HELP";

// Source: Twilio, "Support for opt-out keywords" (long codes and toll-free).
const keywords = new Map<string, OptOutKeyword>([
  ...["STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"].map(
    (word) => [word, "STOP"] as const,
  ),
  ...["START", "YES", "UNSTOP"].map((word) => [word, "START"] as const),
  ...["HELP", "INFO"].map((word) => [word, "HELP"] as const),
]);

/**
 * The keyword a text consists of, or null. Only a text that is nothing but the
 * keyword counts: "Stop by tomorrow" and "Cancel my 3 pm" are ordinary texts.
 * Case, surrounding space and trailing punctuation do not matter.
 */
export function parseOptOutKeyword(body: string): OptOutKeyword | null {
  const word = body
    .trim()
    .replace(/[\p{P}\s]+$/u, "")
    .toUpperCase();
  return keywords.get(word) ?? null;
}
