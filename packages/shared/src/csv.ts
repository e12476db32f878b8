/**
 * A cell as it stands in a CSV file. What a spreadsheet would run as a formula
 * gets an apostrophe before it, which {@link readCell} takes away again.
 */
export function writeCell(value: string): string {
  const safe = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of cells, with the end that RFC 4180 asks for. */
export function writeLine(cells: readonly string[]): string {
  return `${cells.map(writeCell).join(",")}\r\n`;
}

/** The value of a cell that a file brings: one of ours without its guard. */
export function readCell(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
