import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Logger } from "pino";
import postgres from "postgres";
import type { Database } from "../platform/database.ts";

const channel = "workspace_events";

/** Wake-ups of the same moment go out as one: NOTIFY takes a lock that all commits share. */
const coalesceMs = 10;

/** NOTIFY carries less than 8000 bytes; an id takes 37. */
const maxIdsPerNotice = 200;

export interface WakeUps {
  stop(): Promise<void>;
}

/**
 * Calls `wake` when a log got longer: at once after a commit of this server,
 * and by NOTIFY after one of another. A hint only: any of it may get lost.
 * `listenUrl` is null where one server owns the database.
 */
export function startWakeUps(
  database: Database,
  listenUrl: string | null,
  log: Logger,
  wake: (workspaceIds: readonly string[]) => void,
  wakeAll: () => void,
): WakeUps {
  const serverId = randomUUID();
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  async function notify(): Promise<void> {
    const ids = [...waiting];
    waiting.clear();
    for (let at = 0; at < ids.length; at += maxIdsPerNotice) {
      const notice = `${serverId} ${ids.slice(at, at + maxIdsPerNotice).join(",")}`;
      await sql`select pg_notify(${channel}, ${notice})`.execute(database.kysely);
    }
  }

  const stopWatching = database.onAppended((ids) => {
    wake(ids);
    if (!listenUrl) return;
    for (const id of ids) waiting.add(id);
    timer ??= setTimeout(() => {
      timer = undefined;
      sending = notify().catch((error) =>
        log.warn({ err: error }, "Other servers were not woken; they will poll."),
      );
    }, coalesceMs);
  });

  const client = listenUrl
    ? postgres(listenUrl, { max: 1, onnotice: () => {}, connection: { application_name: channel } })
    : null;
  client
    ?.listen(
      channel,
      (notice) => {
        const [from, ids] = notice.split(" ");
        if (from !== serverId && ids) wake(ids.split(","));
      },
      // Also after a lost connection, through which wake-ups were missed.
      wakeAll,
    )
    .catch((error) => log.warn({ err: error }, "No wake-ups from other servers; polling instead."));

  return {
    stop: async () => {
      stopWatching();
      clearTimeout(timer);
      await sending;
      await client?.end({ timeout: 1 });
    },
  };
}
