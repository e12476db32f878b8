import {
  type ContactField,
  type ImportColumn,
  type ImportRow,
  importColumns,
  readCell,
} from "@livechat/shared";
import Papa from "papaparse";

/** A file's first line and the lines below it. Every line has as many cells as the header. */
export interface Table {
  header: string[];
  rows: string[][];
}

/** A file that was read, and what it is called. */
export interface OpenedFile {
  fileName: string;
  table: Table;
}

/** Largest file that is read: about 200 000 contacts. */
export const maxFileBytes = 20 * 1024 * 1024;

/**
 * The text of a file: UTF-8 or UTF-16 by its mark, UTF-8 without one, and what
 * can't be that as Windows-1252, which old spreadsheets write.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The table that a CSV text holds, whichever of , ; tab or | parts its cells. Empty lines are left out. */
export function parseTable(text: string): Table {
  const { data } = Papa.parse<string[]>(text, { delimitersToGuess: [",", ";", "\t", "|"] });
  const lines = data.filter((line) => line.some((cell) => cell.trim() !== ""));
  const [header = [], ...rows] = lines;
  const width = Math.max(header.length, ...rows.slice(0, 1000).map((row) => row.length));
  const fit = (line: string[]) => Array.from({ length: width }, (_, at) => line[at] ?? "");
  return { header: fit(header).map((cell) => cell.trim()), rows: rows.map(fit) };
}

/** What a column of the file is taken for: one of ours, a custom field's id, or nothing. */
export type Target = ImportColumn | `field:${string}` | "";

const names: Record<ImportColumn, RegExp> = {
  phoneNumber: /phone|mobile|cell|tel|number|telefon|handy|numero|numéro|móvil/i,
  name: /^(full |contact |display )?name$|^nombre$|^nom$|^contact$/i,
  email: /e-?mail/i,
  company: /company|organi[sz]ation|firma|empresa|société|employer/i,
  timeZone: /time ?zone|zeitzone/i,
  language: /language|locale|sprache|idioma|langue/i,
  about: /about|note|comment|description|notiz/i,
};

/** The most likely target of each column; none twice. */
export function guessTargets(header: readonly string[], fields: readonly ContactField[]): Target[] {
  const taken = new Set<Target>();
  return header.map((title) => {
    const field = fields.find(({ label }) => label.toLowerCase() === title.toLowerCase());
    const column = importColumns.find((each) => names[each].test(title) && !taken.has(each));
    const target: Target = field ? `field:${field.id}` : (column ?? "");
    if (target === "" || taken.has(target)) return "";
    taken.add(target);
    return target;
  });
}

/** The file's rows as an import takes them. */
export function readRows(table: Table, targets: readonly Target[]): ImportRow[] {
  return table.rows.map((cells, at) => {
    const row: ImportRow = { row: at + 1, phoneNumber: "" };
    for (const [column, target] of targets.entries()) {
      const value = readCell(cells[column] ?? "")
        .trim()
        .slice(0, 5000);
      if (target === "" || value === "") continue;
      if (target.startsWith("field:")) {
        row.customFields = { ...row.customFields, [target.slice(6)]: value };
      } else row[target as ImportColumn] = value;
    }
    return row;
  });
}

/** Rows in parts that one request takes, by their number and by their size. */
export function* partRows(
  rows: readonly ImportRow[],
  maxRows: number,
  maxBytes = 80_000,
): Generator<ImportRow[]> {
  let part: ImportRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = new TextEncoder().encode(JSON.stringify(row)).length;
    if (part.length > 0 && (part.length >= maxRows || bytes + size > maxBytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
