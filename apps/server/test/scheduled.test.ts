import type { Message } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deleteContact } from "../src/contacts/delete-contact.ts";
import { restoreContact } from "../src/contacts/restore-contact.ts";
import { sweepMessages } from "../src/messages/register-message-jobs.ts";
import { releaseScheduled } from "../src/messages/release-scheduled.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a scheduled text on %s", (kind) => {
  let stage: TestStage;
  let numbers: string[];
  let phone: string;
  let contactId: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    const connected = await stage.alice.api("POST", "/api/twilio/config/simulator", {
      workspaceId,
    });
    numbers = connected.body.numbers.map((each: { phoneNumber: string }) => each.phoneNumber);
  });
  afterAll(() => stage?.close());

  beforeEach(async () => {
    nextPhone += 1;
    phone = `+1415556${String(nextPhone).padStart(4, "0")}`;
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number)
      values (${stage.workspaceId}, ${phone}) returning id
    `.execute(stage.test.database.kysely);
    contactId = rows[0]?.id ?? "";
  });

  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const schedule = async (
    message: string,
    part: Record<string, unknown> = {},
  ): Promise<Message> => {
    const { status, body } = await stage.bob.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId,
      message,
      scheduledFor: inMinutes(60),
      ...part,
    });
    expect([status, body.code]).toEqual([200, undefined]);
    return body.message;
  };
  const ask = (
    who: TestStage["alice"],
    method: string,
    { id }: { id: string },
    act: string,
    body?: unknown,
  ) => who.api(method, `/api/workspaces/${stage.workspaceId}/messages/${id}/${act}`, body);
  const list = async (who = stage.alice, path = "scheduled"): Promise<Message[]> => {
    const { body } = await who.api("GET", `/api/workspaces/${stage.workspaceId}/${path}`);
    return body.items?.map((item: { message: Message }) => item.message) ?? body;
  };
  const read = async (id: string) => {
    const { rows } = await sql<{
      status: string;
      content: string;
      error_message: string | null;
      from_number: string;
      created_at: Date;
    }>`select * from public.messages where id = ${id}`.execute(stage.test.database.kysely);
    if (!rows[0]) throw new Error("There is no such message.");
    return rows[0];
  };
  const becomes = (id: string, status: string) =>
    vi.waitFor(async () => expect((await read(id)).status).toBe(status), {
      timeout: 10_000,
      interval: 20,
    });
  const creates = (body: string) =>
    stage.simulator
      .messages()
      .filter((message) => message.direction === "outbound-api" && message.body === body);
  /** As if the time had come. */
  const letTimePass = (id: string) =>
    sql`
      update public.messages set scheduled_for = now() - interval '6 seconds' where id = ${id}
    `.execute(stage.test.database.kysely);
  const lastEvents = async (id: string) => {
    const { rows } = await sql<{ type: string; status: string }>`
      select type, payload #>> '{message,status}' as status from public.workspace_events
      where payload #>> '{message,id}' = ${id} order by seq
    `.execute(stage.test.database.kysely);
    return rows.map((row) => `${row.type} ${row.status}`);
  };

  it("waits, is listed, and leaves what the contact last said alone", async () => {
    const at = inMinutes(90);
    const message = await schedule("Good morning", { scheduledFor: at });
    expect(message).toMatchObject({
      status: "scheduled",
      scheduledFor: at,
      createdAt: at,
      cancelOnReply: false,
      twilioSid: null,
    });
    const earlier = await schedule("Even earlier", { scheduledFor: inMinutes(30) });
    const ids = (await list(stage.alice, `contacts/${contactId}/scheduled`)).map(({ id }) => id);
    expect(ids).toEqual([earlier.id, message.id]);
    expect((await list()).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(await list(stage.carol)).toMatchObject({ code: "workspace_not_found" });
    const { rows } = await sql<{ last_message: string | null }>`
      select last_message from public.contacts where id = ${contactId}
    `.execute(stage.test.database.kysely);
    expect(rows).toEqual([{ last_message: null }]);
    expect(await lastEvents(message.id)).toEqual(["new_message scheduled"]);
    expect(creates("Good morning")).toEqual([]);
  });

  it("leaves at its time, once, however many times it is released", async () => {
    const message = await schedule("It is time", {
      scheduledFor: new Date(Date.now() + 1500).toISOString(),
    });
    expect(message.status).toBe("scheduled");
    await becomes(message.id, "delivered");
    const key = { workspaceId: stage.workspaceId, messageId: message.id };
    await Promise.all(Array.from({ length: 5 }, () => releaseScheduled(stage.context, key)));
    expect(creates("It is time")).toHaveLength(1);
    expect((await lastEvents(message.id)).slice(0, 3)).toEqual([
      "new_message scheduled",
      "new_message pending",
      "message_updated sending",
    ]);
    // It stands where it was sent, not where it was written.
    expect((await read(message.id)).created_at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("is found by the sweep when no job released it", async () => {
    const message = await schedule("Nobody called");
    await letTimePass(message.id);
    await sweepMessages(stage.context);
    await becomes(message.id, "delivered");
    expect(creates("Nobody called")).toHaveLength(1);
  });

  it("to a contact who was just deleted stays where it is, and shows them to nobody", async () => {
    const message = await schedule("Not to be seen");
    await letTimePass(message.id);
    const key = { workspaceId: stage.workspaceId, contactId };
    await deleteContact(stage.context, stage.alice, key);
    const before = await lastEvents(message.id);
    await sweepMessages(stage.context);
    expect((await read(message.id)).status).toBe("scheduled");
    expect(await lastEvents(message.id)).toEqual(before);
    await restoreContact(stage.context, stage.alice, key);
    await sweepMessages(stage.context);
    await becomes(message.id, "delivered");
    expect(creates("Not to be seen")).toMatchObject([{ to: phone }]);
  });

  it("can be changed, called off and sent early, by members only", async () => {
    const message = await schedule("Helo");
    const later = inMinutes(120);
    expect(await ask(stage.carol, "PATCH", message, "schedule", { message: "x" })).toMatchObject({
      body: { code: "workspace_not_found" },
    });
    const edited = await ask(stage.alice, "PATCH", message, "schedule", {
      message: "Hello",
      scheduledFor: later,
      cancelOnReply: true,
    });
    expect(edited.body).toMatchObject({
      content: "Hello",
      scheduledFor: later,
      createdAt: later,
      cancelOnReply: true,
      status: "scheduled",
    });
    for (const [body, code] of [
      [{ message: " " }, "message_empty"],
      [{ message: "x".repeat(1601) }, "message_too_long"],
      [{ scheduledFor: "2020-01-01T00:00:00Z" }, "schedule_invalid"],
    ] as const) {
      const refused = await ask(stage.bob, "PATCH", message, "schedule", body);
      expect(refused.body.code).toBe(code);
    }
    const sent = await ask(stage.bob, "POST", message, "send-now");
    expect(sent).toMatchObject({ status: 200 });
    await becomes(message.id, "delivered");
    expect(creates("Hello")).toHaveLength(1);
    for (const [method, act] of [
      ["POST", "cancel"],
      ["POST", "send-now"],
      ["PATCH", "schedule"],
    ] as const) {
      const late = await ask(stage.bob, method, message, act, act === "schedule" ? {} : undefined);
      expect([act, late.body.code]).toEqual([act, "conflict"]);
    }

    const other = await schedule("Never mind");
    expect((await ask(stage.alice, "POST", other, "cancel")).body).toMatchObject({
      status: "canceled",
      canDelete: true,
    });
    await letTimePass(other.id);
    await releaseScheduled(stage.context, {
      workspaceId: stage.workspaceId,
      messageId: other.id,
    });
    expect((await read(other.id)).status).toBe("canceled");
    expect(creates("Never mind")).toEqual([]);
  });

  it("is scheduled again after it was called off, and then leaves once", async () => {
    const at = inMinutes(45);
    const message = await schedule("After all", { scheduledFor: at });
    expect(await ask(stage.bob, "POST", message, "restore")).toMatchObject({
      body: { code: "conflict" },
    });
    await ask(stage.bob, "POST", message, "cancel");
    expect(await ask(stage.carol, "POST", message, "restore")).toMatchObject({
      body: { code: "workspace_not_found" },
    });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(stage.alice, "POST", message, "restore")),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({
      status: "scheduled",
      scheduledFor: at,
      createdAt: at,
      round: 2,
    });
    expect((await lastEvents(message.id)).at(-1)).toBe("message_updated scheduled");
    const attempts = await ask(stage.alice, "GET", message, "attempts");
    expect(attempts.body.items).toMatchObject([
      { round: 1, status: "canceled", handedOverAt: null, reports: [] },
      { round: 2, status: "scheduled" },
    ]);
    await letTimePass(message.id);
    await sweepMessages(stage.context);
    await becomes(message.id, "delivered");
    expect(creates("After all")).toHaveLength(1);
  });

  it("is not scheduled again once its time is over, or for one who opted out", async () => {
    const late = await schedule("Too late");
    await ask(stage.bob, "POST", late, "cancel");
    await letTimePass(late.id);
    expect(await ask(stage.bob, "POST", late, "restore")).toMatchObject({
      body: { code: "schedule_invalid" },
    });
    const stopped = await schedule("Stopped");
    const byHand = await schedule("Called off by hand");
    await ask(stage.bob, "POST", byHand, "cancel");
    await stage.simulator.textFromPhone({ from: phone, to: numbers[0] ?? "", body: "STOP" });
    for (const message of [stopped, byHand]) {
      expect(await ask(stage.bob, "POST", message, "restore")).toMatchObject({
        body: { code: "contact_opted_out" },
      });
    }
    await stage.simulator.textFromPhone({ from: phone, to: numbers[0] ?? "", body: "START" });
    expect(await ask(stage.bob, "POST", stopped, "restore")).toMatchObject({
      body: { code: "conflict" },
    });
    expect((await ask(stage.bob, "POST", byHand, "restore")).status).toBe(200);
    await ask(stage.bob, "POST", byHand, "cancel");
  });

  it("is called off by an answer if that was asked for, in the answer's own commit", async () => {
    const asked = await schedule("Are you still there?", { cancelOnReply: true });
    const kept = await schedule("See you tomorrow");
    await stage.simulator.textFromPhone({ from: phone, to: numbers[0] ?? "", body: "I am here" });
    expect(await read(asked.id)).toMatchObject({
      status: "canceled",
      error_message: "Called off, because the customer answered first.",
    });
    expect((await read(kept.id)).status).toBe("scheduled");
    const { rows } = await sql<{ name: string }>`
      select type || ' ' || coalesce(payload #>> '{message,status}', '') as name
      from public.workspace_events where workspace_id = ${stage.workspaceId} order by seq desc limit 2
    `.execute(stage.test.database.kysely);
    expect(rows.map(({ name }) => name).toSorted()).toEqual([
      "message_updated canceled",
      "new_message received",
    ]);
  });

  it("goes to the number that the customer wrote to meanwhile", async () => {
    const message = await schedule("From where?");
    expect(message.fromNumber).toBe(numbers[0]);
    await stage.simulator.textFromPhone({ from: phone, to: numbers[1] ?? "", body: "Me again" });
    await ask(stage.bob, "POST", message, "send-now");
    expect((await read(message.id)).from_number).toBe(numbers[1]);
  });

  it("is not sent to one who has opted out by then", async () => {
    const message = await schedule("Are you sure?");
    await stage.simulator.textFromPhone({ from: phone, to: numbers[0] ?? "", body: "STOP" });
    await letTimePass(message.id);
    await sweepMessages(stage.context);
    await vi.waitFor(async () =>
      expect((await read(message.id)).status).toMatch(/failed|canceled/),
    );
    expect(creates("Are you sure?")).toEqual([]);
  });
});
