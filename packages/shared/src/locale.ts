import * as z from "zod";

/** Whether the runtime knows this time zone of the IANA database. Offsets such as `+02:00` are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A BCP 47 tag in its usual spelling (`PT-br` is `pt-BR`), or null when it is none. */
export function parseLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

export const timeZone = z
  .string()
  .trim()
  .max(64)
  .refine(isTimeZone, "is not a time zone, such as America/New_York");

export const language = z
  .string()
  .trim()
  .max(35)
  .transform((tag, context) => {
    const parsed = parseLanguage(tag);
    if (parsed !== null) return parsed;
    context.addIssue({ code: "custom", message: "is not a language, such as en or pt-BR" });
    return z.NEVER;
  });
