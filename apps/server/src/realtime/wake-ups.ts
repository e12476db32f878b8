import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import type { Logger } from "pino";
import { type Database, readAsLibpq } from "../platform/database.ts";

const channel = "workspace_events";

/** Wake-ups of the same moment go out as one: NOTIFY takes a lock that all commits share. */
const coalesceMs = 10;

/** NOTIFY carries less than 8000 bytes; an id takes 37. */
const maxIdsPerNotice = 200;

const reconnectMs = 1_000;

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

  const stopListening = listenUrl ? listen(listenUrl) : null;

  /** Hears other servers for as long as it may, over a connection of its own, and over a new one when that breaks. */
  function listen(url: string): () => Promise<void> {
    let client: pg.Client | undefined;
    let again: NodeJS.Timeout | undefined;
    let isStopped = false;

    async function connect(): Promise<void> {
      const next = new pg.Client({ connectionString: readAsLibpq(url), application_name: channel });
      client = next;
      next.on("notification", ({ payload = "" }) => {
        const [from, ids] = payload.split(" ");
        if (from !== serverId && ids) wake(ids.split(","));
      });
      next.on("error", (error) => retry(next, error));
      next.on("end", () => retry(next, null));
      try {
        await next.connect();
        await next.query(`listen ${channel}`);
        // Also after a lost connection, through which wake-ups were missed.
        wakeAll();
      } catch (error) {
        retry(next, error);
      }
    }

    function retry(of: pg.Client, error: unknown): void {
      if (isStopped || client !== of) return;
      client = undefined;
      of.end().catch(() => {});
      log.warn({ err: error }, "No wake-ups from other servers for now; polling instead.");
      again = setTimeout(() => void connect(), reconnectMs);
    }

    void connect();
    return async () => {
      isStopped = true;
      clearTimeout(again);
      await client?.end().catch(() => {});
    };
  }

  return {
    stop: async () => {
      stopWatching();
      clearTimeout(timer);
      await sending;
      await stopListening?.();
    },
  };
}
