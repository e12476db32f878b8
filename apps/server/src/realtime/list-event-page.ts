import type { EventPage } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { listEvents } from "./event-log.ts";
import { getHead } from "./get-head.ts";

/**
 * What a browser that knows the log up to `after` lacks. Throws
 * `resync_required` when that place is not in this log, or when what followed it
 * is no longer kept; `workspace_not_found` for a stranger.
 */
export async function listEventPage(
  database: Database,
  userId: string,
  workspaceId: string,
  query: { after: number; epoch?: string | undefined; limit: number },
): Promise<EventPage> {
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    if (query.epoch !== undefined && query.epoch !== epoch) throw resyncRequired();
    if (query.after > head) throw resyncRequired();
    if (query.after === head) return { epoch, events: [], head };
    const { rows } = await sql<{ oldest: string | number | null }>`
      select min(seq) as oldest from public.workspace_events where workspace_id = ${workspaceId}
    `.execute(trx);
    const oldest = rows[0]?.oldest ?? null;
    if (oldest === null || query.after < Number(oldest) - 1) throw resyncRequired();
    const events = await listEvents(trx, workspaceId, query.after, query.limit);
    // Old entries may have been dropped between the two reads.
    if (events[0]?.seq !== query.after + 1) throw resyncRequired();
    return { epoch, events, head: Math.max(head, events.at(-1)?.seq ?? 0) };
  });
}

function resyncRequired(): DomainError {
  return new DomainError(
    "resync_required",
    "What happened since can't be told one by one any more: load everything anew.",
  );
}
