import { sql } from "kysely";
import { expect, it, vi } from "vitest";
import { openPostgresDatabase } from "../src/platform/database.ts";
import { createTestDatabase } from "./support/test-database.ts";

it("a transaction whose connection breaks fails alone, and the pool is whole again", async () => {
  const test = await createTestDatabase("postgres");
  // One connection: a dead one that came back into the pool would be the next to serve.
  const single = openPostgresDatabase(test.url ?? "", 1);
  try {
    for (let turn = 0; turn < 5; turn += 1) {
      const broken = single.asSystem(async (trx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
        await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0}::integer)`.execute(
          test.database.kysely,
        );
        await sql`select pg_sleep(5)`.execute(trx);
      });
      await expect(broken).rejects.toThrow();
      await vi.waitFor(async () => {
        const { rows } = await single.asSystem((trx) =>
          sql<{ one: number }>`select 1 as one`.execute(trx),
        );
        expect(rows).toEqual([{ one: 1 }]);
      });
    }
  } finally {
    await single.close();
    await test.drop();
  }
});
