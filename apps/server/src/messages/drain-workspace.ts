import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { Database } from "../platform/database.ts";
import { burstSeconds } from "./choose-pace.ts";
import type { Claim } from "./claim-message.ts";
import type { MessageKey } from "./messages-store.ts";

/** A claim, and for one that was granted, what remains to be done. */
export type BegunAttempt =
  | { outcome: "claimed"; carry: () => Promise<void> }
  | Exclude<Claim, { outcome: "claimed" }>;

type BeginAttempt = (context: Context, key: MessageKey) => Promise<BegunAttempt>;

/** How many texts this process has on their way at once: less than it has sockets. */
const maxSlots = 80;
/** So long at most does a drain sleep: what another server has changed is not told to it. */
const longestSleepMs = 5_000;

interface Slot {
  release(): void;
}

/** What this process is sending, over one database. */
interface Dispatches {
  slots: number;
  /** One place each for the workspaces that wait for a slot: they take turns. */
  line: (() => void)[];
  drains: Map<string, { wake(): void; context: Context }>;
  running: Set<Promise<unknown>>;
  isClosing: boolean;
}

const dispatchesOf = new WeakMap<Database, Dispatches>();

function open(database: Database): Dispatches {
  const known = dispatchesOf.get(database);
  if (known) return known;
  const made: Dispatches = {
    slots: maxSlots,
    line: [],
    drains: new Map(),
    running: new Set(),
    isClosing: false,
  };
  dispatchesOf.set(database, made);
  return made;
}

/** A slot if one is free and nobody waits for it. */
export function takeSlotNow(database: Database): Slot | null {
  const dispatches = open(database);
  if (dispatches.slots === 0 || dispatches.line.length > 0) return null;
  dispatches.slots -= 1;
  return { release: () => release(dispatches) };
}

async function takeSlot(dispatches: Dispatches): Promise<Slot> {
  if (dispatches.slots > 0 && dispatches.line.length === 0) dispatches.slots -= 1;
  else await new Promise<void>((resolve) => dispatches.line.push(resolve));
  return { release: () => release(dispatches) };
}

function release(dispatches: Dispatches): void {
  const next = dispatches.line.shift();
  if (next) next();
  else dispatches.slots += 1;
}

/**
 * Sends what waits in a workspace, in the background, until nothing does: one
 * claim after the other, as its senders' pace lets it, and so that workspaces take
 * turns. Asked again while it runs, it looks again.
 */
export function drainWorkspace(
  context: Context,
  workspaceId: string,
  beginAttempt: BeginAttempt,
): void {
  const dispatches = open(context.database);
  if (dispatches.isClosing) return;
  const known = dispatches.drains.get(workspaceId);
  if (known) {
    known.context = context;
    known.wake();
    return;
  }
  const alarm = createAlarm();
  const drain = { wake: alarm.ring, context };
  dispatches.drains.set(workspaceId, drain);
  const done = run().catch((error: unknown) => {
    // The sweep begins again.
    context.log.warn({ err: error, workspaceId }, "waiting texts could not be dispatched");
  });
  track(dispatches, done);

  async function run(): Promise<void> {
    try {
      while (!dispatches.isClosing) {
        alarm.reset();
        const next = await findNext(drain.context.database, workspaceId);
        if (next.kind === "wait") await alarm.sleep(next.waitMs);
        else if (next.kind === "text") {
          const waitMs = await begin({ workspaceId, messageId: next.id });
          if (waitMs > 0) await alarm.sleep(waitMs);
        } else if (!alarm.hasRung()) return;
      }
    } finally {
      dispatches.drains.delete(workspaceId);
    }
  }

  /** Returns how long nothing of this workspace can be sent. */
  async function begin(key: MessageKey): Promise<number> {
    const slot = await takeSlot(dispatches);
    let begun: BegunAttempt;
    try {
      begun = await beginAttempt(drain.context, key);
    } catch (error) {
      slot.release();
      throw error;
    }
    if (begun.outcome !== "claimed") {
      slot.release();
      return begun.outcome === "busy" ? begun.waitMs : 0;
    }
    const { context: current } = drain;
    const carried = begun
      .carry()
      .catch((error: unknown) => {
        current.log.warn({ err: error, ...key }, "what became of a text could not be stored");
      })
      .finally(() => {
        slot.release();
        const running = dispatches.drains.get(workspaceId);
        if (running) running.wake();
        else drainWorkspace(current, workspaceId, beginAttempt);
      });
    track(dispatches, carried);
    return 0;
  }
}

function track(dispatches: Dispatches, work: Promise<unknown>): void {
  dispatches.running.add(work);
  void work.finally(() => dispatches.running.delete(work));
}

/** Resolves when no dispatch runs in the background any more: call before the database closes. */
export async function settleDispatches(database: Database): Promise<void> {
  const dispatches = open(database);
  dispatches.isClosing = true;
  for (const { wake } of dispatches.drains.values()) wake();
  while (dispatches.running.size > 0) await Promise.all(dispatches.running);
}

function createAlarm() {
  let ring = () => {};
  let isRung = false;
  return {
    ring: () => {
      isRung = true;
      ring();
    },
    reset: () => {
      isRung = false;
    },
    hasRung: () => isRung,
    sleep: (ms: number) =>
      new Promise<void>((resolve) => {
        if (isRung) return resolve();
        const timer = setTimeout(resolve, Math.min(ms, longestSleepMs));
        ring = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

type Next = { kind: "text"; id: string } | { kind: "wait"; waitMs: number } | { kind: "nothing" };

/** The text that has waited longest among those that may go now, or how long until one may. */
async function findNext(database: Database, workspaceId: string): Promise<Next> {
  const { rows } = await database.asSystem((trx) =>
    // The first of each contact by the index, and only then what it needs: with thousands that
    // wait, a look back from each of them would take seconds.
    sql<{ id: string; wait_ms: number }>`
      with first_in_line as (
        select distinct on (contact_id) * from public.messages
        where workspace_id = ${workspaceId} and status in ('pending', 'sending')
        order by contact_id, created_at, id
      )
      select m.id, greatest(0, extract(epoch from greatest(
        coalesce(l.free_at - make_interval(secs => ${burstSeconds}), '-infinity'),
        coalesce(s.probe_at, '-infinity'),
        clock_timestamp()
      ) - clock_timestamp()) * 1000)::float8 as wait_ms
      from first_in_line m
      join public.workspace_sending s on s.workspace_id = m.workspace_id
      join public.contacts c
        on c.workspace_id = m.workspace_id and c.id = m.contact_id and c.deleted_at is null
      left join public.sender_lanes l
        on l.workspace_id = m.workspace_id
        and l.sender = coalesce(m.messaging_service_sid, m.from_number)
      where m.status = 'pending' and m.direction = 'outbound'
        -- A text that was refused has a job of its own.
        and (m.send_after is null or m.send_after <= clock_timestamp())
      order by wait_ms, m.created_at, m.id
      limit 1
    `.execute(trx),
  );
  const [next] = rows;
  if (!next) return { kind: "nothing" };
  return next.wait_ms > 0 ? { kind: "wait", waitMs: next.wait_ms } : { kind: "text", id: next.id };
}
