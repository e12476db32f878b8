import {
  type ContactImport,
  contactImport,
  type ImportOutcome,
  type ImportRow,
  importOutcomes,
  maxImportRows,
  undoImportProgress,
} from "@livechat/shared";
import { apiRequest } from "../../api/client.ts";
import { partRows } from "./read-csv.ts";

/** How many rows do what, and each row that can't be taken with the reasons. */
export interface ImportResult {
  create: number;
  update: number;
  unchanged: number;
  errors: ImportOutcome[];
}

interface Run {
  workspaceId: string;
  rows: readonly ImportRow[];
  defaultCountry: string;
  /** Null only rehearses. */
  importId: string | null;
  onProgress(doneCount: number): void;
  signal: AbortSignal;
}

/**
 * Sends the rows part by part, each only after the one before, and sums up what
 * they did or would do. A number that comes twice counts once. Throws ApiError.
 */
export async function runImport(run: Run): Promise<ImportResult> {
  const { workspaceId, rows, defaultCountry, importId } = run;
  const base = `/api/workspaces/${workspaceId}/contact-imports`;
  const summary: ImportResult = { create: 0, update: 0, unchanged: 0, errors: [] };
  const rowByNumber = new Map<string, number>();
  let doneCount = 0;
  for (const part of partRows(rows, maxImportRows)) {
    const { items } = await apiRequest({
      method: "POST",
      path: importId === null ? `${base}/check` : `${base}/${importId}/rows`,
      body: { defaultCountry, rows: part },
      response: importOutcomes,
      signal: run.signal,
    });
    for (const item of items) {
      const earlier = item.phoneNumber ? rowByNumber.get(item.phoneNumber) : undefined;
      if (item.outcome === "error") summary.errors.push(item);
      else if (earlier !== undefined && importId === null) {
        const reason = `is in row ${earlier} already, which this one would change again`;
        summary.errors.push({ ...item, errors: [{ column: "phoneNumber", reason }] });
      } else summary[item.outcome] += 1;
      if (item.phoneNumber && earlier === undefined) rowByNumber.set(item.phoneNumber, item.row);
    }
    doneCount += part.length;
    run.onProgress(doneCount);
  }
  return summary;
}

/** Begins an import that its id names. Throws ApiError. */
export function beginImport(
  workspaceId: string,
  id: string,
  fileName: string,
): Promise<ContactImport> {
  return apiRequest({
    method: "POST",
    path: `/api/workspaces/${workspaceId}/contact-imports`,
    body: { id, fileName: fileName.slice(0, 255) || "contacts.csv" },
    response: contactImport,
  });
}

/** Takes an import back, part by part, and tells how many contacts are still to do. Throws ApiError. */
export async function undoImport(
  workspaceId: string,
  importId: string,
  onLeft: (leftCount: number) => void,
): Promise<void> {
  for (;;) {
    const { leftCount } = await apiRequest({
      method: "POST",
      path: `/api/workspaces/${workspaceId}/contact-imports/${importId}/undo`,
      body: {},
      response: undoImportProgress,
    });
    onLeft(leftCount);
    if (leftCount === 0) return;
  }
}
