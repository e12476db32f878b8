import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sweepMessages } from "../src/messages/register-message-jobs.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("sending for an account that Twilio refuses, on %s", (kind) => {
  let stage: TestStage;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    for (const [owner, workspaceId] of [
      [stage.alice, stage.workspaceId],
      [stage.carol, stage.carolsWorkspaceId],
    ] as const) {
      await owner.api("POST", "/api/twilio/config/simulator", { workspaceId });
    }
  });
  afterAll(() => stage?.close());
  beforeEach(() =>
    sql`
    update public.workspace_sending
    set paused_at = null, pause_code = null, pause_reason = null, refusals = 0, probe_at = null
  `.execute(stage.test.database.kysely),
  );

  async function send(message: string, who = stage.bob, workspaceId = stage.workspaceId) {
    nextPhone += 1;
    const phone = `+1415559${String(nextPhone).padStart(4, "0")}`;
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number)
      values (${workspaceId}, ${phone}) returning id
    `.execute(stage.test.database.kysely);
    const { body } = await who.api("POST", "/api/sms/send-sms", {
      workspaceId,
      contactId: rows[0]?.id,
      message,
    });
    return body.message;
  }
  const statusOf = async (id: string) =>
    (
      await sql<{ status: string }>`select status from public.messages where id = ${id}`.execute(
        stage.test.database.kysely,
      )
    ).rows[0]?.status;
  const becomes = (id: string, status: string) =>
    vi.waitFor(async () => expect(await statusOf(id)).toBe(status), {
      timeout: 10_000,
      interval: 20,
    });
  const sending = async (who = stage.bob, workspaceId = stage.workspaceId) =>
    (await who.api("GET", `/api/workspaces/${workspaceId}/sending`)).body;
  const creates = (body: string) =>
    stage.simulator.messages().filter((message) => message.body === body);
  const refuse = (
    code: number,
    status: number,
    kindOf: "refuse" | "refuse-as-problem" = "refuse",
  ) =>
    stage.simulator.injectFault({
      route: "messages.create",
      kind: kindOf,
      code,
      status,
      times: 1,
    });
  const events = async () =>
    (
      await sql<{ paused: string | null }>`
        select payload #>> '{sending,pausedAt}' as paused from public.workspace_events
        where workspace_id = ${stage.workspaceId} and type = 'sending_updated' order by seq
      `.execute(stage.test.database.kysely)
    ).rows.map(({ paused }) => paused !== null);

  it.each([
    [20003, 401, "refuse"],
    [20005, 403, "refuse"],
    [10001, 403, "refuse"],
    [20003, 401, "refuse-as-problem"],
  ] as const)(
    "waits after error %i with status %i (%s), and says so",
    async (code, status, how) => {
      refuse(code, status, how);
      const first = await send(`Refused ${code} ${how}`);
      expect(first).toMatchObject({ status: "pending", errorCode: null });
      expect(await sending()).toMatchObject({
        sending: { pausedAt: expect.any(String), pauseCode: code, pauseReason: expect.any(String) },
      });
      const second = await send(`Behind ${code} ${how}`);
      expect(second.status).toBe("pending");
      expect(creates(`Behind ${code} ${how}`)).toEqual([]);
      // Another workspace knows nothing of it.
      expect((await sending(stage.carol, stage.carolsWorkspaceId)).sending.pausedAt).toBeNull();
      await becomes(
        (await send("Of another", stage.carol, stage.carolsWorkspaceId)).id,
        "delivered",
      );
      expect(await sending(stage.carol)).toMatchObject({ code: "workspace_not_found" });

      const before = (await events()).length;
      expect(
        await stage.bob.api("POST", `/api/workspaces/${stage.workspaceId}/sending/resume`),
      ).toMatchObject({ status: 200 });
      await becomes(first.id, "delivered");
      await becomes(second.id, "delivered");
      expect((await sending()).sending).toMatchObject({ pausedAt: null, pauseCode: null });
      expect((await events()).slice(before).at(-1)).toBe(false);
      expect(creates(`Refused ${code} ${how}`)).toHaveLength(1);
    },
  );

  it("lets one text alone find out whether it works again, later and later", async () => {
    refuse(20003, 401);
    const first = await send("First of all");
    const others = [await send("Others 1"), await send("Others 2")];
    const due = () =>
      sql`
      update public.workspace_sending set probe_at = now() where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    const refusals = async () =>
      (
        await sql<{ refusals: number }>`
          select refusals from public.workspace_sending where workspace_id = ${stage.workspaceId}
        `.execute(stage.test.database.kysely)
      ).rows[0]?.refusals;
    const waitSeconds = async () => {
      const { sending: state } = await sending();
      return (Date.parse(state.nextTryAt) - Date.now()) / 1000;
    };
    const firstWait = await waitSeconds();
    refuse(20003, 401);
    await due();
    await sweepMessages(stage.context);
    // The claim alone puts the next try off too: what counts is that the refusal is stored.
    await vi.waitFor(async () => expect(await refusals()).toBe(2), { timeout: 10_000 });
    expect(await waitSeconds()).toBeGreaterThan(5);
    expect(firstWait).toBeLessThanOrEqual(15);
    expect(creates("First of all")).toEqual([]);
    for (const { id } of others) expect(await statusOf(id)).toBe("pending");

    await due();
    for (const { id } of [first, ...others]) await becomes(id, "delivered");
    expect((await sending()).sending.pausedAt).toBeNull();
  });

  it("tries again at once when an admin enters the token that Twilio has now", async () => {
    const path = `/api/twilio/config?workspaceId=${stage.workspaceId}`;
    const { body } = await stage.bob.api("GET", path);
    const { accountSid } = body;
    const account = stage.simulator.account(accountSid);
    if (!account) throw new Error("There is no account.");
    account.authToken = "replaced-at-twilio";
    // As after a restart: nothing in this process is about to look again, and the next try is far.
    const { rows } = await sql<{ id: string }>`
      with paused as (
        update public.workspace_sending
        set paused_at = now(), pause_code = 20003, probe_at = now() + interval '10 minutes'
        where workspace_id = ${stage.workspaceId}
      ), customer as (
        insert into public.contacts (workspace_id, phone_number)
        values (${stage.workspaceId}, '+14155580001') returning id
      )
      insert into public.messages (
        workspace_id, contact_id, direction, content, status, from_number, to_number
      )
      select ${stage.workspaceId}, id, 'outbound', 'Mended by an admin', 'pending',
        ${body.numbers[0].phoneNumber}, '+14155580001'
      from customer returning id
    `.execute(stage.test.database.kysely);
    const waitingId = rows[0]?.id ?? "";
    const connect = (authToken: string) =>
      stage.alice.api("PUT", "/api/twilio/config", {
        workspaceId: stage.workspaceId,
        accountSid,
        authToken,
      });
    expect((await connect("mistyped")).status).not.toBe(200);
    expect(creates("Mended by an admin")).toEqual([]);
    expect((await sending()).sending.pausedAt).not.toBeNull();
    expect((await connect("replaced-at-twilio")).status).toBe(200);
    await becomes(waitingId, "delivered");
    expect((await sending()).sending.pausedAt).toBeNull();
    expect(creates("Mended by an admin")).toHaveLength(1);
  });
});
