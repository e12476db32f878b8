import type { RefusedWebhook } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { noteNext } from "./note-webhook.ts";

/** Why a webhook was not let in. */
export interface Refusal {
  reason: RefusedWebhook["reason"];
  /** What the reason is about, such as the address that the signature fits. */
  fact: string | null;
}

const everyMs = 10_000;
const maxRemembered = 1_000;
const unwritten = new WeakMap<Database, Map<string, { writtenAtMs: number; times: number }>>();

/**
 * Counts a refusal. However many come, one row a reason is kept, and it is
 * written at most every ten seconds: anybody can send what is refused. Admins
 * are told live when a reason is new. Throws what the database throws.
 */
export async function noteRefusal(
  database: Database,
  workspaceId: string,
  kind: RefusedWebhook["kind"],
  { reason, fact }: Refusal,
): Promise<void> {
  const counts =
    unwritten.get(database) ?? new Map<string, { writtenAtMs: number; times: number }>();
  unwritten.set(database, counts);
  const key = `${workspaceId} ${kind} ${reason}`;
  const count = counts.get(key) ?? { writtenAtMs: Number.NEGATIVE_INFINITY, times: 0 };
  count.times += 1;
  if (counts.size >= maxRemembered) counts.clear();
  counts.set(key, count);
  const nowMs = Date.now();
  if (nowMs - count.writtenAtMs < everyMs) return;
  const { times } = count;
  noteNext(database, workspaceId);
  counts.set(key, { writtenAtMs: nowMs, times: 0 });
  await database.asSystem(async (trx) => {
    const { rows } = await sql<{ is_news: boolean }>`
      insert into public.refused_webhooks as known (workspace_id, kind, reason, fact, times)
      values (${workspaceId}, ${kind}, ${reason}, ${fact}, ${times})
      on conflict (workspace_id, kind, reason) do update set
        fact = excluded.fact,
        times = known.times + excluded.times,
        last_at = now()
      returning known.created_at = now()
        or known.updated_at < now() - interval '1 hour' as is_news
    `.execute(trx);
    if (!rows[0]?.is_news) return;
    const changed = await sql<{ problem_count: number; findings_changed_at: Date }>`
      update public.workspace_twilio_config set findings_changed_at = now(), examine_due_at = now()
      where workspace_id = ${workspaceId}
      returning problem_count, findings_changed_at
    `.execute(trx);
    const [row] = changed.rows;
    if (!row) return;
    await appendEvent(trx, workspaceId, "line_updated", {
      line: { problemCount: row.problem_count, changedAt: row.findings_changed_at.toISOString() },
    });
  });
}
