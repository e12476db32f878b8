import {
  type Contact,
  canReplaceMessage,
  compareMessages,
  type InboxState,
  type MessageList,
  type ThreadItem,
} from "@livechat/shared";

interface Snapshot {
  epoch: string;
  asOfSeq: number;
}

type MessagePage = Pick<MessageList, "items" | "notes" | "activities" | "asOfSeq">;

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
export function mergeThread(state: InboxState, contactId: string, page: MessagePage): InboxState {
  const byId = new Map((state.threads.get(contactId) ?? []).map((row) => [row.id, row]));
  for (const row of page.items) {
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
    notes: new Map(state.notes).set(
      contactId,
      mergeItems(state.notes.get(contactId) ?? [], page.notes),
    ),
    activities: new Map(state.activities).set(
      contactId,
      mergeItems(state.activities.get(contactId) ?? [], page.activities),
    ),
    lastSeq: Math.min(state.lastSeq, page.asOfSeq),
  };
}

/** A page read before an event that is known already leads back to that event, which comes again. */
function mergeItems<T extends ThreadItem>(known: readonly T[], page: readonly T[]): readonly T[] {
  const byId = new Map([...known, ...page].map((row) => [row.id, row]));
  return [...byId.values()].sort(compareMessages);
}
