/** What may stand for one word of a query: its beginning, or whole known words near to it. */
export interface WantedWord {
  word: string;
  nearest: readonly string[];
}

/**
 * The words as `to_tsquery` reads them. They have to be free of spaces, quotes and
 * backslashes, as `splitWords` gives them. A letter alone is no beginning.
 */
export function writeTsQuery(wanted: readonly WantedWord[], phoneDigits: string | null): string {
  const all = wanted
    .map(({ word, nearest }) => {
      const beginning = [...word].length > 1 ? `'${word}':*` : `'${word}'`;
      return `(${[beginning, ...nearest.map((each) => `'${each}'`)].join(" | ")})`;
    })
    .join(" & ");
  return phoneDigits === null ? all : `(${all}) | '${phoneDigits}':*`;
}
