import { sql } from "kysely";
import type { Database } from "../platform/database.ts";

const everyMs = 60_000;
const maxRemembered = 10_000;
const notedAtMs = new WeakMap<Database, Map<string, number>>();

/**
 * Notes that a genuine webhook came in for this number, at most once a minute
 * for each, so that the doctor can tell when the last one was. Throws what the
 * database throws.
 */
export async function noteWebhook(
  database: Database,
  workspaceId: string,
  to: string | null,
): Promise<void> {
  const noted = notedAtMs.get(database) ?? new Map<string, number>();
  notedAtMs.set(database, noted);
  const key = `${workspaceId} ${to ?? ""}`;
  const nowMs = Date.now();
  if (nowMs - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
  if (noted.size >= maxRemembered) noted.clear();
  noted.set(key, nowMs);
  await database.asSystem(async (trx) => {
    // In the order in which the numbers are read again, so that neither waits for the other.
    await sql`
      update public.twilio_numbers set last_webhook_at = now()
      where workspace_id = ${workspaceId} and phone_number = ${to}
    `.execute(trx);
    await sql`
      update public.workspace_twilio_config set last_webhook_at = now()
      where workspace_id = ${workspaceId}
    `.execute(trx);
  });
}

/** Makes the next webhook of this workspace noted at once: it says that a refusal is history. */
export function noteNext(database: Database, workspaceId: string): void {
  const noted = notedAtMs.get(database);
  for (const key of noted?.keys() ?? []) {
    if (key.startsWith(`${workspaceId} `)) noted?.delete(key);
  }
}
