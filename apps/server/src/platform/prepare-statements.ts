import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";

/** How many statements one connection keeps a plan of at most; later ones are planned each time. */
const maxPrepared = 500;

/** Texts that were seen once are forgotten beyond this many. */
const maxSeen = 2_000;

/**
 * The pool, with every statement that comes a second time prepared under a name,
 * so that a connection parses and plans it once instead of each time. Statements
 * whose text is made anew each time never come twice and stay unnamed.
 */
export function prepareStatements(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const seen = new Set<string>();
  let generation = 0;

  function findName(text: string): string | undefined {
    const known = names.get(text);
    if (known || names.size >= maxPrepared) return known;
    if (!seen.delete(text)) {
      if (seen.size >= maxSeen) seen.clear();
      seen.add(text);
      return undefined;
    }
    const name = `livechat_${generation}_${names.size}`;
    names.set(text, name);
    return name;
  }

  function isOutdated(error: unknown): boolean {
    return (
      error instanceof Error && "routine" in error && error.routine === "RevalidateCachedQuery"
    );
  }

  const query = async (client: pg.PoolClient, text: string, values: readonly unknown[]) => {
    // Without parameters they are of the kind of `begin`: one message instead of three.
    const name = values.length > 0 ? findName(text) : undefined;
    try {
      return await client.query({ text, values: [...values], ...(name ? { name } : {}) });
    } catch (error) {
      // A table was changed beneath the plans: new names let every connection plan anew.
      if (name && isOutdated(error)) {
        generation += 1;
        names.clear();
      }
      throw error;
    }
  };

  return {
    options: pool.options,
    connect: async () => preparing(await pool.connect()),
    end: () => pool.end(),
  };

  function preparing(client: pg.PoolClient): PostgresPoolClient {
    return new Proxy(client, {
      get: (target, key) => {
        if (key === "query") {
          return (text: string, values: readonly unknown[]) => query(target, text, values);
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }) as unknown as PostgresPoolClient;
  }
}
