import { type Activity, compareMessages, type Message, type Note } from "@livechat/shared";
import type { OutboxItem } from "../../realtime/outbox.ts";

/** What has a place in a thread: a text, one on its way there, a note, or what was done. */
export type ThreadEntry =
  | { kind: "message"; id: string; message: Message }
  | { kind: "outbox"; id: string; item: OutboxItem }
  | { kind: "note"; id: string; note: Note }
  | { kind: "activity"; id: string; activity: Activity };

/** One line of the thread as it is drawn. */
export type ThreadRow =
  | { kind: "start"; key: "start" }
  | { kind: "day"; key: string; firstAt: string }
  | { kind: "unread"; key: "unread" }
  | {
      kind: "entry";
      key: string;
      entry: ThreadEntry;
      /** First and last of texts from one side that came close together. */
      isGroupStart: boolean;
      isGroupEnd: boolean;
      /** Which of the customer's numbers it is about; null where there is only one. */
      number: string | null;
    };

interface ThreadParts {
  messages: readonly Message[];
  notes: readonly Note[];
  activities: readonly Activity[];
  outbox: readonly OutboxItem[];
  /** The ends of the loaded pages: what lies beyond them waits for its page. */
  oldest: Message | null;
  newest: Message | null;
}

const groupGapMs = 5 * 60_000;

/**
 * What a thread shows, in its order: what lies within the loaded pages, then the
 * texts on their way that are not among it, also below a page of the past: what was
 * written is never out of sight. Texts that wait for their time are
 * shown apart.
 */
export function listEntries(parts: ThreadParts): ThreadEntry[] {
  const { oldest, newest } = parts;
  const isShown = (row: { id: string; createdAt: string }) =>
    (!oldest || compareMessages(row, oldest) >= 0) &&
    (!newest || compareMessages(row, newest) <= 0);
  const known = new Set(parts.messages.map((row) => row.id));
  const texts = parts.messages
    .filter((row) => row.status !== "scheduled" && isShown(row))
    .map((message): ThreadEntry => ({ kind: "message", id: message.id, message }));
  const beside = [
    ...parts.notes.map((note): ThreadEntry => ({ kind: "note", id: note.id, note })),
    ...parts.activities.map(
      (activity): ThreadEntry => ({ kind: "activity", id: activity.id, activity }),
    ),
    // A page is cut between texts: what was noted before the first one comes along with it.
  ].filter((entry) => isShown({ id: entry.id, createdAt: readTime(entry) }));
  const placed =
    beside.length === 0
      ? texts
      : [...texts, ...beside].sort((a, b) =>
          compareMessages(
            { id: a.id, createdAt: readTime(a) },
            { id: b.id, createdAt: readTime(b) },
          ),
        );
  const waiting = parts.outbox
    .filter((item) => !known.has(item.id))
    .map((item): ThreadEntry => ({ kind: "outbox", id: item.id, item }));
  return [...placed, ...waiting];
}

interface LayoutOptions {
  ownId: string;
  firstUnreadId: string | null;
  isComplete: boolean;
  /** The contact was merged from several: groups part where the number changes. */
  hasSeveralNumbers: boolean;
}

/**
 * The lines of a thread: its beginning, the days of the reader's zone, the unread
 * mark, the entries in groups. Before earlier texts have come, the first day is left
 * out: they may belong to it, and the line that the reader holds on to would move.
 */
export function layoutThread(entries: readonly ThreadEntry[], options: LayoutOptions): ThreadRow[] {
  const rows: ThreadRow[] = options.isComplete ? [{ kind: "start", key: "start" }] : [];
  let day: string | null = null;
  entries.forEach((entry, at) => {
    const createdAt = readTime(entry);
    const key = readDay(createdAt);
    if (key !== day && rows.length > 0) rows.push({ kind: "day", key, firstAt: createdAt });
    day = key;
    if (entry.id === options.firstUnreadId) rows.push({ kind: "unread", key: "unread" });
    rows.push({
      kind: "entry",
      key: entry.id,
      entry,
      isGroupStart:
        entry.id === options.firstUnreadId || !isSameGroup(entries[at - 1], entry, options),
      isGroupEnd:
        entries[at + 1]?.id === options.firstUnreadId ||
        !isSameGroup(entry, entries[at + 1], options),
      number: options.hasSeveralNumbers ? readNumber(entry) : null,
    });
  });
  return rows;
}

function isSameGroup(
  before: ThreadEntry | undefined,
  after: ThreadEntry | undefined,
  { ownId, hasSeveralNumbers }: LayoutOptions,
): boolean {
  if (!before || !after) return false;
  if (hasSeveralNumbers && readNumber(before) !== readNumber(after)) return false;
  const side = readSide(before, ownId);
  if (side === null || side !== readSide(after, ownId)) return false;
  const [beforeAt, afterAt] = [readTime(before), readTime(after)];
  if (Math.abs(Date.parse(afterAt) - Date.parse(beforeAt)) > groupGapMs) return false;
  return (
    readDay(beforeAt) === readDay(afterAt) && !needsAttention(before) && !needsAttention(after)
  );
}

/** The day of the reader's zone, as `2026-11-05`. */
function readDay(isoTime: string): string {
  const at = new Date(isoTime);
  const [month, day] = [at.getMonth() + 1, at.getDate()];
  return `${at.getFullYear()}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}`;
}

/**
 * Who wrote it, so that two agents' texts never look like one person's; what is
 * on its way is one's own. Null for what stands alone.
 */
function readSide(entry: ThreadEntry, ownId: string): string | null {
  switch (entry.kind) {
    case "outbox":
      return `agent ${ownId}`;
    case "message":
      return entry.message.direction === "inbound" ? "inbound" : `agent ${entry.message.createdBy}`;
    case "note":
    case "activity":
      return null;
    default:
      return entry satisfies never;
  }
}

/** The customer's number that a text came from or goes to; null where that is not known, or for no text. */
function readNumber(entry: ThreadEntry): string | null {
  switch (entry.kind) {
    case "message": {
      const { direction, fromNumber, toNumber } = entry.message;
      return direction === "inbound" ? fromNumber : toNumber;
    }
    case "outbox":
      return entry.item.to ?? null;
    case "note":
    case "activity":
      return null;
    default:
      return entry satisfies never;
  }
}

function needsAttention(entry: ThreadEntry): boolean {
  if (entry.kind === "outbox") return entry.item.state === "failed" || entry.item.state === "held";
  if (entry.kind !== "message") return false;
  const { status } = entry.message;
  return status === "failed" || status === "undelivered" || status === "unconfirmed";
}

/** When an entry came to be. */
export function readTime(entry: ThreadEntry): string {
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

/** About how tall a line is before it has been drawn, so that scrolling hardly corrects itself. */
export function estimateRowPx(row: ThreadRow | undefined): number {
  if (row?.kind !== "entry") return 44;
  const { entry } = row;
  const gapPx = row.isGroupEnd ? 30 : 2;
  switch (entry.kind) {
    case "activity":
      return 34;
    case "note":
      return 56 + countLines(entry.note.body) * 20;
    case "outbox":
      return gapPx + 15 + countLines(entry.item.text) * 20;
    case "message":
      return gapPx + 15 + countLines(entry.message.content) * 20 + entry.message.media.length * 240;
    default:
      return entry satisfies never;
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.max(1, Math.ceil(line.length / 60));
  return Math.min(lines, 26);
}
