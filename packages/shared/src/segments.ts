/** How a text travels, and what it is billed as. */
export interface SegmentCount {
  encoding: "GSM-7" | "UCS-2";
  segments: number;
  /** Code units of the encoding: septets, of which an extension character takes two, or UTF-16 units. */
  units: number;
  /** Units that still fit into the last segment. */
  left: number;
  /** What forces UCS-2, each once, in the order of the text; whole characters, such as a flag. */
  forcedBy: readonly string[];
}

// Source: 3GPP TS 23.038, the default alphabet and its extension table.
const alphabet = new Set(
  "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ",
);
const extension = new Set("\f[\\]^{|}~€");

// Source: Twilio, "What the heck is a segment?"
const sizes = {
  "GSM-7": { single: 160, part: 153 },
  "UCS-2": { single: 70, part: 67 },
} as const;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Counts a text as Twilio does: one character outside GSM-7 makes all of it
 * UCS-2, and no character is cut in two between segments. An empty text is one
 * segment.
 */
export function countSegments(text: string): SegmentCount {
  const characters = splitCharacters(text);
  const forcedBy = [...new Set(characters.filter((each) => !isGsm(each)))];
  const encoding = forcedBy.length > 0 ? "UCS-2" : "GSM-7";
  const widths = characters.map((each) =>
    encoding === "UCS-2" ? each.length : extension.has(each) ? 2 : 1,
  );
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { single, part } = sizes[encoding];
  if (units <= single) return { encoding, segments: 1, units, left: single - units, forcedBy };
  let segments = 1;
  let room: number = part;
  for (const width of widths) {
    if (width > room) {
      segments += 1;
      room = part;
    }
    room -= width;
  }
  return { encoding, segments, units, left: Math.max(0, room), forcedBy };
}

function isGsm(character: string): boolean {
  return alphabet.has(character) || extension.has(character);
}

function splitCharacters(text: string): string[] {
  // A line break of two characters is two to a phone, and plain text needs no segmenter.
  if (/^[\u0020-\u007e\n\r]*$/.test(text)) return [...text];
  return [...graphemes.segment(text)].flatMap(({ segment }) =>
    segment === "\r\n" ? ["\r", "\n"] : [segment],
  );
}

/** Look-alikes that word processors and phones put in, and what GSM-7 has instead. */
const plainer = new Map<string, string>([
  ..."“”„‟«»″".split("").map((each) => [each, '"'] as const),
  ..."‘’‚‛′´`".split("").map((each) => [each, "'"] as const),
  ..."–—―‐‑−".split("").map((each) => [each, "-"] as const),
  ..."\u00a0\u2002\u2003\u2007\u2009\u202f".split("").map((each) => [each, " "] as const),
  ["…", "..."],
  ["•", "-"],
  ["‹", "<"],
  ["›", ">"],
  ["\t", " "],
  ["\u200b", ""],
  ["\ufeff", ""],
]);

/**
 * The text with look-alikes, such as smart quotes, as characters that GSM-7 has.
 * The same text when there are none.
 */
export function plainQuotes(text: string): string {
  let plain = "";
  for (const character of text) plain += plainer.get(character) ?? character;
  return plain;
}

/** The text in plain quotes when that makes fewer segments, else null: worth offering, never done unasked. */
export function suggestPlainText(text: string): string | null {
  const plain = plainQuotes(text);
  if (plain === text) return null;
  return countSegments(plain).segments < countSegments(text).segments ? plain : null;
}
