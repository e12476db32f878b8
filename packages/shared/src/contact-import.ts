import * as z from "zod";

/** Most rows of one request of an import; a file is sent in as many as it takes. */
export const maxImportRows = 200;

const cell = z.string().max(5000);

/** A row of a file with its columns named. What is empty or absent changes nothing. */
export const importRow = z.object({
  /** Where it stands in the file, for its errors: the first row below the header is 1. */
  row: z.int().positive(),
  phoneNumber: cell,
  name: cell.optional(),
  email: cell.optional(),
  company: cell.optional(),
  timeZone: cell.optional(),
  language: cell.optional(),
  about: cell.optional(),
  /** By the id of the custom field. */
  customFields: z.record(z.uuid(), cell).optional(),
});
export type ImportRow = z.infer<typeof importRow>;

/** The columns of a row that one of ours takes, beside the workspace's own fields. */
export const importColumns = [
  "phoneNumber",
  "name",
  "email",
  "company",
  "timeZone",
  "language",
  "about",
] as const;
export type ImportColumn = (typeof importColumns)[number];

export const checkImportRequest = z.object({
  /** Whose numbers they are that have no country code. */
  defaultCountry: z.string().regex(/^[A-Z]{2}$/, "is no country's code, such as US or DE"),
  rows: z.array(importRow).min(1).max(maxImportRows),
});
export type CheckImportRequest = z.infer<typeof checkImportRequest>;

export const importOutcome = z.object({
  row: z.int().positive(),
  /** As E.164; null when it is no phone number. */
  phoneNumber: z.string().nullable(),
  outcome: z.enum(["create", "update", "unchanged", "error"]),
  errors: z.array(z.object({ column: z.string(), reason: z.string() })),
});
export type ImportOutcome = z.infer<typeof importOutcome>;
export const importOutcomes = z.object({ items: z.array(importOutcome) });

export const contactImport = z.object({
  id: z.uuid(),
  fileName: z.string(),
  createdBy: z.uuid().nullable(),
  createdCount: z.int(),
  updatedCount: z.int(),
  unchangedCount: z.int(),
  failedCount: z.int(),
  undoneAt: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
});
export type ContactImport = z.infer<typeof contactImport>;
export const contactImportList = z.object({ items: z.array(contactImport) });
export const beginImportRequest = z.object({
  /** Made by the caller, so that a repeated request begins nothing twice. */
  id: z.uuid(),
  fileName: z.string().trim().min(1).max(255),
});
/** How many contacts the undoing still has before it: ask again until none is left. */
export const undoImportProgress = z.object({ leftCount: z.int().nonnegative() });
