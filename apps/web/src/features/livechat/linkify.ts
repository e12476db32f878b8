/** A piece of a text: words, or a link that is safe to open. */
export type TextPiece =
  | { kind: "text"; text: string }
  | { kind: "link"; text: string; href: string }
  /** A phone number or e-mail address, which the device can call or write to. */
  | { kind: "address"; text: string; href: string };

const linkPattern = /\bhttps?:\/\/[^\s<>"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi;

const emailPattern = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/u;
// Written as numbers are: with a country code, or in the groups of North America.
const phonePattern =
  /\+\d[\d ().-]{6,18}\d(?![\d-])|(?<![\d-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])/;
const addressPattern = new RegExp(`${emailPattern.source}|${phonePattern.source}`, "gu");

/**
 * Splits a text at its http and https addresses, phone numbers and e-mail
 * addresses. Other schemes stay words, and
 * so does an address that names a user before its host: it is a common disguise.
 */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(linkPattern)) {
    const found = trimEnd(match[0]);
    const href = parseLink(found);
    if (!href) continue;
    if (match.index > at) pieces.push(...splitAddresses(text.slice(at, match.index)));
    pieces.push({ kind: "link", text: found, href });
    at = match.index + found.length;
  }
  if (at < text.length) pieces.push(...splitAddresses(text.slice(at)));
  return pieces;
}

function splitAddresses(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(addressPattern)) {
    const [found] = match;
    const isEmail = found.includes("@");
    const digits = found.replace(/\D/g, "");
    if (!isEmail && (digits.length < 8 || digits.length > 15)) continue;
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index) });
    const href = isEmail
      ? `mailto:${encodeURIComponent(found).replace("%40", "@")}`
      : `tel:${found.startsWith("+") ? "+" : ""}${digits}`;
    pieces.push({ kind: "address", text: found, href });
    at = match.index + found.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}

function parseLink(found: string): string | null {
  if (!URL.canParse(found)) return null;
  const url = new URL(found);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  if (url.username || url.password || !url.hostname.includes(".")) return null;
  return url.href;
}

/** Punctuation that ends a sentence is not part of the address, a balanced bracket is. */
function trimEnd(found: string): string {
  let link = found;
  for (;;) {
    const last = link.at(-1) ?? "";
    const isOpenless = last === ")" && link.split("(").length < link.split(")").length;
    if (!".,;:!?]}".includes(last) && !isOpenless) return link;
    link = link.slice(0, -1);
  }
}

const emojiPattern =
  /^(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*)$/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Whether a text is one to three emoji and nothing else, which is shown large. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replace(/\s+/g, "");
  if (bare.length === 0 || bare.length > 60 || /^[\d#*]+$/.test(bare)) return false;
  const parts = [...graphemes.segment(bare)].map(({ segment }) => segment);
  return (
    parts.length <= 3 && parts.every((part) => !/^[\d#*]$/.test(part) && emojiPattern.test(part))
  );
}
