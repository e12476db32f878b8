/** Most words of a query that count: more would only slow a search down. */
const maxWords = 8;

/** The punctuation that parts words, as the database's `private.to_words` has it. */
const parting = /[\s!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]+/;

/** Where a found word is, in UTF-16 units: from the first up to the second. */
export type MatchRange = readonly [start: number, end: number];

/** The words of a query, without punctuation and repetition, as the person typed them. */
export function splitWords(query: string): string[] {
  const words = query.replaceAll("\0", " ").toWellFormed().split(parting);
  return [...new Set(words.filter((word) => word !== ""))].slice(0, maxWords);
}

/** The digits of what can only be a phone number or a part of one; null for anything else. */
export function readPhoneDigits(query: string): string | null {
  if (!/^[\s\d()+./-]+$/.test(query)) return null;
  const digits = query.replaceAll(/\D/g, "");
  return digits.length >= 3 ? digits : null;
}

/** Small letters without accents, so that "Zoë" and "ZOE" are the same. */
export function foldText(text: string): string {
  return /^\p{ASCII}*$/u.test(text) ? text.toLowerCase() : fold(text).folded;
}

/**
 * Where any of the words stands in the text, in order and without overlap: at
 * the beginning of a word, or with `anywhere` also inside one.
 */
export function findMatches(
  text: string,
  words: readonly string[],
  { anywhere = false } = {},
): MatchRange[] {
  const { folded, origins } = fold(text);
  const found: [number, number][] = [];
  for (const word of words) {
    const wanted = foldText(word);
    if (wanted === "") continue;
    for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
      const before = at > 0 ? folded[at - 1] : " ";
      if (!anywhere && before !== undefined && /[\p{L}\p{N}]/u.test(before)) continue;
      found.push([origins[at] ?? 0, origins[at + wanted.length] ?? text.length]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const merged: [number, number][] = [];
  for (const range of found) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push([...range]);
  }
  return merged;
}

/** A part of a text around its first match, on one line, and where the matches are in it. */
export interface Snippet {
  text: string;
  ranges: MatchRange[];
}

/** The part of the text that shows its first match, at most `maxLength` units and an ellipsis. */
export function cutSnippet(
  text: string,
  matches: readonly MatchRange[],
  maxLength: number,
): Snippet {
  const line = text.replaceAll(/\s/g, " ");
  if (line.length <= maxLength) return { text: line, ranges: [...matches] };
  const first = matches[0]?.[0] ?? 0;
  const start = findEdge(line, Math.max(0, Math.min(first - 24, line.length - maxLength)));
  const end = findEdge(line, Math.min(line.length, start + maxLength));
  const [lead, tail] = [start > 0 ? "…" : "", end < line.length ? "…" : ""];
  const ranges = matches
    .filter((range) => range[0] < end && range[1] > start)
    .map(
      (range): MatchRange => [
        Math.max(range[0], start) - start + lead.length,
        Math.min(range[1], end) - start + lead.length,
      ],
    );
  return { text: lead + line.slice(start, end) + tail, ranges };
}

/** The same place, or the one before it where it would part a surrogate pair. */
function findEdge(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff && at > 0 ? at - 1 : at;
}

/** The folded text and, for each of its units and its end, where it was in the original. */
function fold(text: string): { folded: string; origins: number[] } {
  let folded = "";
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain =
      character.charCodeAt(0) < 0x80
        ? character.toLowerCase()
        : (strokes[character] ??
          character.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase());
    for (let unit = 0; unit < plain.length; unit += 1) origins.push(at);
    folded += plain;
    at += character.length;
  }
  origins.push(at);
  return { folded, origins };
}

/** Letters that are of one piece, with their stroke. */
const strokes: Record<string, string> = { Ø: "o", ø: "o", Ł: "l", ł: "l", Đ: "d", đ: "d" };
