import type { EventPage, LogEventPayload, LogEventType, ViewCounts } from "@livechat/shared";
import { logEvent } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { noteAppended, type Tables } from "../platform/database.ts";

/** A fact of the log, not numbered yet. */
export type NewEvent = {
  [T in LogEventType]: { type: T; payload: LogEventPayload<T> };
}[LogEventType];

/**
 * Writes a fact into the workspace's log, in the transaction that makes it true.
 * Call it last: the log's counter stays locked until the commit. Servers are
 * woken after the commit.
 */
export async function appendEvent<T extends LogEventType>(
  trx: Transaction<Tables>,
  workspaceId: string,
  type: T,
  payload: LogEventPayload<T>,
): Promise<void> {
  // What is said of one type holds for the union of all.
  await appendEvents(trx, workspaceId, [{ type, payload } as unknown as NewEvent]);
}

/** As {@link appendEvent}, for several facts in their order. */
export async function appendEvents(
  trx: Transaction<Tables>,
  workspaceId: string,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await sql`
    select private.append_workspace_events(${workspaceId}, ${JSON.stringify(events)}::text::jsonb)
  `.execute(trx);
  noteAppended(trx, workspaceId);
}

/** Where a workspace's log ends, and what its views hold then; null when there is none for this caller. Read it before the data of a snapshot. */
export async function findHead(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<{ epoch: string; head: number; counts: ViewCounts } | null> {
  const { rows } = await sql<{
    epoch: string;
    last_seq: string | number;
    view_counts: ViewCounts;
  }>`
    select epoch, last_seq, view_counts from public.workspace_streams
    where workspace_id = ${workspaceId}
  `.execute(trx);
  const [row] = rows;
  return row ? { epoch: row.epoch, head: Number(row.last_seq), counts: row.view_counts } : null;
}

/** The log after `after`, oldest first, at most `limit` entries. */
export async function listEvents(
  trx: Transaction<Tables>,
  workspaceId: string,
  after: number,
  limit: number,
): Promise<EventPage["events"]> {
  const { rows } = await sql<{ seq: string | number; type: string; payload: unknown }>`
    select seq, type, payload from public.workspace_events
    where workspace_id = ${workspaceId} and seq > ${after}
    order by seq limit ${limit}
  `.execute(trx);
  return rows.map((row) =>
    logEvent.parse({ seq: Number(row.seq), type: row.type, payload: row.payload }),
  );
}
