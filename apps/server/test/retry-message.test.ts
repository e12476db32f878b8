import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { applyStatusReport } from "../src/messages/apply-status.ts";
import type { OutboundRow } from "../src/messages/messages-store.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a failed text on %s", (kind) => {
  let stage: TestStage;
  let accountSid: string;
  let phone: string;
  let contactId: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    const connected = await stage.alice.api("POST", "/api/twilio/config/simulator", {
      workspaceId,
    });
    accountSid = connected.body.accountSid;
  });
  afterAll(() => stage?.close());

  beforeEach(async () => {
    nextPhone += 1;
    phone = `+1415557${String(nextPhone).padStart(4, "0")}`;
    contactId = await createContact(phone);
  });

  async function createContact(phoneNumber: string): Promise<string> {
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number)
      values (${stage.workspaceId}, ${phoneNumber}) returning id
    `.execute(stage.test.database.kysely);
    return rows[0]?.id ?? "";
  }
  const send = async (message: string, part: Record<string, unknown> = {}) =>
    (
      await stage.bob.api("POST", "/api/sms/send-sms", {
        workspaceId: stage.workspaceId,
        contactId,
        message,
        ...part,
      })
    ).body;
  const at = (id: string, act = "") => `/api/workspaces/${stage.workspaceId}/messages/${id}${act}`;
  async function read(messageId: string): Promise<OutboundRow> {
    const { rows } = await sql<OutboundRow>`
      select * from public.messages where id = ${messageId}
    `.execute(stage.test.database.kysely);
    if (!rows[0]) throw new Error("There is no such message.");
    return rows[0];
  }
  const becomes = (messageId: string, status: string) =>
    vi.waitFor(async () => expect((await read(messageId)).status).toBe(status), {
      timeout: 10_000,
      interval: 20,
    });
  const creates = (body: string) =>
    stage.simulator
      .messages()
      .filter((message) => message.direction === "outbound-api" && message.body === body);

  it("is truly sent again, as a new round of the same text", async () => {
    stage.simulator.setPhone(phone, "unreachable");
    const { message } = await send("Are you home?");
    await becomes(message.id, "undelivered");
    const first = await read(message.id);
    expect(first.error_code).toBe(30003);
    stage.simulator.setPhone(phone, "reachable");
    expect(await stage.carol.api("POST", at(message.id, "/retry"))).toMatchObject({
      body: { code: "workspace_not_found" },
    });
    const retried = await stage.bob.api("POST", at(message.id, "/retry"));
    expect(retried).toMatchObject({ status: 200, body: { id: message.id, round: 2 } });
    await becomes(message.id, "delivered");
    expect(creates("Are you home?").map(({ status }) => status)).toEqual([
      "undelivered",
      "delivered",
    ]);
    const second = await read(message.id);
    expect(second).toMatchObject({ error_code: null, round: 2 });
    expect(second.twilio_sid).not.toBe(first.twilio_sid);
    const history = await stage.alice.api("GET", at(message.id, "/attempts"));
    expect(history.body.items).toMatchObject([
      {
        round: 1,
        twilioSid: first.twilio_sid,
        status: "undelivered",
        errorCode: 30003,
        handedOverAt: first.sending_since?.toISOString(),
      },
      {
        round: 2,
        twilioSid: second.twilio_sid,
        status: "delivered",
        errorCode: null,
        handedOverAt: second.sending_since?.toISOString(),
      },
    ]);
    const reported = history.body.items.map((item: { reports: { status: string }[] }) =>
      item.reports.map(({ status }) => status),
    );
    expect(reported[0]).toContain("undelivered");
    expect(reported[0]).not.toContain("delivered");
    expect(reported[1]).toContain("delivered");
    expect(reported[1]).not.toContain("undelivered");
    const { rows } = await sql<{ round: string; status: string }>`
      select payload #>> '{message,round}' as round, payload #>> '{message,status}' as status
      from public.workspace_events where payload #>> '{message,id}' = ${message.id} order by seq
    `.execute(stage.test.database.kysely);
    expect(rows.filter((row) => row.round === "2")[0]).toMatchObject({ status: "pending" });
    expect(await stage.bob.api("POST", at(message.id, "/retry"))).toMatchObject({
      body: { code: "conflict" },
    });
  });

  it("retried ten times at once makes one create", async () => {
    stage.simulator.setPhone(phone, "failing");
    const { message } = await send("Only once more");
    await becomes(message.id, "failed");
    stage.simulator.setPhone(phone, "reachable");
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stage.bob.api("POST", at(message.id, "/retry"))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await becomes(message.id, "delivered");
    expect(creates("Only once more")).toHaveLength(2);
  });

  it("is not disturbed by late reports of its earlier round", async () => {
    stage.simulator.setPhone(phone, "unreachable");
    const { message } = await send("Late news");
    await becomes(message.id, "undelivered");
    const first = await read(message.id);
    stage.simulator.setPhone(phone, "no-receipts");
    await stage.bob.api("POST", at(message.id, "/retry"));
    await becomes(message.id, "sent");
    const second = await read(message.id);
    const report = (status: string, round: number | null, messageSid: string | null) =>
      stage.test.database.asSystem((trx) =>
        applyStatusReport(trx, {
          workspaceId: stage.workspaceId,
          accountSid,
          messageSid: messageSid ?? "",
          status,
          errorCode: null,
          errorMessage: null,
          payload: {},
          messageId: message.id,
          round,
        }),
      );
    await report("failed", 1, first.twilio_sid);
    await report("delivered", 1, first.twilio_sid);
    expect(await read(message.id)).toMatchObject({ status: "sent", twilio_sid: second.twilio_sid });
    const history = await stage.alice.api("GET", at(message.id, "/attempts"));
    expect(history.body.items).toMatchObject([{ status: "delivered" }, { status: "sent" }]);
  });

  it("does not take the SID of its earlier round while the new one is on its way", async () => {
    stage.simulator.setPhone(phone, "unreachable");
    const { message } = await send("Whose SID?");
    await becomes(message.id, "undelivered");
    const first = await read(message.id);
    await sql`select private.begin_round(${stage.workspaceId}, ${message.id})`.execute(
      stage.test.database.kysely,
    );
    await sql`
      update public.messages set status = 'sending', attempt = attempt + 1 where id = ${message.id}
    `.execute(stage.test.database.kysely);
    for (const [messageSid, round] of [
      [first.twilio_sid, null],
      [`SM${"f".repeat(32)}`, 1],
    ] as const) {
      await stage.test.database.asSystem((trx) =>
        applyStatusReport(trx, {
          workspaceId: stage.workspaceId,
          accountSid,
          messageSid: messageSid ?? "",
          status: "sent",
          errorCode: null,
          errorMessage: null,
          payload: {},
          messageId: message.id,
          round,
        }),
      );
    }
    expect(await read(message.id)).toMatchObject({ status: "sending", twilio_sid: null });
  });

  it("is offered again only where that can help", async () => {
    phone = "+15005550009";
    contactId = await createContact(phone);
    const landline = await send("To a landline");
    expect(landline.message).toMatchObject({ status: "failed", canRetry: false, canDelete: true });
    expect(await stage.bob.api("POST", at(landline.message.id, "/retry"))).toMatchObject({
      body: { code: "conflict" },
    });
    // Known by now, so the next one asks first.
    expect(await send("Once more")).toMatchObject({ code: "contact_is_landline" });
    expect(await send("Once more", { sendAnyway: true })).toMatchObject({
      message: { status: "failed", errorCode: 21614 },
    });
  });

  it("that never left can be removed, for everyone; one that may have left can't", async () => {
    phone = "+15005550001";
    contactId = await createContact(phone);
    const { message } = await send("Never left");
    expect(message).toMatchObject({ status: "failed", canDelete: true });
    expect(await stage.carol.api("DELETE", at(message.id))).toMatchObject({
      body: { code: "workspace_not_found" },
    });
    expect((await stage.bob.api("DELETE", at(message.id))).status).toBe(204);
    expect(await stage.bob.api("DELETE", at(message.id))).toMatchObject({
      body: { code: "message_not_found" },
    });
    const { rows } = await sql<{ payload: unknown }>`
      select payload from public.workspace_events where type = 'message_deleted'
    `.execute(stage.test.database.kysely);
    expect(rows).toMatchObject([
      { payload: { messageId: message.id, contact: { id: contactId, lastMessage: null } } },
    ]);

    phone = "+14155579999";
    contactId = await createContact(phone);
    stage.simulator.setPhone(phone, "failing");
    const left = await send("It left");
    await becomes(left.message.id, "failed");
    expect(await stage.bob.api("DELETE", at(left.message.id))).toMatchObject({
      body: { code: "conflict" },
    });
  });

  it("is not sent again to one who has opted out since", async () => {
    stage.simulator.setPhone(phone, "unreachable");
    const { message } = await send("Too late now");
    await becomes(message.id, "undelivered");
    await sql`update public.contacts set opted_out_at = now() where id = ${contactId}`.execute(
      stage.test.database.kysely,
    );
    expect(await stage.bob.api("POST", at(message.id, "/retry"))).toMatchObject({
      body: { code: "contact_opted_out" },
    });
    expect(creates("Too late now")).toHaveLength(1);
  });
});
