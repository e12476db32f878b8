import { sql } from "kysely";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetEvents } from "../src/realtime/forget-events.ts";
import { listEventPage } from "../src/realtime/list-event-page.ts";
import { backFillTexts } from "../src/twilio/back-fill-texts.ts";
import { getCredentials } from "../src/twilio/find-credentials.ts";
import { forgetReceipts } from "../src/twilio/forget-receipts.ts";
import type { TwilioCredentials } from "../src/twilio/twilio-client.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("what Twilio posted long ago, on %s", (kind) => {
  let stage: TestStage;
  let credentials: TwilioCredentials;
  let number: string;
  let nextSid = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    const { body } = await stage.alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    number = body.numbers[0].phoneNumber;
    credentials = await getCredentials(stage.context, workspaceId);
  });
  afterAll(() => stage?.close());

  async function post(path: string, form: Record<string, string>): Promise<number> {
    const url = stage.baseUrl + path;
    const signature = twilio.getExpectedTwilioSignature(credentials.authToken, url, form);
    const { status } = await fetch(url, {
      method: "POST",
      headers: { "X-Twilio-Signature": signature },
      body: new URLSearchParams(form),
    });
    return status;
  }
  const newSid = () => `SM${(++nextSid).toString(16).padStart(32, "e")}`;
  const postText = (sid: string, body: string) =>
    post(`/api/twilio/webhook/${stage.workspaceId}`, {
      AccountSid: credentials.accountSid,
      MessageSid: sid,
      From: "+14155550177",
      To: number,
      Body: body,
    });
  const report = (sid: string, status: string) =>
    post(`/api/twilio/status/${stage.workspaceId}`, {
      AccountSid: credentials.accountSid,
      MessageSid: sid,
      MessageStatus: status,
      From: number,
      To: "+14155550177",
    });
  async function find<T>(query: ReturnType<typeof sql<T>>): Promise<T[]> {
    return (await query.execute(stage.test.database.kysely)).rows;
  }
  const age = (days: number) =>
    find(sql`
      with receipts as (
        update public.webhook_receipts set created_at = now() - make_interval(days => ${days})
        where workspace_id = ${stage.workspaceId}
      )
      update public.message_status_events set created_at = now() - make_interval(days => ${days})
      where workspace_id = ${stage.workspaceId}
    `);
  /** Every place but the text itself where a word of a customer or a number may stand. */
  async function countTraces(word: string): Promise<number> {
    const [row] = await find(sql<{ count: number }>`
      select (
        (
          select count(*) from public.webhook_receipts
          where encode(body, 'escape') like ${`%${word}%`} or headers::text like ${`%${word}%`}
        )
        + (select count(*) from public.message_status_events where payload::text like ${`%${word}%`})
      )::int as count
    `);
    return row?.count ?? 0;
  }
  const listWords = async () =>
    (
      await find(sql<{ content: string }>`
        select content from public.messages
        where workspace_id = ${stage.workspaceId} and direction = 'inbound' order by created_at
      `)
    ).map(({ content }) => content);

  it("is forgotten after a month and not before; the text stays, and comes no second time", async () => {
    const sid = newSid();
    expect(await postText(sid, "My address is Elm Street")).toBe(200);
    await age(29);
    await forgetReceipts(stage.context);
    expect(await countTraces("Elm")).toBe(1);
    await age(31);
    await forgetReceipts(stage.context);
    expect(await countTraces("Elm")).toBe(0);
    expect(await countTraces("4155550177")).toBe(0);
    expect(await listWords()).toEqual(["My address is Elm Street"]);

    expect(await postText(sid, "My address is Elm Street")).toBe(200);
    expect(await listWords()).toEqual(["My address is Elm Street"]);
  });

  it("is not fetched again by the back-fill", async () => {
    await stage.simulator.textFromPhone({ from: "+14155550177", to: number, body: "From a phone" });
    await age(31);
    await forgetReceipts(stage.context);
    expect(await backFillTexts(stage.context, stage.workspaceId)).toBe(0);
    expect((await listWords()).filter((words) => words === "From a phone")).toHaveLength(1);
  });

  it("stays while it waits in quarantine, and goes after that", async () => {
    expect(await postText("unheard of", "Oak Street")).toBe(200);
    await age(400);
    await forgetReceipts(stage.context);
    expect(await countTraces("Oak")).toBe(1);
    await find(sql`
      update public.webhook_receipts
      set settled_as = 'dismissed', settled_at = now() - interval '29 days'
      where workspace_id = ${stage.workspaceId} and outcome = 'quarantined'
    `);
    await forgetReceipts(stage.context);
    expect(await countTraces("Oak")).toBe(1);
    await find(sql`
      update public.webhook_receipts set settled_at = now() - interval '31 days'
      where workspace_id = ${stage.workspaceId} and outcome = 'quarantined'
    `);
    await forgetReceipts(stage.context);
    expect(await countTraces("Oak")).toBe(0);
  });

  it("of our own texts leaves what became of them, and they still only rise", async () => {
    const [contact] = await find(sql<{ id: string }>`
      select id from public.contacts
      where workspace_id = ${stage.workspaceId} and phone_number = '+14155550177'
    `);
    stage.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    const { body } = await stage.bob.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId: contact?.id,
      message: "Noted",
    });
    await stage.simulator.idle();
    const stranger = newSid();
    expect(await report(body.twilioSid, "sent")).toBe(204);
    expect(await report(stranger, "sent")).toBe(204);
    await age(31);
    await forgetReceipts(stage.context);
    expect(await countTraces("4155550177")).toBe(0);
    const kept = await find(sql<{ message_sid: string; status: string }>`
      select message_sid, status from public.message_status_events
      where workspace_id = ${stage.workspaceId} and status = 'sent'
    `);
    expect(kept).toEqual([{ message_sid: body.twilioSid, status: "sent" }]);
    expect(await report(body.twilioSid, "delivered")).toBe(204);
    expect(await report(body.twilioSid, "sent")).toBe(204);
    const [text] = await find(sql<{ status: string }>`
      select status from public.messages where id = ${body.message.id}
    `);
    expect(text?.status).toBe("delivered");
  });

  it("leaves the log too, and a browser from then loads everything anew", async () => {
    const read = (after: number) =>
      listEventPage(stage.test.database, stage.bob.userId, stage.workspaceId, {
        after,
        limit: 500,
      });
    await find(sql`
      update public.workspace_events set created_at = now() - interval '13 days'
      where workspace_id = ${stage.workspaceId}
    `);
    await forgetEvents(stage.test.database);
    const count = async () =>
      (
        await find(sql<{ count: number }>`
          select count(*)::int as count from public.workspace_events
          where workspace_id = ${stage.workspaceId}
        `)
      )[0]?.count;
    const before = await count();
    expect(before).toBeGreaterThan(3);
    await find(sql`
      update public.workspace_events set created_at = now() - interval '15 days'
      where workspace_id = ${stage.workspaceId} and seq <= 3
    `);
    await forgetEvents(stage.test.database);
    expect(await count()).toBe((before ?? 0) - 3);
    await expect(read(1)).rejects.toMatchObject({ code: "resync_required" });
    expect((await read(3)).events[0]?.seq).toBe(4);
  });
});
