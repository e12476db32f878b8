import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeRole } from "../src/members/change-role.ts";
import { removeMember } from "../src/members/remove-member.ts";
import { appendEvent } from "../src/realtime/event-log.ts";
import { findCredentials } from "../src/twilio/find-credentials.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a change that meets another one on %s", (kind) => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await setTestStage(kind);
  });
  afterAll(() => stage?.close());

  async function join(userId: string): Promise<void> {
    await sql`
      insert into public.workspace_members (workspace_id, user_id)
      values (${stage.workspaceId}, ${userId}) on conflict do nothing
    `.execute(stage.test.database.kysely);
  }

  async function countEvents(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from public.workspace_events
      where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    return rows[0]?.count ?? 0;
  }

  it("tells nobody of a change that its caller may not make any more", async () => {
    const { context, workspaceId, bob, carol } = stage;
    await join(carol.userId);
    const before = await countEvents();
    // Bob was an admin when his request was let in, and is none now.
    const change = { workspaceId, userId: carol.userId, askedBy: "admin" } as const;
    await expect(changeRole(context, bob, change, "admin")).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(removeMember(context, bob, change)).rejects.toMatchObject({ code: "forbidden" });
    expect(await countEvents()).toBe(before);
  });

  it("does not deadlock with a text that is just being stored", async () => {
    const { context, workspaceId, alice, carol } = stage;
    await join(carol.userId);
    let removal: Promise<void> | undefined;
    const storing = context.database.asSystem(async (trx) => {
      await sql`
        update public.workspace_streams set last_seq = last_seq where workspace_id = ${workspaceId}
      `.execute(trx);
      removal = removeMember(context, alice, {
        workspaceId,
        userId: carol.userId,
        askedBy: "owner",
      });
      removal.catch(() => {});
      // By now the removal holds what it locks first.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await appendEvent(trx, workspaceId, "member_removed", { userId: carol.userId });
    });
    await expect(storing).resolves.toBeUndefined();
    await expect(removal).resolves.toBeUndefined();
  });

  it("seals the token so that it opens, however the workspace's id is written", async () => {
    const { context, workspaceId, alice } = stage;
    const connected = await alice.api("POST", "/api/twilio/config/simulator", {
      workspaceId: workspaceId.toUpperCase(),
    });
    expect(connected.status).toBe(200);
    expect(await findCredentials(context, workspaceId)).toMatchObject({
      accountSid: connected.body.accountSid,
    });
  });
});
