import { sql } from "kysely";
import { v7 as createUuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deleteContact } from "../src/contacts/delete-contact.ts";
import { restoreContact } from "../src/contacts/restore-contact.ts";
import type { Context } from "../src/context.ts";
import { dispatchMessage } from "../src/messages/dispatch-message.ts";
import type { OutboundRow } from "../src/messages/messages-store.ts";
import { sweepMessages } from "../src/messages/register-message-jobs.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a text that is sent on %s", (kind) => {
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
    expect(connected).toMatchObject({ status: 200, body: { isSimulated: true } });
    numbers = connected.body.numbers.map((each: { phoneNumber: string }) => each.phoneNumber);
  });
  afterAll(() => stage?.close());

  beforeEach(async () => {
    nextPhone += 1;
    phone = `+1415555${String(nextPhone).padStart(4, "0")}`;
    contactId = await createContact(phone);
  });

  async function createContact(phoneNumber: string, type = "e164"): Promise<string> {
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number, address_type)
      values (${stage.workspaceId}, ${phoneNumber}, ${type}) returning id
    `.execute(stage.test.database.kysely);
    return rows[0]?.id ?? "";
  }

  const send = (message: string, part: Record<string, unknown> = {}) =>
    stage.bob.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId,
      message,
      ...part,
    });

  async function read(messageId: string): Promise<OutboundRow> {
    const { rows } = await sql<OutboundRow>`
      select * from public.messages where id = ${messageId}
    `.execute(stage.test.database.kysely);
    if (!rows[0]) throw new Error("There is no such message.");
    return rows[0];
  }

  const creates = (body: string) =>
    stage.simulator
      .messages()
      .filter((message) => message.direction === "outbound-api" && message.body === body);

  const becomes = (messageId: string, status: string) =>
    vi.waitFor(async () => expect((await read(messageId)).status).toBe(status), {
      timeout: 10_000,
      interval: 20,
    });

  const sweep = (context: Partial<Context> = {}) => sweepMessages({ ...stage.context, ...context });

  async function insertPending(content: string): Promise<string> {
    const id = createUuid();
    await sql`
      insert into public.messages (
        id, workspace_id, contact_id, direction, content, status, from_number, to_number
      )
      values (
        ${id}, ${stage.workspaceId}, ${contactId}, 'outbound', ${content}, 'pending',
        ${numbers[0]}, ${phone}
      )
    `.execute(stage.test.database.kysely);
    return id;
  }

  /** As if the process had died: what it holds open never ends, and time goes by. */
  async function pretendLost(messageId: string): Promise<void> {
    await becomes(messageId, "sending");
    await sql`
      update public.messages set sending_since = sending_since - interval '61 seconds'
      where id = ${messageId}
    `.execute(stage.test.database.kysely);
  }

  it("is accepted, delivered, and in the log at every step", async () => {
    const { status, body } = await send("Your cake is ready 🎂");
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, twilioSid: expect.stringMatching(/^SM/) });
    await becomes(body.message.id, "delivered");
    expect(creates("Your cake is ready 🎂")).toMatchObject([{ to: phone, status: "delivered" }]);
    const { rows } = await sql<{ type: string; status: string; last: string }>`
      select type, payload #>> '{message,status}' as status,
        payload #>> '{contact,lastMessage}' as last
      from public.workspace_events where payload #>> '{message,id}' = ${body.message.id}
      order by seq
    `.execute(stage.test.database.kysely);
    expect(rows[0]).toEqual({
      type: "new_message",
      status: "pending",
      last: "Your cake is ready 🎂",
    });
    expect(rows[1]).toMatchObject({ type: "message_updated", status: "sending" });
    expect(rows.at(-1)).toMatchObject({ type: "message_updated", status: "delivered" });
  });

  it("20 times at once with one id makes one create and one row", async () => {
    const id = createUuid();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send("Only once", { id })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.message.id))).toEqual(new Set([id]));
    await becomes(id, "delivered");
    expect(creates("Only once")).toHaveLength(1);
    expect(await send("Something else", { id })).toMatchObject({ body: { code: "conflict" } });
    expect(await send("Only once", { id })).toMatchObject({ status: 200 });
    expect(creates("Only once")).toHaveLength(1);
  });

  it("and dispatched 20 times at once makes one create", async () => {
    const messageId = await insertPending("Dispatched by many");
    const key = { workspaceId: stage.workspaceId, messageId };
    await Promise.all(Array.from({ length: 20 }, () => dispatchMessage(stage.context, key)));
    await becomes(messageId, "delivered");
    expect(creates("Dispatched by many")).toHaveLength(1);
  });

  it("goes out from the number that the customer wrote to last", async () => {
    const second = numbers[1] ?? "";
    await stage.simulator.textFromPhone({ from: phone, to: second, body: "Hello?" });
    const { body } = await send("Hello!");
    expect(body.message.fromNumber).toBe(second);
  });

  it("waits for those before it, so that they arrive in order", async () => {
    const bodies = Array.from({ length: 6 }, (_, index) => `In order ${index}`);
    const ids: string[] = [];
    for (const content of bodies) ids.push(await insertPending(content));
    const keys = ids.map((messageId) => ({ workspaceId: stage.workspaceId, messageId }));
    await Promise.all(keys.toReversed().map((key) => dispatchMessage(stage.context, key)));
    for (const id of ids) await becomes(id, "delivered");
    const arrived = stage.simulator.messages().filter((message) => message.to === phone);
    expect(arrived.map(({ body }) => body)).toEqual(bodies);
  });

  it("is tried again after a 429, with one create in all", async () => {
    stage.simulator.injectFault({ route: "messages.create", kind: "429", times: 1 });
    const { body } = await send("Busy at first");
    expect(body).toMatchObject({ success: true, twilioSid: null, message: { status: "pending" } });
    await becomes(body.message.id, "delivered");
    expect(creates("Busy at first")).toHaveLength(1);
    expect((await read(body.message.id)).attempt).toBe(2);
  });

  it("is tried again when nothing answered at all", async () => {
    const messageId = await insertPending("Nobody there");
    const key = { workspaceId: stage.workspaceId, messageId };
    const { createTwilioGateway } = await import("../src/twilio/twilio-client.ts");
    const twilio = createTwilioGateway({
      simulatorOrigin: "http://127.0.0.1:1",
      isSimulated: () => true,
    });
    await dispatchMessage({ ...stage.context, twilio }, key);
    expect(await read(messageId)).toMatchObject({ attempt: 1, status: "pending" });
    await becomes(messageId, "delivered");
    expect(creates("Nobody there")).toHaveLength(1);
  });

  it.each(["accept-then-500", "accept-then-reset", "malformed"] as const)(
    "is in doubt after %s, never sent again, and settled by its own report",
    async (fault) => {
      stage.simulator.injectCallbackFault({ kind: "delay", times: 3, delayMs: 300 });
      stage.simulator.injectFault({ route: "messages.create", kind: fault, times: 1 });
      const { body } = await send(`Doubtful ${fault}`);
      expect(body).toMatchObject({ success: true, message: { status: "unconfirmed" } });
      await becomes(body.message.id, "delivered");
      expect(creates(`Doubtful ${fault}`)).toMatchObject([
        { sid: (await read(body.message.id)).twilio_sid },
      ]);
    },
  );

  it("in doubt is found in the carrier's list, unless two entries could be it", async () => {
    stage.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    stage.simulator.injectFault({ route: "messages.create", kind: "accept-then-reset", times: 1 });
    const { body } = await send("Look me up");
    await stage.simulator.idle();
    expect((await read(body.message.id)).status).toBe("unconfirmed");
    await sweep();
    expect(await read(body.message.id)).toMatchObject({
      status: "delivered",
      twilio_sid: creates("Look me up")[0]?.sid,
    });

    stage.simulator.injectCallbackFault({ kind: "lost", times: 6 });
    stage.simulator.injectFault({ route: "messages.create", kind: "accept-then-reset", times: 2 });
    const twins = [await send("Twins"), await send("Twins")];
    await stage.simulator.idle();
    await sweep();
    for (const twin of twins) {
      expect((await read(twin.body.message.id)).status).toBe("unconfirmed");
    }
    expect(creates("Twins")).toHaveLength(2);
  });

  it("in doubt is found although a service wrote its quotes plain", async () => {
    stage.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    stage.simulator.injectFault({ route: "messages.create", kind: "accept-then-reset", times: 1 });
    const { body } = await send("It’s “ready” – come in…");
    await stage.simulator.idle();
    const [listed] = creates("It’s “ready” – come in…");
    if (listed) listed.body = `It's "ready" - come in...`;
    await sweep();
    expect(await read(body.message.id)).toMatchObject({
      status: "delivered",
      twilio_sid: listed?.sid,
      content: "It’s “ready” – come in…",
    });

    // Words that a service would make the same are the same here too.
    stage.simulator.injectCallbackFault({ kind: "lost", times: 6 });
    stage.simulator.injectFault({ route: "messages.create", kind: "accept-then-reset", times: 2 });
    const twins = [await send("It’s you"), await send("It's you")];
    await stage.simulator.idle();
    await sweep();
    for (const twin of twins) {
      expect((await read(twin.body.message.id)).status).toBe("unconfirmed");
    }
  });

  it("in doubt is not taken for the same words whose arrival an agent confirmed", async () => {
    stage.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    stage.simulator.injectFault({ route: "messages.create", kind: "accept-then-reset", times: 1 });
    const arrived = await send("On my way");
    await stage.simulator.idle();
    const never = { ...stage.context.twilio, sendMessage: () => new Promise<never>(() => {}) };
    const messageId = await insertPending("On my way");
    void dispatchMessage(
      { ...stage.context, twilio: never },
      { workspaceId: stage.workspaceId, messageId },
    );
    await pretendLost(messageId);
    const path = `/api/workspaces/${stage.workspaceId}/messages/${arrived.body.message.id}/settle`;
    expect(await stage.bob.api("POST", path, { verdict: "arrived" })).toMatchObject({
      status: 200,
    });
    await sweep();
    expect(creates("On my way")).toHaveLength(1);
    expect(await read(messageId)).toMatchObject({ status: "unconfirmed", twilio_sid: null });
  });

  it("to a contact who was just deleted waits for an undo, and never leaves without one", async () => {
    const key = { workspaceId: stage.workspaceId, contactId };
    const messageId = await insertPending("On the brink");
    await deleteContact(stage.context, stage.alice, key);
    await dispatchMessage(stage.context, { workspaceId: stage.workspaceId, messageId });
    expect(await read(messageId)).toMatchObject({ status: "pending", attempt: 0 });
    expect(stage.simulator.messages().filter(({ to }) => to.startsWith("deleted"))).toEqual([]);
    await restoreContact(stage.context, stage.alice, key);
    await dispatchMessage(stage.context, { workspaceId: stage.workspaceId, messageId });
    await becomes(messageId, "delivered");
    expect(creates("On the brink")).toMatchObject([{ to: phone }]);
  });

  it("goes to its contact, whatever number a member wrote beside it", async () => {
    const messageId = await insertPending("To whom");
    await sql`update public.messages set to_number = '+14155559999' where id = ${messageId}`.execute(
      stage.test.database.kysely,
    );
    await dispatchMessage(stage.context, { workspaceId: stage.workspaceId, messageId });
    expect(creates("To whom")).toMatchObject([{ to: phone }]);
  });

  it("of a workspace whose key is gone does not keep the sweep from the others", async () => {
    const never = { ...stage.context.twilio, sendMessage: () => new Promise<never>(() => {}) };
    const lost: string[] = [];
    for (const suffix of ["77", "78"]) {
      phone = `+14155551${suffix}0`;
      contactId = await createContact(phone);
      const messageId = await insertPending(`Lost ${suffix}`);
      const key = { workspaceId: stage.workspaceId, messageId };
      void dispatchMessage({ ...stage.context, twilio: never }, key);
      await pretendLost(messageId);
      await insertPending(`Behind ${suffix}`);
      lost.push(messageId);
    }
    const open = () => {
      throw new Error("The key is gone.");
    };
    await sweep({ keys: { ...stage.context.keys, open } });
    for (const messageId of lost) expect((await read(messageId)).status).toBe("unconfirmed");
  });

  it("whose process dies before the call is in doubt, and was never created", async () => {
    const messageId = await insertPending("Died before");
    const dead = { ...stage.context.twilio, sendMessage: () => new Promise<never>(() => {}) };
    const key = { workspaceId: stage.workspaceId, messageId };
    void dispatchMessage({ ...stage.context, twilio: dead }, key);
    await pretendLost(messageId);
    await sweep();
    await sweep();
    expect((await read(messageId)).status).toBe("unconfirmed");
    expect(creates("Died before")).toHaveLength(0);

    const path = `/api/workspaces/${stage.workspaceId}/messages/${messageId}/settle`;
    expect(await stage.carol.api("POST", path, { verdict: "send_again" })).toMatchObject({
      body: { code: "workspace_not_found" },
    });
    expect(await stage.bob.api("POST", path, { verdict: "send_again" })).toMatchObject({
      status: 200,
    });
    await becomes(messageId, "delivered");
    expect(creates("Died before")).toHaveLength(1);
    expect(await stage.bob.api("POST", path, { verdict: "arrived" })).toMatchObject({
      body: { code: "conflict" },
    });
  });

  it("whose process dies after the call is created once and settles by itself", async () => {
    const messageId = await insertPending("Died after");
    stage.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    const { twilio } = stage.context;
    const dying = {
      ...twilio,
      sendMessage: async (...parts: Parameters<typeof twilio.sendMessage>) => {
        await twilio.sendMessage(...parts);
        return new Promise<never>(() => {});
      },
    };
    const key = { workspaceId: stage.workspaceId, messageId };
    void dispatchMessage({ ...stage.context, twilio: dying }, key);
    await vi.waitFor(() => expect(creates("Died after")).toHaveLength(1));
    await stage.simulator.idle();
    await pretendLost(messageId);
    await sweep();
    expect(await read(messageId)).toMatchObject({ status: "delivered" });
    expect(creates("Died after")).toHaveLength(1);
  });

  it("that nobody dispatched is found by the sweep", async () => {
    const messageId = await insertPending("Forgotten");
    await sql`alter table public.messages disable trigger messages_updated_at`.execute(
      stage.test.database.kysely,
    );
    await sql`
      update public.messages set updated_at = now() - interval '31 seconds' where id = ${messageId}
    `.execute(stage.test.database.kysely);
    await sql`alter table public.messages enable trigger messages_updated_at`.execute(
      stage.test.database.kysely,
    );
    await sweep();
    await becomes(messageId, "delivered");
    expect(creates("Forgotten")).toHaveLength(1);
  });

  it("fails with the reason, and after 21610 knows that the customer opted out", async () => {
    phone = "+15005550009";
    contactId = await createContact(phone);
    const failed = await send("To a landline");
    expect(failed.body.message).toMatchObject({ status: "failed", errorCode: 21614 });
    phone = "+15005550004";
    contactId = await createContact(phone);
    const stopped = await send("To one who stopped");
    expect(stopped.body.message).toMatchObject({ status: "failed", errorCode: 21610 });
    expect(await send("Again")).toMatchObject({ body: { code: "contact_opted_out" } });
  });

  it("after a STOP is refused without a create, also when it waits already", async () => {
    const waiting = await insertPending("Too late");
    await stage.simulator.textFromPhone({ from: phone, to: numbers[0] ?? "", body: "STOP" });
    expect(await send("Please stay")).toMatchObject({ body: { code: "contact_opted_out" } });
    await dispatchMessage(stage.context, { workspaceId: stage.workspaceId, messageId: waiting });
    expect(await read(waiting)).toMatchObject({ status: "canceled", error_code: 21610 });
    expect([...creates("Please stay"), ...creates("Too late")]).toEqual([]);
  });

  it("is refused clearly when it can't be right, and changes nothing", async () => {
    const counts = async () =>
      (
        await sql`select count(*)::int as count from public.messages`.execute(
          stage.test.database.kysely,
        )
      ).rows;
    const before = await counts();
    const name = await createContact("BAKERY", "alphanumeric");
    const shortCode = await createContact("72975", "short_code");
    const stranger = { workspaceId: stage.carolsWorkspaceId };
    for (const [part, code] of [
      [{ message: " \n" }, "message_empty"],
      [{ message: "\0" }, "message_empty"],
      [{ message: "x".repeat(1601) }, "message_too_long"],
      [{ contactId: name }, "contact_not_textable"],
      [{ contactId: shortCode }, "contact_not_textable"],
      [{ contactId: createUuid() }, "contact_not_found"],
      [stranger, "workspace_not_found"],
      [{ mediaUrls: ["https://example.test/a.png"] }, "invalid_request"],
      [{ mediaUrls: Array(11).fill("https://example.test/a.png") }, "too_many_media"],
      [{ from: "+14155550000" }, "sender_not_usable"],
      [{ scheduledFor: "2020-01-01T00:00:00Z" }, "schedule_invalid"],
      [{ scheduledFor: "2999-01-01T00:00:00Z" }, "schedule_invalid"],
    ] as const) {
      expect((await send("hi", part)).body.code, JSON.stringify(part)).toBe(code);
    }
    const alone = await stage.carol.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.carolsWorkspaceId,
      contactId,
      message: "hi",
    });
    expect(alone.body.code).toBe("contact_not_found");
    expect(await counts()).toEqual(before);
  });
});
