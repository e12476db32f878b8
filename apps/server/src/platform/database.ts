import {
  Kysely,
  type PGlite as KyselyPGlite,
  PGliteDialect,
  PostgresDialect,
  sql,
  type Transaction,
} from "kysely";
import pg from "pg";
import { prepareStatements } from "./prepare-statements.ts";

/**
 * The tables as queries see them. Rows are typed where they are read: each
 * store names the columns that it selects.
 */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's own marker for an untyped schema.
export type Tables = any;

/** The one way to the database, whichever of the three ways of running is chosen. */
export interface Database {
  kysely: Kysely<Tables>;
  /** Runs a script of several statements, such as a migration, outside any other transaction. */
  runScript(script: string): Promise<void>;
  /**
   * Runs `work` in a transaction as this person, under row level security.
   * Every request that comes from a browser goes through here.
   */
  asMember<T>(userId: string, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction with all rights: for webhooks, jobs and migrations only. */
  asSystem<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Told, after each commit, whose log got longer by it. Returns how to stop listening. */
  onAppended(listen: (workspaceIds: readonly string[]) => void): () => void;
  close(): Promise<void>;
}

const appendedByTransaction = new WeakMap<Transaction<Tables>, Set<string>>();

/** Remembers that this transaction adds to the workspace's log, for {@link Database.onAppended}. */
export function noteAppended(trx: Transaction<Tables>, workspaceId: string): void {
  const appended = appendedByTransaction.get(trx) ?? new Set();
  appendedByTransaction.set(trx, appended.add(workspaceId));
}

/** What of PGlite the database needs. PGlite is one session: see `docs/decisions`. */
export interface EmbeddedEngine extends KyselyPGlite {
  exec(script: string): Promise<unknown>;
}

/**
 * A database over PGlite. Everything in the process shares its one Kysely,
 * whose connection lock keeps any query out of another's transaction.
 */
export function openEmbeddedDatabase(engine: EmbeddedEngine): Database {
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: engine }) });
  return {
    ...doors(kysely),
    runScript: async (script) => {
      // Holding the connection lock keeps the script out of a transaction that is open.
      await kysely.connection().execute(async (held) => {
        await sql`select 1`.execute(held);
        await engine.exec(script);
      });
    },
    close: () => kysely.destroy(),
  };
}

/** A database over a Postgres server, 15 or later, named by a `postgres://` URL. */
export function openPostgresDatabase(url: string, maxConnections = 10): Database {
  const pool = new pg.Pool({
    connectionString: readAsLibpq(url),
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // What breaks with a connection fails where it is awaited; the pool drops the connection. An
  // "error" that nobody hears would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: prepareStatements(pool) }),
  });
  return {
    ...doors(kysely),
    runScript: async (script) => {
      await pool.query(script);
    },
    close: () => kysely.destroy(),
  };
}

/** `sslmode` as every other Postgres client reads it: `require` encrypts, `verify-full` also checks the name. */
export function readAsLibpq(url: string): string {
  const address = new URL(url);
  if (address.searchParams.has("sslmode")) address.searchParams.set("uselibpqcompat", "true");
  return address.href;
}

type Doors = Pick<Database, "kysely" | "asMember" | "asSystem" | "onAppended">;

function doors(kysely: Kysely<Tables>): Doors {
  const listeners = new Set<(workspaceIds: readonly string[]) => void>();

  async function commit<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    let appended: Set<string> | undefined;
    const result = await kysely.transaction().execute(async (trx) => {
      const done = await work(trx);
      appended = appendedByTransaction.get(trx);
      return done;
    });
    if (appended) for (const listen of listeners) listen([...appended]);
    return result;
  }

  return {
    kysely,
    asMember: (userId, work) =>
      commit(async (trx) => {
        const claims = JSON.stringify({ sub: userId, role: "authenticated" });
        await sql`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`.execute(
          trx,
        );
        return work(trx);
      }),
    asSystem: commit,
    onAppended: (listen) => {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}
