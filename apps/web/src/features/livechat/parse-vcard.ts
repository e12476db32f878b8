/** What a contact card says of one person, as plain text. */
export interface VCard {
  name: string | null;
  organization: string | null;
  numbers: readonly { number: string; label: string | null }[];
}

const maxCards = 50;
const maxNumbers = 20;
const maxWords = 200;

const labels: readonly [type: string, label: string][] = [
  ["CELL", "Mobile"],
  ["IPHONE", "Mobile"],
  ["WORK", "Work"],
  ["HOME", "Home"],
  ["MAIN", "Main"],
  ["PAGER", "Pager"],
];

interface Property {
  name: string;
  params: readonly string[];
  /** One character for each byte. */
  value: string;
}

/**
 * The cards of a file of vCard 2.1, 3.0 or 4.0, those that name nobody left out. Reads
 * names, organizations and numbers alone: pictures, links and everything else in it are
 * passed over. Never throws; what is no card gives none.
 */
export function parseVCards(bytes: Uint8Array): VCard[] {
  const cards: VCard[] = [];
  let properties: Property[] = [];
  // A 2.1 card may hold the card of an agent, which is somebody else.
  let depth = 0;
  for (const line of unfold(readBytes(bytes))) {
    const property = parseProperty(line);
    if (!property) continue;
    const isCard = /^\s*VCARD\s*$/i.test(property.value);
    if (property.name === "BEGIN" && isCard) {
      depth += 1;
      if (depth === 1) properties = [];
    } else if (property.name === "END" && isCard) {
      depth = Math.max(0, depth - 1);
      const card = depth === 0 ? readCard(properties) : null;
      if (card) cards.push(card);
      if (cards.length === maxCards) break;
    } else if (depth === 1) properties.push(property);
  }
  return cards;
}

/** Each byte as one character, so that a line can be cut before its charset is known. */
function readBytes(bytes: Uint8Array): string {
  const isWide =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const narrow = isWide
    ? new TextEncoder().encode(
        new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes),
      )
    : bytes;
  let text = "";
  for (let at = 0; at < narrow.length; at += 8192) {
    text += String.fromCharCode(...narrow.subarray(at, at + 8192));
  }
  return text.replace(/^\u00ef\u00bb\u00bf/, "");
}

function unfold(text: string): string[] {
  const lines: string[] = [];
  let isSoftBreak = false;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = lines.length - 1;
    if (isSoftBreak) lines[last] = (lines[last] ?? "").slice(0, -1) + line;
    else if (/^[ \t]/.test(line) && last >= 0) lines[last] += line.slice(1);
    else lines.push(line);
    const whole = lines.at(-1) ?? "";
    isSoftBreak = whole.endsWith("=") && /^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(whole);
  }
  return lines;
}

function parseProperty(line: string): Property | null {
  const head = /^(?:[^":]|"[^"]*")*/.exec(line)?.[0] ?? "";
  if (head === "" || line[head.length] !== ":") return null;
  const [name = "", ...params] = head.split(";");
  return {
    // A group's name, as in `item1.TEL`, tells what belongs together.
    name: name
      .slice(name.lastIndexOf(".") + 1)
      .trim()
      .toUpperCase(),
    params: params.map((param) => param.trim().toUpperCase()),
    value: line.slice(head.length + 1),
  };
}

function readCard(properties: readonly Property[]): VCard | null {
  const find = (name: string) => properties.find((property) => property.name === name);
  const numbers = new Map<string, VCard["numbers"][number]>();
  for (const property of properties) {
    if (property.name !== "TEL" || numbers.size === maxNumbers) continue;
    const number = readNumber(decode(property));
    if (number && !numbers.has(number)) numbers.set(number, { number, label: label(property) });
  }
  const formatted = find("FN");
  const parts = find("N");
  const group = find("ORG");
  const organization = group ? clean(splitParts(decode(group)).join(", ")) : null;
  const name =
    (formatted && clean(readEscapes(decode(formatted)))) ||
    (parts && clean(joinName(splitParts(decode(parts))))) ||
    organization;
  if (!name && numbers.size === 0) return null;
  return {
    name: name || null,
    organization: organization === name ? null : organization,
    numbers: [...numbers.values()],
  };
}

/** Family, given, further, before and after it, as the format orders them. */
function joinName([family, given, further, before, after]: readonly string[]): string {
  return [before, given, further, family, after].filter(Boolean).join(" ");
}

function label({ params }: Property): string | null {
  const types = params.flatMap((param) =>
    param
      .replace(/^TYPE=/, "")
      .replaceAll('"', "")
      .split(","),
  );
  return labels.find(([type]) => types.includes(type))?.[1] ?? null;
}

function readNumber(value: string): string | null {
  const number = clean(readEscapes(value)).replace(/^tel:/i, "").replace(/;.*$/, "").trim();
  if (!/^[+\d(][\d\s().\-/*#]{2,39}$/.test(number)) return null;
  return (number.match(/\d/g)?.length ?? 0) >= 3 ? number : null;
}

function decode({ params, value }: Property): string {
  const isQuoted = params.some((param) => /^(ENCODING=)?QUOTED-PRINTABLE$/.test(param));
  const raw = isQuoted
    ? value.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : value;
  const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
  const named = params.find((param) => param.startsWith("CHARSET="))?.slice(8);
  for (const charset of [named, "utf-8"]) {
    if (!charset) continue;
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {
      // Not a charset that is known, or not the one that it was written in.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

/** The parts of a structured value: a semicolon divides, unless a backslash stands before it. */
function splitParts(value: string): string[] {
  return (value.match(/(?:\\.|[^;\\])*(?:;|$)/gs) ?? []).map((part) =>
    readEscapes(part.replace(/;$/, "")).trim(),
  );
}

function readEscapes(value: string): string {
  return value.replace(/\\([\\,;:nN])/g, (_, character: string) =>
    character === "n" || character === "N" ? " " : character,
  );
}

/** One short line without what can't be seen. */
function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, "")
    .replace(/(, )+$/, "")
    .trim()
    .slice(0, maxWords);
}
