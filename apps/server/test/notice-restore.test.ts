import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noticeRestore } from "../src/messages/notice-restore.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a database that was put back, on %s", (kind) => {
  let stage: TestStage;

  beforeAll(async () => {
    stage = await setTestStage(kind);
  });
  afterAll(() => stage?.close());

  async function readEpoch() {
    const { rows } = await sql<{ epoch: string }>`
      select epoch from public.workspace_streams where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    return rows[0]?.epoch;
  }

  async function addText(status: string, scheduledFor: string | null = null) {
    const { rows } = await sql<{ id: string }>`
      with customer as (
        insert into public.contacts (workspace_id, phone_number)
        values (${stage.workspaceId}, '+1202555' || (1000 + floor(random() * 8999))::int)
        returning id
      )
      insert into public.messages
        (workspace_id, contact_id, direction, content, status, scheduled_for)
      select ${stage.workspaceId}, id, 'outbound', 'Hi', ${status}, ${scheduledFor}::timestamptz
      from customer returning id
    `.execute(stage.test.database.kysely);
    return rows[0]?.id;
  }

  async function readStatus(id: string | undefined) {
    const { rows } = await sql<{ status: string }>`
      select status from public.messages where id = ${id}
    `.execute(stage.test.database.kysely);
    return rows[0]?.status;
  }

  it("is no other one at the next start", async () => {
    expect(await noticeRestore(stage.test.database)).toBeNull();
    const epoch = await readEpoch();
    expect(await noticeRestore(stage.test.database)).toBeNull();
    expect(await readEpoch()).toBe(epoch);
  });

  it("begins a new log once, and leaves what waited in doubt", async () => {
    const epoch = await readEpoch();
    const waiting = await addText("pending");
    const due = await addText("scheduled", "2020-01-01T00:00:00Z");
    const later = await addText("scheduled", "2100-01-01T00:00:00Z");
    await sql`update private.database_identity set identity = 'another'`.execute(
      stage.test.database.kysely,
    );
    const found = await Promise.all([
      noticeRestore(stage.test.database),
      noticeRestore(stage.test.database),
    ]);
    expect(found.filter((count) => count !== null)).toEqual([2]);
    expect(await readEpoch()).not.toBe(epoch);
    expect(await readStatus(waiting)).toBe("unconfirmed");
    expect(await readStatus(due)).toBe("unconfirmed");
    expect(await readStatus(later)).toBe("scheduled");
  });
});
