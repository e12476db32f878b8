import { sql } from "kysely";
import type { Context } from "../context.ts";
import { examineLine } from "./examine-line.ts";
import { getCredentials } from "./find-credentials.ts";
import { type Door, syncNumbers } from "./sync-numbers.ts";

const everySeconds = 60 * 60;
/** Not all in one sweep: each workspace costs Twilio a few requests. */
const perSweep = 20;

/** The background work that keeps an eye on phone lines. */
export interface LineJobs {
  /** Examines what is due, one workspace after the other. */
  sweep(): Promise<void>;
  /** Ends at the next workspace and begins nothing more. Never throws. */
  close(): Promise<void>;
}

/**
 * Names who examines phone lines: each connected workspace about once an hour,
 * so that what was changed at Twilio shows, and reads the numbers again about
 * once a day. Call before the jobs start.
 */
export function registerLineJobs(context: Context): LineJobs {
  let isClosed = false;
  let running: Promise<void> | null = null;

  async function runAll(): Promise<void> {
    for (const { workspaceId, isSyncDue } of await takeDue(context)) {
      if (isClosed) return;
      try {
        await lookAfter(context, workspaceId, isSyncDue);
      } catch (error) {
        if (!isClosed) {
          context.log.warn({ err: error, workspaceId }, "a phone line could not be examined");
        }
      }
    }
  }

  /** On its own, because a slow carrier must not hold up the other sweeps. */
  function sweep(): Promise<void> {
    if (isClosed) return Promise.resolve();
    running ??= runAll()
      .catch((error: unknown) => {
        context.log.warn({ err: error }, "phone lines could not be examined");
      })
      .finally(() => {
        running = null;
      });
    return running;
  }

  context.jobs.work("sweep", async () => {
    void sweep();
  });
  return {
    sweep,
    close: async () => {
      isClosed = true;
      await running;
    },
  };
}

async function lookAfter(context: Context, workspaceId: string, isSyncDue: boolean): Promise<void> {
  const door: Door = (work) => context.database.asSystem(work);
  if (isSyncDue) {
    const credentials = await getCredentials(context, workspaceId);
    await syncNumbers(context, door, workspaceId, credentials).catch((error: unknown) => {
      // The examination says why.
      context.log.warn({ err: error, workspaceId }, "the numbers could not be read again");
    });
  }
  await examineLine(context, door, workspaceId);
}

/** Takes the workspaces whose turn it is, so that no other server examines them too. */
async function takeDue({
  database,
}: Context): Promise<{ workspaceId: string; isSyncDue: boolean }[]> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ workspace_id: string; is_sync_due: boolean }>`
      update public.workspace_twilio_config
      -- Never in step with other workspaces.
      set examine_due_at = now()
        + make_interval(secs => ${everySeconds}::double precision * (0.8 + 0.4 * random()))
      where workspace_id in (
        select workspace_id from public.workspace_twilio_config
        where is_configured and examine_due_at <= now()
        order by examine_due_at limit ${perSweep}
        for update skip locked
      )
      returning workspace_id,
        coalesce(numbers_synced_at < now() - interval '23 hours', true) as is_sync_due
    `.execute(trx),
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, isSyncDue: row.is_sync_due }));
}
