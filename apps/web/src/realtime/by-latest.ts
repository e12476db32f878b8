import type { Contact } from "@livechat/shared";

/** The order of people who were found: the latest conversation first. */
export function byLatest(a: Contact, b: Contact): number {
  const [at, bt] = [a.lastMessageAt ?? "", b.lastMessageAt ?? ""];
  if (at !== bt) return at < bt ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
