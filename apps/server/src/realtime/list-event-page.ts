import type { EventPage } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database, Tables } from "../platform/database.ts";
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
  const { epoch, head, oldest } = await database.asMember(userId, (trx) =>
    getEnds(trx, workspaceId),
  );
  if (query.epoch !== undefined && query.epoch !== epoch) throw resyncRequired();
  if (query.after > head) throw resyncRequired();
  if (query.after === head) return { epoch, events: [], head };
  if (oldest === null || query.after < oldest - 1) throw resyncRequired();
  const events = await readTogether(database, { workspaceId, epoch, head, ...query });
  // Old entries may have been dropped between the two reads.
  if (events[0]?.seq !== query.after + 1) throw resyncRequired();
  return { epoch, events, head: Math.max(head, events.at(-1)?.seq ?? 0) };
}

/** Where the log ends and begins, for a member only. */
async function getEnds(trx: Transaction<Tables>, workspaceId: string) {
  const { epoch, head } = await getHead(trx, workspaceId);
  const { rows } = await sql<{ oldest: string | number | null }>`
    select min(seq) as oldest from public.workspace_events where workspace_id = ${workspaceId}
  `.execute(trx);
  const oldest = rows[0]?.oldest ?? null;
  return { epoch, head, oldest: oldest === null ? null : Number(oldest) };
}

type Events = EventPage["events"];

const readings = new WeakMap<Database, Map<string, Promise<Events>>>();

/**
 * The same part of a log once for all who ask for it while it is being read: after a restart every
 * browser lacks the same. Each of them was found to be a member before.
 */
function readTogether(
  database: Database,
  asked: { workspaceId: string; epoch: string; head: number; after: number; limit: number },
): Promise<Events> {
  const { workspaceId, epoch, head, after, limit } = asked;
  const underWay = readings.get(database) ?? new Map<string, Promise<Events>>();
  readings.set(database, underWay);
  const key = `${workspaceId} ${epoch} ${head} ${after} ${limit}`;
  const known = underWay.get(key);
  if (known) return known;
  const reading = database
    .asSystem((trx) => listEvents(trx, workspaceId, after, limit))
    .finally(() => underWay.delete(key));
  underWay.set(key, reading);
  return reading;
}

function resyncRequired(): DomainError {
  return new DomainError(
    "resync_required",
    "What happened since can't be told one by one any more: load everything anew.",
  );
}
