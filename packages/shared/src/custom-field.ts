import type { ContactField } from "./resources.ts";

/** A value that a custom field can hold, or why it can't hold what was given. */
export type ParsedFieldValue = { ok: true; value: string | number } | { ok: false; reason: string };

/**
 * Reads what a person, a file or a client gives for a custom field. Texts are
 * trimmed; a choice is found however its letters are cased. Pure.
 */
export function parseCustomFieldValue(
  field: Pick<ContactField, "kind" | "choices">,
  given: string | number,
): ParsedFieldValue {
  const text = String(given).replaceAll("\0", "").toWellFormed().trim();
  switch (field.kind) {
    case "text":
      if (text.length > 1000) return { ok: false, reason: "has at most 1000 characters" };
      return text === "" ? { ok: false, reason: "is empty" } : { ok: true, value: text };
    case "number": {
      const isNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text);
      const value = Number(text);
      return isNumber && Number.isFinite(value)
        ? { ok: true, value }
        : { ok: false, reason: "is not a number, such as 12 or 3.5" };
    }
    case "date":
      return isDay(text)
        ? { ok: true, value: text }
        : { ok: false, reason: "is not a date, such as 2026-01-31" };
    case "choice": {
      const choice =
        field.choices.find((each) => each === text) ??
        field.choices.find((each) => each.toLowerCase() === text.toLowerCase());
      return choice === undefined
        ? { ok: false, reason: `is none of ${field.choices.join(", ")}` }
        : { ok: true, value: choice };
    }
    default:
      return field.kind satisfies never;
  }
}

function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match || match[1] === "0000") return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
