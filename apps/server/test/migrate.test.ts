import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate, prepareBareDatabase } from "../src/platform/migrate.ts";
import { createTestDatabase, databaseKinds, type TestDatabase } from "./support/test-database.ts";

describe.each(databaseKinds)("migrations on %s", (kind) => {
  let test: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    test = await createTestDatabase(kind);
    folder = await mkdtemp(path.join(tmpdir(), "livechat-migrations-"));
  });
  afterEach(async () => {
    await test.drop();
    await rm(folder, { recursive: true });
  });

  it("apply in order, once, and are recorded where the Supabase CLI looks", async () => {
    await writeFile(path.join(folder, "2_second.sql"), "insert into fruit values ('pear');");
    await writeFile(path.join(folder, "1_first.sql"), "create table fruit (name text);");
    expect(await migrate(test.database, folder)).toEqual(["1_first.sql", "2_second.sql"]);
    expect(await migrate(test.database, folder)).toEqual([]);
    const { rows } = await sql`
      select version, name from supabase_migrations.schema_migrations order by version
    `.execute(test.database.kysely);
    expect(rows).toEqual([
      { version: "1", name: "first" },
      { version: "2", name: "second" },
    ]);
    expect((await sql`select name from fruit`.execute(test.database.kysely)).rows).toHaveLength(1);
  });

  it("leave nothing behind when one fails half-way, and the next start goes on from there", async () => {
    const file = path.join(folder, "1_half.sql");
    await writeFile(file, "create table half (n int); select * from missing_table;");
    await expect(migrate(test.database, folder)).rejects.toThrow("Migration 1_half failed.");
    const { rows } = await sql<{ found: string | null }>`
      select to_regclass('public.half')::text as found
    `.execute(test.database.kysely);
    expect(rows[0]?.found).toBeNull();
    await writeFile(file, "create table half (n int);");
    expect(await migrate(test.database, folder)).toEqual(["1_half.sql"]);
  });

  it("refuse a file whose name tells no order", async () => {
    await writeFile(path.join(folder, "whenever.sql"), "select 1;");
    await expect(migrate(test.database, folder)).rejects.toThrow("is not named like");
  });

  it("of the project apply to a bare database, and preparing twice does no harm", async () => {
    await prepareBareDatabase(test.database);
    await prepareBareDatabase(test.database);
    expect((await migrate(test.database)).length).toBeGreaterThan(0);
    expect(await migrate(test.database)).toEqual([]);
  });
});

describe("servers that start at once", () => {
  it("apply every migration once between them", async () => {
    const test = await createTestDatabase("postgres");
    try {
      await prepareBareDatabase(test.database);
      const servers = [test.database, test.openAnother(), test.openAnother()];
      const applied = await Promise.all(servers.map((server) => migrate(server)));
      const all = applied.flat();
      expect(new Set(all).size).toBe(all.length);
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from supabase_migrations.schema_migrations
      `.execute(test.database.kysely);
      expect(rows[0]?.count).toBe(all.length);
    } finally {
      await test.drop();
    }
  });
});
