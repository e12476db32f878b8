/** What a phone wrote in place of a reaction that SMS can't carry. */
export interface Tapback {
  emoji: string;
  isRemoval: boolean;
  /** The text that it is about, as the phone quoted it. */
  quoted: string;
}

// Source: Apple, "React with Tapbacks in Messages": what those without iMessage are sent.
const added: Record<string, string> = {
  Liked: "👍",
  Loved: "❤️",
  Disliked: "👎",
  "Laughed at": "😂",
  Emphasized: "‼️",
  Questioned: "❓",
};
const removed: Record<string, string> = {
  "a like": "👍",
  "a heart": "❤️",
  "a dislike": "👎",
  "a laugh": "😂",
  "an exclamation": "‼️",
  "a question mark": "❓",
};

const anyEmoji = String.raw`(?:\p{Regional_Indicator}{2}|[\p{Extended_Pictographic}\d#*][\p{Emoji_Modifier}\p{Emoji_Component}\u200d\ufe0f\p{Extended_Pictographic}]*)`;
const quote = String.raw`[“"„«]([\s\S]+)[”"“»]`;
const forms: [RegExp, (found: RegExpExecArray) => Tapback | null][] = [
  [
    new RegExp(`^(Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned) ${quote}$`, "u"),
    ([, verb = "", quoted = ""]) => build(added[verb.replace("sised", "sized")], false, quoted),
  ],
  [
    new RegExp(
      `^Removed (a like|a heart|a dislike|a laugh|an exclamation|a question mark) from ${quote}$`,
      "u",
    ),
    ([, what = "", quoted = ""]) => build(removed[what], true, quoted),
  ],
  [
    new RegExp(`^Reacted (${anyEmoji}) to ${quote}$`, "u"),
    ([, emoji = "", quoted = ""]) => build(emoji, false, quoted),
  ],
  // Android's Messages says only this much.
  [
    new RegExp(`^(${anyEmoji}) to ${quote}$`, "u"),
    ([, emoji = "", quoted = ""]) => build(emoji, false, quoted),
  ],
  [
    new RegExp(`^Removed (${anyEmoji})(?: reaction)? from ${quote}$`, "u"),
    ([, emoji = "", quoted = ""]) => build(emoji, true, quoted),
  ],
];

function build(emoji: string | undefined, isRemoval: boolean, quoted: string): Tapback | null {
  return emoji === undefined ? null : { emoji, isRemoval, quoted };
}

/**
 * The reaction that a text spells out, or null for an ordinary text. Whether it
 * is one after all shows when {@link isQuoteOf} finds the text that it quotes: a
 * picture is only called "an image", which names none.
 */
export function parseTapback(body: string): Tapback | null {
  // Android wraps the parts in invisible spaces.
  const text = body.replaceAll(/[\u200a\u200b\u200e\u2060\ufeff]/gu, "").trim();
  for (const [form, read] of forms) {
    const found = form.exec(text);
    if (found) return read(found);
  }
  return null;
}

/** Whether `quoted` is how a phone quotes this text: as it was, or its beginning and an ellipsis. */
export function isQuoteOf(quoted: string, content: string): boolean {
  const wanted = simplify(quoted);
  const whole = simplify(content);
  if (wanted === "" || whole === "") return false;
  if (wanted === whole) return true;
  const beginning = /^(.+?)(?:…|\.\.\.)$/su.exec(wanted)?.[1]?.trimEnd();
  // A short beginning would fit too many texts.
  return beginning !== undefined && beginning.length >= 8 && whole.startsWith(beginning);
}

/** Carriers and phones change quotes, spaces and the form of accents on the way. */
function simplify(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/[\u200a\u200b\u200e\u2060\ufeff]/gu, "")
    .replaceAll(/[‘’‚‛]/gu, "'")
    .replaceAll(/[“”„‟«»]/gu, '"')
    .replaceAll(/\s+/gu, " ")
    .trim();
}
