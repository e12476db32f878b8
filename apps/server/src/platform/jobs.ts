import { CompiledQuery, sql, type Transaction } from "kysely";
import { PgBoss } from "pg-boss";
import type { Logger } from "pino";
import type { Database, Tables } from "./database.ts";

/** Every kind of work that outlives a request, and what it needs to know. At least once: handlers must be safe to repeat. */
export interface JobPayloads {
  /** Brings an accepted text on its way when the request that made it could not. */
  dispatch_message: { workspaceId: string; messageId: string };
  /** Sends a scheduled text, if its time has come by then. */
  release_scheduled: { workspaceId: string; messageId: string };
  /** Copies one received file from Twilio into our store. */
  fetch_media: { workspaceId: string; mediaId: string };
  /** Tries a quarantined post of Twilio's again. */
  process_receipt: { workspaceId: string; receiptId: string };
  /** Ends a snooze when its time has come. */
  wake_conversation: { workspaceId: string; contactId: string };
  /** Removes a deleted contact's rows and files for good. */
  purge_contact: { workspaceId: string; contactId: string };
  /** Looks for texts whose fate is unknown and for files that nobody sent. */
  sweep: Record<string, never>;
}
type JobName = keyof JobPayloads;

interface EnqueueOptions {
  startAfterSeconds?: number;
}

/** What a handler is told about this run of a job. */
interface JobRun {
  /** True when a throw will not be followed by another run. */
  isLastAttempt: boolean;
}

/** The queue of background work. */
export interface Jobs {
  /**
   * Enqueues in the caller's transaction, of either door: the job exists
   * exactly if the change does. Call it after `start`.
   */
  enqueue<N extends JobName>(
    trx: Transaction<Tables>,
    name: N,
    payload: JobPayloads[N],
    options?: EnqueueOptions,
  ): Promise<void>;
  /**
   * Names who does the work; of several handlers of one name, each runs. Call
   * before `start`. A handler that throws is run again, later and later.
   */
  work<N extends JobName>(
    name: N,
    handler: (payload: JobPayloads[N], run: JobRun) => Promise<void>,
  ): void;
  /** Makes the queue's tables where they lack, then begins to work. Throws what the database throws. */
  start(): Promise<void>;
  /** Lets running work end, at most 5 s, then stops. What did not end runs again at the next start. */
  stop(): Promise<void>;
}

type Handler = (payload: never, run: JobRun) => Promise<void>;

const names = [
  "dispatch_message",
  "release_scheduled",
  "fetch_media",
  "process_receipt",
  "wake_conversation",
  "purge_contact",
  "sweep",
] as const satisfies readonly JobName[];
/** Nobody waits for the second in which these are done. */
const patient: ReadonlySet<JobName> = new Set(["wake_conversation", "purge_contact"]);
const sweepEverySeconds = 60;
const commitDelayMs = 50;
/** Longer than any handler takes; after it, a job whose server died is run again. */
const expireInSeconds = 120;
/** 2, 4, 8 … 120 s: about eight minutes in all. */
const retries = { retryLimit: 10, retryDelay: 2, retryBackoff: true, retryDelayMax: 120 };

