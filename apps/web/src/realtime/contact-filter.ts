import {
  type Contact,
  type ContactSort,
  type ContactView,
  type InboxState,
  isInView,
} from "@livechat/shared";

/** Which conversations a list shows, and in which order. */
export interface ContactFilter {
  view: ContactView;
  sort: ContactSort;
  /** Only those that wear this tag. */
  tagId?: string;
}

/** What the inbox opens with. */
export const defaultFilter: ContactFilter = { view: "open", sort: "recent" };

/** The name of a list among those that were loaded. */
export function listKey({ view, sort, tagId }: ContactFilter): string {
  return [view, sort, tagId ?? ""].join(" ");
}

/** Where a contact stands in a list. */
export type ContactPlace = Pick<Contact, "id" | "lastMessageAt" | "waitingSince">;

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

function readMs(time: string | null): number {
  return time ? Date.parse(time) : Number.NEGATIVE_INFINITY;
}

/**
 * The loaded part of a list in its order: contacts behind its end wait for their
 * page. A conversation that is open and has no text yet stands at the top, as it
 * is in no view.
 */
export function listLoadedContacts(
  inbox: InboxState,
  { filter, end, userId }: { filter: ContactFilter; end: ContactPlace | null; userId: string },
  openContactId: string | null,
): Contact[] {
  const compare = filter.sort === "waiting" ? compareWaiting : compareRecent;
  const { tagId } = filter;
  const rows = [...inbox.contacts.values()].filter(
    (row) =>
      isInView(row, filter.view, userId) &&
      (!tagId || row.tagIds.includes(tagId)) &&
      (!end || compare(row, end) <= 0),
  );
  rows.sort(compare);
  const opened = openContactId ? inbox.contacts.get(openContactId) : undefined;
  return opened && !opened.lastMessageAt && !opened.blockedAt ? [opened, ...rows] : rows;
}
