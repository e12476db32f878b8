import type { ErrorExplanation } from "@livechat/shared";
import { explanations } from "./error-explanations.ts";

/** The code that says that the recipient has opted out. Source: Twilio error 21610. */
export const optedOutErrorCode = 21610;

/** What one of Twilio's error codes means and what to do, or `fallback` for a code we do not know. */
export function explainError(code: number | null, fallback: string): string {
  const known = code === null ? undefined : explanations.get(code);
  return known ? `${known.meaning} ${known.agentAction}` : fallback;
}

/** All there is to say about a code; one that nobody has described leads to Twilio's own page. */
export function describeError(code: number): ErrorExplanation {
  const url = `https://www.twilio.com/docs/errors/${code}`;
  const known = explanations.get(code);
  if (known) return { code, isKnown: true, ...known, url };
  return {
    code,
    isKnown: false,
    meaning: `Twilio reports error ${code}.`,
    cause: "We have no words for this one; Twilio's own page has.",
    agentAction: "Read Twilio's page about it, or tell an admin of this workspace.",
    adminAction: "Read Twilio's page about it, and what its Debugger says of this text.",
    retry: "later",
    url,
  };
}
