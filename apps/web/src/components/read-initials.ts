/** Up to two letters of a name; null without one that begins with a letter. */
export function readInitials(name: string | null): string | null {
  const words = (name ?? "")
    .trim()
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word));
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  if (!first) return null;
  return [first, last]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
