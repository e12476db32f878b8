/** A word that the caret stands behind and that asks for suggestions. */
export interface ComposerToken {
  kind: "canned" | "emoji";
  /** What is written after the sign. */
  query: string;
  /** Where the sign stands, and where the word ends. */
  from: number;
  to: number;
}

// A sign within a word, such as a link's or a time's, asks for nothing.
const cannedPattern = /(?:^|\s)\/([\p{L}\p{M}\p{N}_-]{0,40})$/u;
const emojiPattern = /(?:^|\s):([a-z0-9_+-]{2,40})$/i;

/** The word before the caret if it is a `/shortcut` or an `:emoji`. */
export function findToken(text: string, caret: number): ComposerToken | null {
  const before = text.slice(Math.max(0, caret - 60), caret);
  const canned = cannedPattern.exec(before)?.[1];
  if (canned !== undefined) return makeToken("canned", canned, caret);
  const emoji = emojiPattern.exec(before)?.[1];
  return emoji === undefined ? null : makeToken("emoji", emoji, caret);
}

function makeToken(kind: ComposerToken["kind"], query: string, caret: number): ComposerToken {
  return { kind, query: query.toLowerCase(), from: caret - query.length - 1, to: caret };
}

/** The text with `inserted` in a token's place, and where the caret is then. */
export function replaceToken(
  text: string,
  { from, to }: Pick<ComposerToken, "from" | "to">,
  inserted: string,
): { text: string; caret: number } {
  return {
    text: text.slice(0, from) + inserted + text.slice(to),
    caret: from + inserted.length,
  };
}
