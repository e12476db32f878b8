import type { MessageMedia } from "@livechat/shared";
import { nameFile } from "./describe-media.ts";
import type { ThreadEntry } from "./thread-layout.ts";

interface CopiedLine {
  author: string;
  time: string;
  text: string;
}

/** What a copied piece of a thread reads like: one line for each text or note, by whom and when. */
export function formatCopied(lines: readonly CopiedLine[]): string {
  return lines.map(({ author, time, text }) => `${author} — ${time}: ${text}`).join("\n");
}

/**
 * The lines that a selection covers, each with the selected part of its words, or
 * the names of its files where there are no words. Null when it lies within one,
 * which the browser copies well by itself.
 */
export function readSelection(
  selection: Selection,
  thread: HTMLElement,
  findEntry: (id: string) => ThreadEntry | undefined,
  describe: (entry: ThreadEntry) => { author: string; time: string },
): CopiedLine[] | null {
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const lines: CopiedLine[] = [];
  for (const row of thread.querySelectorAll<HTMLElement>("[data-message]")) {
    if (!range.intersectsNode(row)) continue;
    const entry = findEntry(row.dataset.message ?? "");
    if (!entry) continue;
    const text = readRow(row, entry, range);
    if (text === "") continue;
    const { author, time } = describe(entry);
    lines.push({
      author: entry.kind === "note" ? `${author} (internal note)` : author,
      time,
      text,
    });
  }
  return lines.length > 1 ? lines : null;
}

function readRow(row: HTMLElement, entry: ThreadEntry, range: Range): string {
  const words = row.querySelector(".lc-text, .lc-note-bubble > p");
  if (words) return cutToRange(words, range);
  // The files stand around what the row says for screen readers alone: only they count.
  const files = row.querySelectorAll(".lc-picture, .lc-file, .lc-card, .lc-video, .lc-audio");
  if (![...files].some((file) => range.intersectsNode(file))) return "";
  return listMedia(entry)
    .map((media) => `[${nameFile(media)}]`)
    .join(" ");
}

function listMedia(entry: ThreadEntry): readonly Pick<MessageMedia, "contentType" | "fileName">[] {
  switch (entry.kind) {
    case "message":
      return entry.message.media;
    case "outbox":
      return entry.item.media;
    case "note":
    case "activity":
      return [];
    default:
      return entry satisfies never;
  }
}

function cutToRange(words: Element, range: Range): string {
  const part = document.createRange();
  part.selectNodeContents(words);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) {
    part.setStart(range.startContainer, range.startOffset);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) {
    part.setEnd(range.endContainer, range.endOffset);
  }
  return part.toString().trim();
}
