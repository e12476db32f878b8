import {
  type Contact,
  canReplaceMessage,
  compareMessages,
  type InboxState,
  type Message,
} from "@livechat/shared";

interface Snapshot {
  epoch: string;
  asOfSeq: number;
}

/** The order of the contact list: the latest conversation first, those without a text last. */
export function compareContacts(a: ContactPlace, b: ContactPlace): number {
  const aTimeMs = a.lastMessageAt ? Date.parse(a.lastMessageAt) : Number.NEGATIVE_INFINITY;
  const bTimeMs = b.lastMessageAt ? Date.parse(b.lastMessageAt) : Number.NEGATIVE_INFINITY;
  if (aTimeMs !== bTimeMs) return bTimeMs > aTimeMs ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** Where a contact stands in the list. */
export type ContactPlace = Pick<Contact, "id" | "lastMessageAt">;

/**
 * The state with a page of contacts in it. A row never replaces a newer one. A
 * page that was read before the state's place moves the place back, so that the
 * events between are applied again: they carry whole rows.
 */
export function mergeContacts(
  state: InboxState,
  rows: readonly Contact[],
  at: Snapshot,
): InboxState {
  const contacts = new Map(state.contacts);
  for (const row of rows) {
    const known = contacts.get(row.id);
    if (!known || Date.parse(known.updatedAt) <= Date.parse(row.updatedAt))
      contacts.set(row.id, row);
  }
  return { ...state, contacts, lastSeq: Math.min(state.lastSeq, at.asOfSeq) };
}

/** The state with a page of a thread in it, by the rules of {@link mergeContacts}. */
export function mergeThread(
  state: InboxState,
  contactId: string,
  rows: readonly Message[],
  at: Snapshot,
): InboxState {
  const byId = new Map((state.threads.get(contactId) ?? []).map((row) => [row.id, row]));
  for (const row of rows) {
    const known = byId.get(row.id);
    const isNewer =
      !known ||
      (Date.parse(known.updatedAt) <= Date.parse(row.updatedAt) && canReplaceMessage(known, row));
    if (isNewer) byId.set(row.id, row);
  }
  const thread = [...byId.values()].sort(compareMessages);
  return {
    ...state,
    threads: new Map(state.threads).set(contactId, thread),
    lastSeq: Math.min(state.lastSeq, at.asOfSeq),
  };
}