/** The queue, kept by pg-boss in the program's own database, in the schema `pgboss`. */
export function createJobs(database: Database, log: Logger): Jobs {
  const handlers = new Map<JobName, Handler[]>();
  const workerIds = new Map<JobName, string>();
  const awaited = new Set<JobName>();
  const boss = new PgBoss({
    db: createExecutor(database),
    schedule: false,
  });
  boss.on("error", (error) => log.error({ err: error }, "the job queue failed"));
  let sweeping: NodeJS.Timeout | undefined;
  let stopListening: (() => void) | undefined;

  /** Lets the workers of what was just enqueued look at once instead of at their next poll. */
  function wake(): void {
    for (const name of awaited) {
      const id = workerIds.get(name);
      if (id) boss.notifyWorker(id);
    }
  }

  async function run(name: JobName, payload: unknown, run: JobRun): Promise<void> {
    const failures: unknown[] = [];
    for (const handler of handlers.get(name) ?? []) {
      try {
        await handler(payload as never, run);
      } catch (error) {
        failures.push(error);
        log.warn({ err: error, job: name, isLastAttempt: run.isLastAttempt }, "a job failed");
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async function requestSweep(): Promise<void> {
    try {
      // One a minute, however many servers ask for it.
      await boss.send("sweep", {}, { singletonSeconds: sweepEverySeconds });
      const id = workerIds.get("sweep");
      if (id) boss.notifyWorker(id);
    } catch (error) {
      log.error({ err: error }, "the sweep could not be enqueued");
    }
  }

  return {
    enqueue: async (trx, name, payload, { startAfterSeconds } = {}) => {
      // A member's transaction has no right on the queue, and must not get one: the
      // server itself steps in for this one statement.
      const { rows } = await sql<{ role: string }>`
        select current_setting('role') as role, set_config('role', 'none', true)
      `.execute(trx);
      const role = rows[0]?.role ?? "none";
      await boss.send(name, payload, {
        db: asExecutor((query) => trx.executeQuery(query)),
        ...(startAfterSeconds ? { startAfter: startAfterSeconds } : {}),
      });
      await sql`select set_config('role', ${role}, true)`.execute(trx);
      if (startAfterSeconds) return;
      awaited.add(name);
      // Transactions that append no event end unannounced; a look too early costs one poll.
      setTimeout(() => {
        wake();
        awaited.delete(name);
      }, commitDelayMs).unref();
    },
    work: (name, handler) => {
      handlers.set(name, [...(handlers.get(name) ?? []), handler as Handler]);
    },
    start: async () => {
      // pg-boss takes servers that start at once for a failure of the first one's schema.
      await database.runScript(
        "select pg_advisory_xact_lock(7283904161); create schema if not exists pgboss;",
      );
      await boss.start();
      for (const name of names) {
        const options =
          name === "sweep"
            ? { retryLimit: 0, expireInSeconds }
            : { ...retries, expireInSeconds, deleteAfterSeconds: 3600 };
        if (await boss.getQueue(name)) await boss.updateQueue(name, options);
        else await boss.createQueue(name, options);
      }
      for (const name of handlers.keys()) {
        const settings = {
          includeMetadata: true as const,
          pollingIntervalSeconds: name === "sweep" ? 10 : patient.has(name) ? 2 : 1,
          localConcurrency: name === "sweep" || patient.has(name) ? 1 : 3,
        };
        const id = await boss.work(name, settings, async ([job]) => {
          if (!job) return;
          await run(name, job.data, { isLastAttempt: job.retryCount >= job.retryLimit });
        });
        workerIds.set(name, id);
      }
      stopListening = database.onAppended(wake);
      if (handlers.has("sweep")) {
        sweeping = setInterval(() => void requestSweep(), sweepEverySeconds * 1000);
        sweeping.unref();
        await requestSweep();
      }
    },
    stop: async () => {
      clearInterval(sweeping);
      stopListening?.();
      await boss.stop({ graceful: true, timeout: 5000 });
    },
  };
}

/** What pg-boss needs of a database. */
interface Executor {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

type Run = (query: CompiledQuery) => Promise<{ rows: unknown[] }>;

/** pg-boss's statements over our one Kysely, so that on PGlite none falls into another's transaction. */
function createExecutor({ kysely }: Database): Executor {
  const single = asExecutor((query) => kysely.executeQuery(query));
  return {
    executeSql: async (text, values) => {
      const statements = values?.length ? [text] : splitStatements(text);
      if (statements.length <= 1) return single.executeSql(text, values);
      return kysely.connection().execute(async (held) => {
        const rows: unknown[] = [];
        try {
          for (const statement of statements) {
            rows.push(...(await held.executeQuery(CompiledQuery.raw(statement))).rows);
          }
        } catch (error) {
          await held.executeQuery(CompiledQuery.raw("rollback"));
          throw error;
        }
        return { rows };
      });
    },
  };
}

function asExecutor(run: Run): Executor {
  return {
    executeSql: async (text, values = []) => {
      // What goes to a json parameter is JSON already: no driver shall encode it once more.
      const query = text.replaceAll(/(\$\d+)::(jsonb?)\b/g, "$1::text::$2");
      const parameters = values.map((value) =>
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Date)
          ? JSON.stringify(value)
          : value,
      );
      const { rows } = await run(CompiledQuery.raw(query, parameters));
      return { rows: [...rows] };
    },
  };
}

/** The statements of a script; a semicolon in a text, a name, a comment or a function's body ends none. */
function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let start = 0;
  for (const token of script.matchAll(
    /\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|;/g,
  )) {
    if (token[0] !== ";") continue;
    statements.push(script.slice(start, token.index));
    start = token.index + 1;
  }
  statements.push(script.slice(start));
  return statements.filter((statement) => statement.trim() !== "");
}
