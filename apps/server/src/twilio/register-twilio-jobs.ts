import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { backFillTexts } from "./back-fill-texts.ts";
import { forgetReceipts } from "./forget-receipts.ts";
import { processQuarantine, processReceipt } from "./process-receipt.ts";

/** A minute less than the back-fill period, which is 15 minutes: the sweep comes once a minute. */
const periodSeconds = 14 * 60;
/** How soon a workspace is tried again whose carrier did not answer. */
const retrySeconds = 2 * 60;
const lanes = 4;
/** Once a day the list is read again behind the mark, for what entered it very late. */
const wideEverySeconds = 24 * 3600;
const wideLookBackMs = 3 * 24 * 3_600_000;
const watchEveryMs = 10_000;
/** A tick that is so late shows that the whole process, or its machine, was asleep. */
const asleepMs = 60_000;

/** The background work at Twilio. */
export interface TwilioJobs {
  /** Begins to back-fill what is due, all workspaces the first time, and does not wait for it. */
  sweep(): Promise<void>;
  /** Told of a failure of ours that may have cost a text. */
  noteOutage(): void;
  /**
   * Makes every workspace due at once after an outage that was noted, or that the
   * clock shows: this process was asleep. Comes by itself every 10 seconds.
   */
  watch(nowMs?: number): Promise<void>;
  /** Resolves when what has begun has ended. */
  settle(): Promise<void>;
  /** Ends at the next text and begins nothing more. Never throws. */
  close(): Promise<void>;
}

/**
 * Names who fetches the texts that webhooks missed: of every connected workspace
 * at the start, after an outage and every 15 minutes, each at a moment of its own,
 * and once a day further back; and who tries quarantined posts again, all of them
 * at the start; and who forgets what Twilio posted long ago. Call before the jobs start; call `close` after they have stopped
 * and before the database closes.
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
  let hasOutage = false;
  let lastWatchMs = Date.now();

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
    if (isFirst) await processQuarantine(context);
    for (const workspaceId of await listDue(context, isFirst)) queue.add(workspaceId);
    hasBegun = true;
    while (!signal.aborted && busy.size < Math.min(lanes, queue.size + busy.size)) {
      const lane = runLane().finally(() => busy.delete(lane));
      busy.add(lane);
    }
  }

  async function watch(nowMs = Date.now()): Promise<void> {
    if (nowMs - lastWatchMs > asleepMs) hasOutage = true;
    lastWatchMs = nowMs;
    if (!hasOutage || signal.aborted) return;
    try {
      await setAllDue(context);
      hasOutage = false;
    } catch {
      // The database is what is out; the next look finds out whether it still is.
    }
  }

  context.jobs.work("sweep", sweep);
  context.jobs.work("sweep", () => forgetReceipts(context));
  context.jobs.work("process_receipt", (key) => processReceipt(context, key));
  const watching = setInterval(() => void watch(), watchEveryMs);
  watching.unref();
  const settle = async () => {
    await Promise.all(busy);
  };
  return {
    sweep,
    noteOutage: () => {
      hasOutage = true;
    },
    watch,
    settle,
    close: () => {
      clearInterval(watching);
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
  const isWide = await claimWide(context, workspaceId);
  try {
    const stored = await backFillTexts(context, workspaceId, {
      signal,
      ...(isWide ? { lookBackMs: wideLookBackMs } : {}),
    });
    if (stored > 0)
      context.log.warn({ workspaceId, stored }, "texts that were missed are here now");
  } catch (error) {
    await setDue(context, workspaceId, retrySeconds, { isWideToo: isWide });
    throw error;
  }
}

/** Whether this run is the one of the day that looks further back. */
async function claimWide({ database }: Context, workspaceId: string): Promise<boolean> {
  const inSeconds = wideEverySeconds * (0.9 + 0.1 * Math.random());
  const { rows } = await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config
      set wide_back_fill_due_at = now() + make_interval(secs => ${inSeconds}::double precision)
      where workspace_id = ${workspaceId} and wide_back_fill_due_at <= now()
      returning workspace_id
    `.execute(trx),
  );
  return rows.length > 0;
}

async function setDue(
  { database }: Context,
  workspaceId: string,
  inSeconds: number,
  { isWideToo = false } = {},
): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config
      set back_fill_due_at = now() + make_interval(secs => ${inSeconds}::double precision),
        wide_back_fill_due_at = case
          when ${isWideToo}::boolean then now() else wide_back_fill_due_at
        end
      where workspace_id = ${workspaceId}
    `.execute(trx),
  );
}

/** Also what reports may have been lost of texts that we sent. */
async function setAllDue({ database }: Context): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config
      set back_fill_due_at = least(back_fill_due_at, now()),
        reconcile_due_at = least(reconcile_due_at, now())
      where is_configured
    `.execute(trx),
  );
}
