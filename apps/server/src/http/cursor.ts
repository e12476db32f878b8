import * as z from "zod";
import { DomainError } from "../errors.ts";

/** A moment with all of Postgres's microseconds, which a JavaScript Date would lose. */
export const textTime = z.iso
  .datetime({ precision: 6 })
  .refine((time) => !time.startsWith("0000"), "There is no year 0.");

/** A place in a list as the caller carries it: opaque, and safe in a URL. */
export function presentCursor<T>(place: T): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place that a cursor names. Throws `invalid_request` unless it is one of ours. */
export function parseCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid_request", "This list can't be continued from there: start anew.", {
    errors: [{ path: "query.cursor", message: "is not a cursor of this list" }],
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
