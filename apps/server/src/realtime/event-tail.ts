import type { LogEvent } from "@livechat/shared";
import { sql } from "kysely";
import type { Logger } from "pino";
import type { Database } from "../platform/database.ts";
import { findHead, listEvents } from "./event-log.ts";

/** How many events are read at once. */
const batchSize = 500;

/** What the tail tells of the logs that it follows. */
export interface TailListener {
  /** Each event once, in order and without a gap. */
  deliver(workspaceId: string, epoch: string, event: LogEvent): void;
  /** The log is another one now: what browsers know of it is no longer of use. */
  restarted(workspaceId: string, epoch: string, head: number): void;
  /** The workspace is no more. */
  gone(workspaceId: string): void;
}

export interface EventTail {
  /**
   * Follows a workspace's log from its present end on, until the returned
   * function was called as often as this. Throws when the log can't be read.
   */
  follow(workspaceId: string): Promise<() => void>;
  /** Where delivery stands; null for a log that nobody follows. */
  findPlace(workspaceId: string): { epoch: string; seq: number } | null;
  /** Reads on soon. Does nothing for logs that nobody follows. */
  wake(workspaceIds: readonly string[]): void;
  /** Reads every followed log to its end, and tells where that is. Never throws. */
  poll(): Promise<ReadonlyMap<string, { epoch: string; head: number }>>;
  stop(): Promise<void>;
}

interface Followed {
  epoch: string;
  seq: number;
  followers: number;
  reading: Promise<void> | null;
  isAskedAgain: boolean;
}

/**
 * Reads the event logs of the workspaces that someone here follows. This, not
 * any message between servers, is what brings events to browsers: a wake-up
 * that gets lost only costs the time to the next poll.
 */
export function createEventTail(
  database: Database,
  log: Logger,
  listener: TailListener,
  pollEveryMs: number,
): EventTail {
  const opening = new Map<string, Promise<Followed>>();
  const followed = new Map<string, Followed>();
  let isStopped = false;

  async function open(workspaceId: string): Promise<Followed> {
    const start = await database.asSystem((trx) => findHead(trx, workspaceId));
    const each: Followed = {
      epoch: start?.epoch ?? "",
      seq: start?.head ?? 0,
      followers: 0,
      reading: null,
      isAskedAgain: false,
    };
    followed.set(workspaceId, each);
    return each;
  }

  async function readOn(workspaceId: string, each: Followed): Promise<void> {
    do {
      each.isAskedAgain = false;
      const { epoch, seq } = each;
      const read = await database.asSystem(async (trx) => ({
        head: await findHead(trx, workspaceId),
        events: await listEvents(trx, workspaceId, seq, batchSize),
      }));
      if (isStopped || followed.get(workspaceId) !== each) return;
      if (read.head === null) return listener.gone(workspaceId);
      const isContinued =
        read.head.epoch === epoch &&
        read.head.head >= seq &&
        (read.events.length === 0 || read.events[0]?.seq === seq + 1);
      if (!isContinued) {
        each.epoch = read.head.epoch;
        each.seq = read.head.head;
        listener.restarted(workspaceId, each.epoch, each.seq);
        continue;
      }
      for (const event of read.events) {
        each.seq = event.seq;
        listener.deliver(workspaceId, epoch, event);
      }
      if (read.events.length === batchSize) each.isAskedAgain = true;
    } while (each.isAskedAgain);
  }

  function read(workspaceId: string, each: Followed): Promise<void> {
    each.isAskedAgain = true;
    each.reading ??= readOn(workspaceId, each)
      .catch((error) => {
        if (!isStopped) log.error({ err: error, workspaceId }, "The event log can't be read now.");
      })
      .finally(() => {
        each.reading = null;
        // Asked between the last look and now.
        if (each.isAskedAgain && followed.get(workspaceId) === each) void read(workspaceId, each);
      });
    return each.reading;
  }

  async function poll(): Promise<ReadonlyMap<string, { epoch: string; head: number }>> {
    const ids = [...followed.keys()];
    if (ids.length === 0 || isStopped) return new Map();
    try {
      const heads = await listHeads(database, ids);
      const behind = ids.filter((id) => {
        const [each, head] = [followed.get(id), heads.get(id)];
        return each && (!head || head.epoch !== each.epoch || head.head !== each.seq);
      });
      await Promise.all(
        behind.map((id) => {
          const each = followed.get(id);
          return each && read(id, each);
        }),
      );
      return heads;
    } catch (error) {
      if (!isStopped) log.error({ err: error }, "The event logs can't be polled now.");
      return new Map();
    }
  }

  let polling: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    polling ??= poll().finally(() => {
      polling = null;
    });
  }, pollEveryMs);

  return {
    follow: async (workspaceId) => {
      let each = followed.get(workspaceId);
      if (!each) {
        let opened = opening.get(workspaceId);
        if (!opened) {
          opened = open(workspaceId).finally(() => opening.delete(workspaceId));
          opening.set(workspaceId, opened);
        }
        each = await opened;
      }
      const mine = each;
      mine.followers += 1;
      // A follower that left while this one waited took the log with it.
      followed.set(workspaceId, mine);
      let isReleased = false;
      return () => {
        if (isReleased) return;
        isReleased = true;
        mine.followers -= 1;
        if (mine.followers === 0 && followed.get(workspaceId) === mine) {
          followed.delete(workspaceId);
        }
      };
    },
    findPlace: (workspaceId) => {
      const each = followed.get(workspaceId);
      return each ? { epoch: each.epoch, seq: each.seq } : null;
    },
    wake: (workspaceIds) => {
      for (const id of workspaceIds) {
        const each = followed.get(id);
        if (each) void read(id, each);
      }
    },
    poll,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await Promise.all([polling, ...[...followed.values()].map((each) => each.reading)]);
      followed.clear();
    },
  };
}

async function listHeads(
  database: Database,
  workspaceIds: readonly string[],
): Promise<Map<string, { epoch: string; head: number }>> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ workspace_id: string; epoch: string; last_seq: string | number }>`
      select workspace_id, epoch, last_seq from public.workspace_streams
      where workspace_id = any (${`{${workspaceIds.join(",")}}`}::text::uuid[])
    `.execute(trx),
  );
  return new Map(
    rows.map((row) => [row.workspace_id, { epoch: row.epoch, head: Number(row.last_seq) }]),
  );
}
