import {
  type ContactField,
  type Country,
  type CustomFieldValues,
  type ImportOutcome,
  type ImportRow,
  isTimeZone,
  parseCustomFieldValue,
  parseLanguage,
  parsePhoneNumber,
} from "@livechat/shared";
import * as z from "zod";
import { cleanName } from "./clean-name.ts";
import type { ContactRow } from "./present-contact.ts";

/** What an import writes of a contact; what is absent stays as it is. */
export interface ImportValues {
  name?: string | null;
  email?: string | null;
  company?: string | null;
  time_zone?: string | null;
  language?: string | null;
  about?: string | null;
  /** Only the fields that the row has; null stands for none. */
  custom_fields?: Record<string, string | number | null>;
}

/** What a row would do, and with which values. */
export interface RowPlan {
  outcome: ImportOutcome;
  /** The contact's values that change, as they are and as they become. */
  before: ImportValues;
  after: ImportValues;
}

interface Reading {
  phoneNumber: string | null;
  values: ImportValues;
  errors: ImportOutcome["errors"];
}

const email = z.email().max(320);

/** Reads a row by itself: its number, its values and everything that is wrong with it. Pure. */
export function readImportRow(
  row: ImportRow,
  fields: ReadonlyMap<string, ContactField>,
  country: Country,
): Reading {
  const errors: Reading["errors"] = [];
  const values: ImportValues = {};
  const phoneNumber = parsePhoneNumber(row.phoneNumber, country);
  if (phoneNumber === null) {
    const reason = row.phoneNumber.trim() === "" ? "is empty" : "is not a phone number";
    errors.push({ column: "phoneNumber", reason });
  }
  const texts = [
    ["name", "name", 200],
    ["company", "company", 200],
    ["about", "about", 5000],
  ] as const;
  for (const [column, key, maxLength] of texts) {
    const text = cleanName(row[column] ?? null);
    if (text === null) continue;
    if (text.length > maxLength) {
      errors.push({ column, reason: `has more than ${maxLength} characters` });
    } else values[key] = text;
  }
  const address = cleanName(row.email ?? null);
  if (address !== null) {
    if (email.safeParse(address).success) values.email = address;
    else errors.push({ column: "email", reason: "is not an e-mail address" });
  }
  const zone = cleanName(row.timeZone ?? null);
  if (zone !== null) {
    if (isTimeZone(zone) && zone.length <= 64) values.time_zone = zone;
    else errors.push({ column: "timeZone", reason: "is not a time zone, such as Europe/Paris" });
  }
  const tag = cleanName(row.language ?? null);
  if (tag !== null) {
    const language = parseLanguage(tag);
    if (language !== null && language.length <= 35) values.language = language;
    else errors.push({ column: "language", reason: "is not a language, such as en or pt-BR" });
  }
  for (const [id, given] of Object.entries(row.customFields ?? {})) {
    if (given.trim() === "") continue;
    const field = fields.get(id);
    const parsed = field
      ? parseCustomFieldValue(field, given)
      : { ok: false as const, reason: "is no field of this workspace" };
    if (parsed.ok) values.custom_fields = { ...values.custom_fields, [id]: parsed.value };
    else errors.push({ column: field?.label ?? id, reason: parsed.reason });
  }
  return { phoneNumber, values, errors };
}

/** What the row does to the contact that has its number; null when there is none yet. Pure. */
export function planImportRow(row: number, reading: Reading, known: ContactRow | null): RowPlan {
  const { phoneNumber, values, errors } = reading;
  const outcome = (kind: ImportOutcome["outcome"]): ImportOutcome => ({
    row,
    phoneNumber,
    outcome: kind,
    errors,
  });
  if (errors.length > 0) return { outcome: outcome("error"), before: {}, after: {} };
  if (!known) return { outcome: outcome("create"), before: {}, after: values };
  const before: ImportValues = {};
  const after: ImportValues = {};
  for (const key of ["name", "email", "company", "time_zone", "language", "about"] as const) {
    const value = values[key];
    if (value === undefined || value === known[key]) continue;
    before[key] = known[key];
    after[key] = value;
  }
  for (const [id, value] of Object.entries(values.custom_fields ?? {})) {
    if (known.custom_fields[id] === value) continue;
    before.custom_fields = { ...before.custom_fields, [id]: known.custom_fields[id] ?? null };
    after.custom_fields = { ...after.custom_fields, [id]: value };
  }
  const isChanged = Object.keys(after).length > 0;
  return { outcome: outcome(isChanged ? "update" : "unchanged"), before, after };
}

/** The contact's values with these in them. */
export function withImportValues(
  known: Pick<ContactRow, "name" | "email" | "company" | "time_zone" | "language" | "about"> & {
    custom_fields: CustomFieldValues;
  },
  values: ImportValues,
) {
  const { custom_fields: fields, ...texts } = values;
  const customFields: CustomFieldValues = { ...known.custom_fields };
  for (const [id, value] of Object.entries(fields ?? {})) {
    if (value === null) delete customFields[id];
    else customFields[id] = value;
  }
  return { ...known, ...texts, custom_fields: customFields };
}
