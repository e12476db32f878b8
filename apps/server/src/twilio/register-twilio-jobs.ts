import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { backFillTexts } from "./back-fill-texts.ts";

/** A minute less than the back-fill period, which is 15 minutes: the sweep comes once a minute. */
const periodSeconds = 14 * 60;
/** How soon a workspace is tried again whose carrier did not answer. */
const retrySeconds = 2 * 60;
const lanes = 4;

/** The background work at Twilio. */
export interface TwilioJobs {
  /** Begins to back-fill what is due, all workspaces the first time, and does not wait for it. */
  sweep(): Promise<void>;
  /** Resolves when what has begun has ended. */
  settle(): Promise<void>;
  /** Ends at the next text and begins nothing more. Never throws. */
  close(): Promise<void>;
}

/**
 * Names who fetches the texts that webhooks missed: of every connected workspace
 * at the start and every 15 minutes, each at a moment of its own. Call before
 * the jobs start; call `close` after they have stopped and before the database closes.
 */
export function registerTwilioJobs(
  context: Context,
  { maxWaitMs = 5_000 }: { maxWaitMs?: number } = {},
): TwilioJobs {
  const queue = new Set<string>();
  const closing = new AbortController();
  const { signal } = closing;
  const busy = new Set<Promise<void>>();
  let hasBegun = false;

  /** On its own, because a long outage takes longer to make up for than a sweep may last. */
  async function runLane(): Promise<void> {
    for (const workspaceId of queue) {
      queue.delete(workspaceId);
      try {
        await sleep(Math.random() * maxWaitMs, undefined, { signal });
        await backFill(context, workspaceId, signal);
      } catch (error) {
        if (signal.aborted) return;
        context.log.warn({ err: error, workspaceId }, "texts could not be back-filled");
      }
    }
  }

  async function sweep(): Promise<void> {
    const isFirst = !hasBegun;
    for (const workspaceId of await listDue(context, isFirst)) queue.add(workspaceId);
    hasBegun = true;
    while (!signal.aborted && busy.size < Math.min(lanes, queue.size + busy.size)) {
      const lane = runLane().finally(() => busy.delete(lane));
      busy.add(lane);
    }
  }

  context.jobs.work("sweep", sweep);
  const settle = async () => {
    await Promise.all(busy);
  };
  return {
    sweep,
    settle,
    close: () => {
      closing.abort();
      return settle();
    },
  };
}

async function listDue({ database }: Context, isEvery: boolean): Promise<string[]> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ workspace_id: string }>`
      select workspace_id from public.workspace_twilio_config
      where is_configured and (${isEvery}::boolean or back_fill_due_at <= now())
      order by random()
    `.execute(trx),
  );
  return rows.map((row) => row.workspace_id);
}

async function backFill(context: Context, workspaceId: string, signal: AbortSignal): Promise<void> {
  // Before the work, so that no other server begins it too; never in step with other workspaces.
  await setDue(context, workspaceId, periodSeconds * (0.8 + 0.2 * Math.random()));
  faultPoint("back_fill_due_moved");
  try {
    const stored = await backFillTexts(context, workspaceId, { signal });
    if (stored > 0)
      context.log.warn({ workspaceId, stored }, "texts that were missed are here now");
  } catch (error) {
    await setDue(context, workspaceId, retrySeconds);
    throw error;
  }
}

async function setDue(
  { database }: Context,
  workspaceId: string,
  inSeconds: number,
): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config
      set back_fill_due_at = now() + make_interval(secs => ${inSeconds}::double precision)
      where workspace_id = ${workspaceId}
    `.execute(trx),
  );
}
