const STOP = new Set([
  "STOP",
  "STOPALL",
  "UNSUBSCRIBE",
  "END",
  "QUIT",
  "CANCEL",
  "REVOKE",
  "OPTOUT",
]);
const START = new Set(["START", "YES", "UNSTOP"]);
const HELP = new Set(["HELP", "INFO"]);

export type Keyword = "STOP" | "START" | "HELP";

/**
 * The keyword a text is, if any. Only a text that is nothing but the word counts, in any case:
 * "STOP PLEASE" is not a keyword (Twilio's default handling for long codes).
 */
export function readKeyword(body: string): Keyword | undefined {
  const word = body.trim().toUpperCase();
  if (STOP.has(word)) return "STOP";
  if (START.has(word)) return "START";
  if (HELP.has(word)) return "HELP";
  return undefined;
}

/** The text Twilio answers a keyword with. */
export function keywordReply(keyword: Keyword): string {
  switch (keyword) {
    case "STOP":
      return "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.";
    case "START":
      return "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
    case "HELP":
      return "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
    default: {
      const never: never = keyword;
      return never;
    }
  }
}

/** The key under which a pair's opt-out is kept: the block holds for one sender number. */
export function optOutKey(ours: string, theirs: string): string {
  return `${ours} ${theirs}`;
}
