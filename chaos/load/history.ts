import { appendFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

const outcome = z.enum(["ok", "fail", "unknown"]);

/** One operation as its caller saw it, and nothing that the system says of itself. */
export const operation = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("customer_text"),
    atMs: z.number(),
    from: z.string(),
    body: z.string(),
    /** `ok`: the carrier has it. */
    outcome,
    sid: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("send"),
    atMs: z.number(),
    id: z.uuid(),
    contactId: z.uuid(),
    body: z.string(),
    over: z.enum(["rest", "socket"]),
    /** How often it was asked with the same id. */
    tries: z.number(),
    /** `ok`: the server confirmed it at least once. `fail`: it refused. */
    outcome,
    code: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("read"),
    atMs: z.number(),
    contactId: z.uuid(),
    outcome,
  }),
  z.object({
    kind: z.literal("stop"),
    atMs: z.number(),
    from: z.string(),
    /** When the carrier's webhook had been answered. */
    outcome,
  }),
]);
export type Operation = z.infer<typeof operation>;

/** What was asked of the system, kept outside of it. */
export interface History {
  add(entry: Operation): void;
  entries(): readonly Operation[];
}

/** A history that is also written to `history.jsonl` in this folder as it grows. */
export function openHistory(folder: string): History {
  const entries: Operation[] = [];
  const file = path.join(folder, "history.jsonl");
  return {
    add: (entry) => {
      entries.push(entry);
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
    entries: () => entries,
  };
}
