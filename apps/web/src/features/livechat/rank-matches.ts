/**
 * Those of `items` that a few typed letters may mean, the likeliest first: named
 * so, beginning so, with a word that begins so, containing it, with its letters
 * in this order, and last with it in the text.
 */
export function rankMatches<T>(
  items: readonly T[],
  query: string,
  read: (item: T) => { name: string; text?: string },
): T[] {
  const words = query.toLowerCase();
  return items
    .flatMap((item, at) => {
      const { name, text } = read(item);
      const rank = rankOne(name.toLowerCase(), text?.toLowerCase() ?? "", words);
      return rank === null ? [] : [{ item, rank, at, length: name.length }];
    })
    .sort((a, b) => a.rank - b.rank || a.length - b.length || a.at - b.at)
    .map(({ item }) => item);
}

function rankOne(name: string, text: string, words: string): number | null {
  if (words === "" || name === words) return 0;
  if (name.startsWith(words)) return 1;
  const at = name.indexOf(words);
  if (at > 0) return /[_\s-]/.test(name[at - 1] ?? "") ? 2 : 3;
  if (hasInOrder(name, words)) return 4;
  return text.includes(words) ? 5 : null;
}

function hasInOrder(name: string, words: string): boolean {
  let at = 0;
  for (const letter of words) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
