import { readTime, type ThreadEntry } from "./thread-layout.ts";

interface CopiedLine {
  author: string;
  time: string;
  text: string;
}

/** What a copied piece of a thread reads like: one line for each text, by whom and when. */
export function formatCopied(lines: readonly CopiedLine[]): string {
  return lines.map(({ author, time, text }) => `${author} — ${time}: ${text}`).join("\n");
}

/**
 * The lines that a selection covers, each with the selected part of its text.
 * Null when it lies within one text, which the browser copies well by itself.
 */
export function readSelection(
  selection: Selection,
  thread: HTMLElement,
  findEntry: (id: string) => ThreadEntry | undefined,
  describe: (entry: ThreadEntry) => { author: string; time: string },
): CopiedLine[] | null {
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const lines: (CopiedLine & { at: string })[] = [];
  for (const row of thread.querySelectorAll<HTMLElement>("[data-message]")) {
    if (!range.intersectsNode(row)) continue;
    const entry = findEntry(row.dataset.message ?? "");
    const words = row.querySelector(".lc-text");
    if (!entry || !words) continue;
    const text = cutToRange(words, range);
    if (text !== "") lines.push({ ...describe(entry), text, at: readTime(entry) });
  }
  return lines.length > 1 ? lines : null;
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
