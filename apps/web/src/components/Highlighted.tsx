import { findMatches, type MatchRange } from "@livechat/shared";
import type { ReactNode } from "react";

/** A text with the given parts marked. */
export function Highlighted({ text, ranges }: { text: string; ranges: readonly MatchRange[] }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(end, from), <mark key={from}>{text.slice(from, to)}</mark>);
    end = to;
  }
  return [...parts, text.slice(end)];
}

/** A text with the words of a search marked wherever they are. */
export function HighlightedWords({ text, query }: { text: string; query: string }) {
  const words = query.split(/\s+/).filter((word) => word !== "");
  return <Highlighted text={text} ranges={findMatches(text, words, { anywhere: true })} />;
}
