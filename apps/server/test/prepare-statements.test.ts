import { sql } from "kysely";
import { expect, it } from "vitest";
import { openPostgresDatabase } from "../src/platform/database.ts";
import { createTestDatabase } from "./support/test-database.ts";

it("a statement that comes again is prepared once, and a changed table costs one failure", async () => {
  const test = await createTestDatabase("postgres");
  const single = openPostgresDatabase(test.url ?? "", 1);
  try {
    await sql`create table things (id int)`.execute(test.database.kysely);
    const read = (id: number) =>
      single.asSystem(
        async (trx) => (await sql`select * from things where id = ${id}`.execute(trx)).rows,
      );
    const countPrepared = async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from pg_prepared_statements where statement like '%from things%'
      `.execute(single.kysely);
      return rows[0]?.n;
    };
    await read(1);
    expect(await countPrepared()).toBe(0);
    for (let turn = 0; turn < 5; turn += 1) await read(turn);
    expect(await countPrepared()).toBe(1);

    await sql`alter table things add column name text default 'new'`.execute(test.database.kysely);
    await sql`insert into things values (1)`.execute(test.database.kysely);
    // A plan that returned other columns is refused once, and never again.
    await expect(read(1)).rejects.toThrow("cached plan");
    expect(await read(1)).toEqual([{ id: 1, name: "new" }]);
    expect(await read(1)).toEqual([{ id: 1, name: "new" }]);
  } finally {
    await single.close();
    await test.drop();
  }
});
