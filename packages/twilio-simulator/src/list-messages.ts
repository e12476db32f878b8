import type { Account, Message, State } from "./state.ts";

/**
 * An account's messages, newest first, filtered by To, From and DateSent (a day, or `<`/`>` with a
 * moment). A DateSent filter leaves out what has not been sent.
 */
export function listMessages(state: State, account: Account, query: URLSearchParams): Message[] {
  const to = query.get("To");
  const from = query.get("From");
  const on = query.get("DateSent");
  const before = query.get("DateSent<");
  const after = query.get("DateSent>");
  return [...state.messages.values()].reverse().filter((message) => {
    if (message.accountSid !== account.sid) return false;
    if (to && message.to !== to) return false;
    if (from && message.from !== from) return false;
    if (!on && !before && !after) return true;
    const sent = message.dateSent;
    if (sent === null) return false;
    if (on && sent.toISOString().slice(0, 10) !== on.slice(0, 10)) return false;
    if (before && sent > new Date(before)) return false;
    return !(after && sent < new Date(after));
  });
}
