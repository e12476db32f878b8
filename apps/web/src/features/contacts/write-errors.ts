import { type ImportOutcome, writeLine } from "@livechat/shared";
import type { Table } from "./read-csv.ts";

/** The rows that were not taken as a file to mend: as they were, with the reasons behind. */
export function writeErrors(table: Table, errors: readonly ImportOutcome[]): Blob {
  const lines = errors.map(({ row, errors: reasons }) =>
    writeLine([
      ...(table.rows[row - 1] ?? []),
      String(row),
      reasons.map(({ column, reason }) => `${column} ${reason}`).join("; "),
    ]),
  );
  const header = writeLine([...table.header, "Row", "Why it was not imported"]);
  return new Blob(["\uFEFF", header, ...lines], { type: "text/csv;charset=utf-8" });
}
