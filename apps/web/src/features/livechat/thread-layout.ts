import { type Activity, compareMessages, type Message, type Note } from "@livechat/shared";
import { format } from "date-fns";
import type { OutboxItem } from "../../realtime/outbox.ts";

/** What has a place in a thread: a text, one on its way there, a note, or what was done. */
export type ThreadEntry =
  | { kind: "message"; id: string; message: Message }
  | { kind: "outbox"; id: string; item: OutboxItem }
  | { kind: "note"; id: string; note: Note }
  | { kind: "activity"; id: string; activity: Activity };

export interface LaidOutEntry {
  entry: ThreadEntry;
  /** First and last of texts from one side that came close together. */
  isGroupStart: boolean;
  isGroupEnd: boolean;
}

export interface ThreadDay {
  /** The day in the reader's zone, as yyyy-MM-dd. */
  key: string;
  firstAt: string;
  entries: LaidOutEntry[];
}

const noneBeside = { notes: [], activities: [] };
const groupGapMs = 5 * 60_000;

/**
 * The bubbles of a thread: the loaded messages, then the texts on their way that
 * are not among them, with what was noted and done at its time between. A message
 * from before the loaded pages waits for its page.
 */
export function listEntries(
  messages: readonly Message[],
  outbox: readonly OutboxItem[],
  oldest: Message | null,
  beside: { notes: readonly Note[]; activities: readonly Activity[] } = noneBeside,
): ThreadEntry[] {
  const shown = oldest ? messages.filter((row) => compareMessages(row, oldest) >= 0) : messages;
  const known = new Set(messages.map((row) => row.id));
  const entries: ThreadEntry[] = [
    ...shown.map((message) => ({ kind: "message" as const, id: message.id, message })),
    ...beside.notes.map((note) => ({ kind: "note" as const, id: note.id, note })),
    ...beside.activities.map((activity) => ({
      kind: "activity" as const,
      id: activity.id,
      activity,
    })),
  ];
  const place = (entry: ThreadEntry) => ({ id: entry.id, createdAt: readTime(entry) });
  if (entries.length > shown.length) {
    entries.sort((a, b) => compareMessages(place(a), place(b)));
  }
  return [
    ...entries,
    ...outbox
      .filter((item) => !known.has(item.id))
      .map((item) => ({ kind: "outbox" as const, id: item.id, item })),
  ];
}

/** Splits bubbles into days of the reader's zone and groups those from one side within 5 minutes. */
export function layoutThread(entries: readonly ThreadEntry[], ownId: string): ThreadDay[] {
  const days: ThreadDay[] = [];
  entries.forEach((entry, at) => {
    const createdAt = readTime(entry);
    const key = format(new Date(createdAt), "yyyy-MM-dd");
    let day = days.at(-1);
    if (day?.key !== key) {
      day = { key, firstAt: createdAt, entries: [] };
      days.push(day);
    }
    day.entries.push({
      entry,
      isGroupStart: !isSameGroup(entries[at - 1], entry, ownId),
      isGroupEnd: !isSameGroup(entry, entries[at + 1], ownId),
    });
  });
  return days;
}

function isSameGroup(
  before: ThreadEntry | undefined,
  after: ThreadEntry | undefined,
  ownId: string,
): boolean {
  if (!before || !after || readSide(before, ownId) !== readSide(after, ownId)) return false;
  const beforeAt = new Date(readTime(before));
  const afterAt = new Date(readTime(after));
  if (beforeAt.toDateString() !== afterAt.toDateString()) return false;
  return Math.abs(afterAt.getTime() - beforeAt.getTime()) <= groupGapMs && !needsAttention(before);
}

/** Who wrote it, so that two agents' texts never look like one person's; what is on its way is one's own. */
function readSide(entry: ThreadEntry, ownId: string): string {
  if (entry.kind === "outbox") return `agent ${ownId}`;
  if (entry.kind !== "message") return entry.id;
  return entry.message.direction === "inbound" ? "inbound" : `agent ${entry.message.createdBy}`;
}

function needsAttention(entry: ThreadEntry): boolean {
  if (entry.kind === "outbox") return entry.item.state === "failed";
  if (entry.kind !== "message") return false;
  const { status } = entry.message;
  return status === "failed" || status === "undelivered" || status === "unconfirmed";
}

function readTime(entry: ThreadEntry): string {
  switch (entry.kind) {
    case "message":
      return entry.message.createdAt;
    case "outbox":
      return entry.item.createdAt;
    case "note":
      return entry.note.createdAt;
    case "activity":
      return entry.activity.createdAt;
    default:
      return entry satisfies never;
  }
}

/**
 * The first of the last `unreadCount` inbound messages, above which "New" is drawn;
 * null for none, and while it is among earlier messages that are not loaded yet.
 */
export function findFirstUnread(
  messages: readonly Message[],
  unreadCount: number,
  hasEarlier = false,
): string | null {
  if (unreadCount <= 0) return null;
  const inbound = messages.filter((row) => row.direction === "inbound");
  if (hasEarlier && inbound.length < unreadCount) return null;
  return inbound.at(-Math.min(unreadCount, inbound.length))?.id ?? null;
}
