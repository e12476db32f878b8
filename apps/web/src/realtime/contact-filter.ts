import {
  type Contact,
  type ContactFilter,
  fitsFilter,
  type InboxState,
  isInView,
} from "@livechat/shared";

/** What the inbox opens with. */
export const defaultFilter: ContactFilter = { view: "open", sort: "recent" };

/** The name of a list among those that were loaded. */
export function listKey(filter: ContactFilter): string {
  const { view, sort, tagId, assignedTo, line, status, isUnread } = filter;
  return [view, sort, tagId, assignedTo, line, status, isUnread].join(" ");
}

/** Whether a list shows only a part of its view. */
export function isNarrowed({ view, sort, ...narrowing }: ContactFilter): boolean {
  return Object.values(narrowing).some((value) => value !== undefined);
}

/** Where a contact stands in a list. */
export type ContactPlace = Pick<Contact, "id" | "lastMessageAt" | "waitingSince">;

/** Whether nothing happened to a contact that would move it in any order. */
export function isSamePlace(a: ContactPlace, b: ContactPlace): boolean {
  return a.lastMessageAt === b.lastMessageAt && a.waitingSince === b.waitingSince;
}

/** The latest conversation first, those without a text last. */
function compareRecent(a: ContactPlace, b: ContactPlace): number {
  const [aTimeMs, bTimeMs] = [readMs(a.lastMessageAt), readMs(b.lastMessageAt)];
  if (aTimeMs !== bTimeMs) return bTimeMs > aTimeMs ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** Who has waited longest for an answer first, then those who don't wait. */
function compareWaiting(a: ContactPlace, b: ContactPlace): number {
  if (a.waitingSince === null || b.waitingSince === null) {
    if (a.waitingSince === b.waitingSince) return compareRecent(a, b);
    return a.waitingSince === null ? 1 : -1;
  }
  const sinceMs = readMs(a.waitingSince) - readMs(b.waitingSince);
  if (sinceMs !== 0) return sinceMs;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

const comparers = { recent: compareRecent, waiting: compareWaiting };

/** A long list compares the same times over and over, and reading one is what costs. */
const knownMs = new Map<string, number>();
const maxKnownMs = 100_000;

function readMs(time: string | null): number {
  if (!time) return Number.NEGATIVE_INFINITY;
  const known = knownMs.get(time);
  if (known !== undefined) return known;
  if (knownMs.size >= maxKnownMs) knownMs.clear();
  const ms = Date.parse(time);
  knownMs.set(time, ms);
  return ms;
}

interface LoadedList {
  filter: ContactFilter;
  end: ContactPlace | null;
  userId: string;
}

/** What was listed last: threads come and conversations are opened without a change of the list. */
let latest: (LoadedList & { contacts: InboxState["contacts"]; rows: Contact[] }) | null = null;

function listRows(contacts: InboxState["contacts"], { filter, end, userId }: LoadedList) {
  if (
    latest?.contacts === contacts &&
    latest.end === end &&
    latest.userId === userId &&
    listKey(latest.filter) === listKey(filter)
  )
    return latest.rows;
  const compare = comparers[filter.sort];
  const rows = [...contacts.values()].filter(
    (row) => isListed(row, filter, userId) && (!end || compare(row, end) <= 0),
  );
  rows.sort(compare);
  latest = { contacts, filter, end, userId, rows };
  return rows;
}

/** Whether a list shows this contact, on whichever of its pages. */
export function isListed(contact: Contact, filter: ContactFilter, userId: string): boolean {
  return isInView(contact, filter.view, userId) && fitsFilter(contact, filter);
}

/** What was opened last, as the list held it. */
let kept: { key: string; contact: Contact } | null = null;

const isSettled = (contact: Contact) =>
  contact.conversationStatus === "Done" || contact.snoozedUntil !== null;

/** Whether only reading or taking it on took the conversation out of this list. */
function isKept(opened: Contact, { filter, userId }: LoadedList): boolean {
  if (kept?.key !== listKey(filter) || kept.contact.id !== opened.id) return false;
  const { contact: before } = kept;
  const asBefore = {
    ...opened,
    unreadCount: before.unreadCount,
    assignedTo: before.assignedTo === null ? null : opened.assignedTo,
  };
  return isSettled(opened) === isSettled(before) && isListed(asBefore, filter, userId);
}

/**
 * The loaded part of a list in its order: contacts behind its end wait for their
 * page. What was opened stays, though it was read or taken on, until another one is
 * opened. An open conversation that has no text yet stands at the top, as it is in
 * no view.
 */
export function listLoadedContacts(
  { contacts }: Pick<InboxState, "contacts">,
  list: LoadedList,
  openContactId: string | null,
): Contact[] {
  const rows = listRows(contacts, list);
  const opened = contacts.get(openContactId ?? kept?.contact.id ?? "");
  if (openContactId && opened && !opened.lastMessageAt && !opened.blockedAt)
    return [opened, ...rows];
  if (opened && rows.includes(opened)) {
    kept = openContactId ? { key: listKey(list.filter), contact: opened } : null;
    return rows;
  }
  if (!opened || !isKept(opened, list)) {
    kept = null;
    return rows;
  }
  const compare = comparers[list.filter.sort];
  const below = rows.findIndex((row) => compare(row, opened) > 0);
  const at = below === -1 ? rows.length : below;
  return [...rows.slice(0, at), opened, ...rows.slice(at)];
}
