import type { Member } from "@livechat/shared";

/** A part of a note: plain text, or the call of a member. */
export type NotePart =
  | { kind: "text"; text: string }
  | { kind: "mention"; text: string; userId: string };

/** The name that is being written after an @ at this place of a text; null when none is. */
export function findMentionQuery(
  text: string,
  caret: number,
): { from: number; query: string } | null {
  const before = text.slice(0, caret);
  const at = before.lastIndexOf("@");
  if (at === -1 || /[\p{L}\p{N}]/u.test(before[at - 1] ?? "")) return null;
  const query = before.slice(at + 1);
  return query.length <= 40 && !/[\n@]/.test(query) && !/\s\s|^\s/.test(query)
    ? { from: at, query }
    : null;
}

/** The members whom a text calls by @ and their whole name. */
export function findMentioned(text: string, members: Iterable<Member>): string[] {
  return splitNote(text, members).flatMap((part) => (part.kind === "mention" ? part.userId : []));
}

/** A note in its parts, so that the calls of members stand out. Longer names win over shorter ones. */
export function splitNote(text: string, members: Iterable<Member>): NotePart[] {
  const byLength = [...members]
    .filter((member) => member.displayName !== "")
    .sort((a, b) => b.displayName.length - a.displayName.length);
  const parts: NotePart[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    if (at < from || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) continue;
    const called = byLength.find(({ displayName }) => {
      const end = at + 1 + displayName.length;
      const isSame =
        text.slice(at + 1, end).toLocaleLowerCase() === displayName.toLocaleLowerCase();
      return isSame && !/[\p{L}\p{N}]/u.test(text[end] ?? "");
    });
    if (!called) continue;
    if (at > from) parts.push({ kind: "text", text: text.slice(from, at) });
    from = at + 1 + called.displayName.length;
    parts.push({ kind: "mention", text: text.slice(at, from), userId: called.userId });
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}
