import { sql } from "kysely";
import twilio from "twilio";
import { v7 as createUuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../src/context.ts";
import { checkStatuses, reconcileSent } from "../src/messages/check-statuses.ts";
import { getCredentials } from "../src/twilio/find-credentials.ts";
import type { TwilioCredentials } from "../src/twilio/twilio-client.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("what the carrier has on record, on %s", (kind) => {
  let stage: TestStage;
  let credentials: TwilioCredentials;
  let contactId: string;
  let phone: string;
  let asked: string[] = [];
  let context: Context;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    await stage.alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    credentials = await getCredentials(stage.context, workspaceId);
    context = {
      ...stage.context,
      twilio: {
        ...stage.context.twilio,
        getMessage: (of, sid) => {
          asked.push(sid);
          return stage.context.twilio.getMessage(of, sid);
        },
      },
    };
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    asked = [];
    nextPhone += 1;
    phone = `+1415666${String(nextPhone).padStart(4, "0")}`;
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number)
      values (${stage.workspaceId}, ${phone}) returning id
    `.execute(stage.test.database.kysely);
    contactId = rows[0]?.id ?? "";
  });

  /** A text whose every report of the carrier is lost; it has come to its end there. */
  async function send(): Promise<{ id: string; sid: string }> {
    stage.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    const { body } = await stage.bob.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId,
      message: "Hello there",
      id: createUuid(),
    });
    await stage.simulator.idle();
    return { id: body.message.id, sid: body.twilioSid };
  }

  async function report(sid: string, status: string, fields: Record<string, string> = {}) {
    const url = `${stage.baseUrl}/api/twilio/status/${stage.workspaceId}`;
    const form = {
      AccountSid: credentials.accountSid,
      MessageSid: sid,
      MessageStatus: status,
      ...fields,
    };
    const signature = twilio.getExpectedTwilioSignature(credentials.authToken, url, form);
    const { status: answer } = await fetch(url, {
      method: "POST",
      headers: { "X-Twilio-Signature": signature },
      body: new URLSearchParams(form),
    });
    expect(answer).toBe(204);
  }

  async function read(id: string) {
    const { rows } = await sql<{
      status: string;
      error_code: number | null;
      price: string | null;
      price_unit: string | null;
      num_segments: number | null;
      from_number: string | null;
      needs_check: boolean;
    }>`select * from public.messages where id = ${id}`.execute(stage.test.database.kysely);
    const [row] = rows;
    if (!row) throw new Error("There is no such text.");
    return row;
  }

  const age = (id: string, interval: string) =>
    sql`
      update public.messages
      set created_at = now() - ${interval}::text::interval,
        sending_since = now() - ${interval}::text::interval, status_checked_at = null
      where id = ${id}
    `.execute(stage.test.database.kysely);

  async function eventsOf(id: string) {
    const { rows } = await sql<{ message: { status: string; price: string | null } }>`
      select payload -> 'message' as message from public.workspace_events
      where workspace_id = ${stage.workspaceId} and payload #>> '{message,id}' = ${id}
      order by seq
    `.execute(stage.test.database.kysely);
    return rows.map(({ message }) => message);
  }

  it("settles two reports that contradict each other, and keeps the error", async () => {
    const { id, sid } = await send();
    await report(sid, "undelivered", { ErrorCode: "30003" });
    await report(sid, "delivered");
    expect(await read(id)).toMatchObject({ status: "undelivered", needs_check: true });
    await checkStatuses(context);
    expect(await read(id)).toMatchObject({
      status: "delivered",
      error_code: 30003,
      needs_check: false,
    });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ status: "delivered" });
    // It is settled: whoever repeats himself is not asked about again.
    await report(sid, "undelivered");
    await report(sid, "delivered");
    await checkStatuses(context);
    expect(asked).toEqual([sid]);
    expect((await read(id)).status).toBe("delivered");
  });

  it("is asked for after 12 hours without a final state, once a day, and no more after four", async () => {
    const { id, sid } = await send();
    await age(id, "11 hours");
    await checkStatuses(context);
    expect(asked).toEqual([]);
    await age(id, "5 days");
    await checkStatuses(context);
    expect(asked).toEqual([]);
    await age(id, "13 hours");
    stage.simulator.injectFault({ route: "messages.get", kind: "500", times: 1 });
    await checkStatuses(context);
    expect((await read(id)).status).toBe("queued");
    await checkStatuses(context);
    expect(asked).toEqual([sid, sid]);
    expect((await read(id)).status).toBe("delivered");
    expect((await eventsOf(id)).at(-1)).toMatchObject({ status: "delivered" });
  });

  it("may say no more than we know: then nothing changes and a day passes", async () => {
    stage.simulator.setPhone(phone, "no-receipts");
    const { id, sid } = await send();
    await report(sid, "sent");
    await age(id, "13 hours");
    await checkStatuses(context);
    await checkStatuses(context);
    expect(asked).toEqual([sid]);
    expect((await read(id)).status).toBe("sent");
  });

  it("may be gone: then the text stays as it is", async () => {
    const { id, sid } = await send();
    await fetch(
      `${await stage.context.twilio.apiOrigin(credentials.accountSid)}/2010-04-01/Accounts/${credentials.accountSid}/Messages/${sid}.json`,
      {
        method: "DELETE",
        headers: {
          authorization: `Basic ${Buffer.from(`${credentials.accountSid}:${credentials.authToken}`).toString("base64")}`,
        },
      },
    );
    await age(id, "13 hours");
    await checkStatuses(context);
    await checkStatuses(context);
    expect(asked).toEqual([sid]);
    expect((await read(id)).status).toBe("queued");
  });

  it("tells price, segments, sender and what lost reports did not, from one list for all", async () => {
    const texts = [await send(), await send()];
    for (const { id } of texts) await age(id, "10 minutes");
    await sql`
      update public.messages set num_segments = null, from_number = null
      where id = ${texts[0]?.id}
    `.execute(stage.test.database.kysely);
    const due = () =>
      sql`
        update public.workspace_twilio_config set reconcile_due_at = now()
        where workspace_id = ${stage.workspaceId}
      `.execute(stage.test.database.kysely);
    await due();
    stage.simulator.injectFault({ route: "messages.list", kind: "500", times: 1 });
    await reconcileSent(context);
    expect((await read(texts[0]?.id ?? "")).price).toBeNull();
    await reconcileSent(context);
    expect((await read(texts[0]?.id ?? "")).price).toBeNull();
    await due();
    await reconcileSent(context);
    for (const { id } of texts) {
      expect(await read(id)).toMatchObject({
        status: "delivered",
        price: expect.stringMatching(/^0\.0079/),
        price_unit: "USD",
        num_segments: 1,
        from_number: expect.stringMatching(/^\+1/),
      });
      expect((await eventsOf(id)).at(-1)).toMatchObject({ status: "delivered", price: "0.0079" });
    }
    expect(asked).toEqual([]);
    const counts = await Promise.all(texts.map(async ({ id }) => (await eventsOf(id)).length));
    await due();
    await reconcileSent(context);
    expect(await Promise.all(texts.map(async ({ id }) => (await eventsOf(id)).length))).toEqual(
      counts,
    );
  });

  it("tells a price that comes days late, from a look back once a day", async () => {
    const { id, sid } = await send();
    await report(sid, "delivered");
    await age(id, "9 days");
    const listed = stage.simulator.messages().find((message) => message.sid === sid);
    if (listed) listed.dateSent = new Date(Date.now() - 9 * 86_400_000);
    const due = (isWideToo: boolean) =>
      sql`
        update public.workspace_twilio_config
        set reconcile_due_at = now(),
          wide_reconcile_due_at = now() + make_interval(hours => ${isWideToo ? 0 : 1})
        where workspace_id = ${stage.workspaceId}
      `.execute(stage.test.database.kysely);
    await due(false);
    await reconcileSent(context);
    expect((await read(id)).price).toBeNull();
    await due(true);
    stage.simulator.injectFault({ route: "messages.list", kind: "500", times: 1 });
    await reconcileSent(context);
    expect((await read(id)).price).toBeNull();
    // It failed, so the next look goes as far back.
    await sql`
      update public.workspace_twilio_config set reconcile_due_at = now()
      where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    await reconcileSent(context);
    expect(await read(id)).toMatchObject({ status: "delivered", price: expect.any(String) });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ price: "0.0079" });
  });

  it("is read whole for an account that sends more than one list holds", async () => {
    const first = await send();
    await age(first.id, "5 hours");
    const from = stage.simulator.messages().find(({ sid }) => sid === first.sid);
    if (from) from.dateSent = new Date(Date.now() - 5 * 3_600_000);
    // Of another program, and newer: the list begins with them.
    const crowded: Context = {
      ...context,
      twilio: {
        ...context.twilio,
        listMessages: async (of, filter) => {
          const listed = await context.twilio.listMessages(of, { ...filter, limit: 5_000 });
          const others = Array.from({ length: 2_000 }, (_, n) => ({
            ...(listed[0] as (typeof listed)[number]),
            sid: `SM${n.toString(16).padStart(32, "f")}`,
          }));
          const isNow = !filter.sentBefore || filter.sentBefore > new Date(Date.now() - 3_600_000);
          return [...(isNow && listed[0] ? others : []), ...listed].slice(0, filter.limit ?? 5_000);
        },
      },
    };
    await sql`
      update public.workspace_twilio_config set reconcile_due_at = now()
      where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    await reconcileSent(crowded);
    expect(await read(first.id)).toMatchObject({ status: "delivered", price: expect.any(String) });
  });

  it("names the sender that a Messaging Service chose, as the first report does", async () => {
    const { id, sid } = await send();
    await sql`update public.messages set from_number = null where id = ${id}`.execute(
      stage.test.database.kysely,
    );
    await report(sid, "sent", { From: "+12025550111" });
    await vi.waitFor(async () => {
      expect(await read(id)).toMatchObject({ status: "sent", from_number: "+12025550111" });
    });
  });
});
