import { logEvent } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ReceivedText, receiveText } from "../src/messages/receive-text.ts";
import {
  createMigratedDatabase,
  databaseKinds,
  type TestDatabase,
} from "./support/test-database.ts";

const accountSid = `AC${"a".repeat(32)}`;

describe.each(databaseKinds)("a received text on %s", (kind) => {
  let test: TestDatabase;
  let workspaceId: string;
  let nextSid = 0;

  beforeAll(async () => {
    test = await createMigratedDatabase(kind);
    const { rows } = await sql<{ id: string }>`
      insert into public.workspaces (name) values ('Bakery') returning id
    `.execute(test.database.kysely);
    workspaceId = rows[0]?.id ?? "";
  });
  afterAll(() => test.drop());

  function buildText(part: Partial<ReceivedText> = {}): ReceivedText {
    nextSid += 1;
    return {
      workspaceId,
      accountSid,
      messageSid: `SM${nextSid.toString(16).padStart(32, "0")}`,
      from: "+12025550143",
      to: "+12025550100",
      body: "Are you open?",
      media: [],
      optOutType: null,
      receipt: { body: Buffer.from("Body=Are+you+open%3F"), headers: {} },
      ...part,
    };
  }

  async function state(from: string) {
    const { rows } = await sql<{
      unread: number;
      messages: number;
      events: number;
      isOptedOut: boolean;
      status: string;
    }>`
      select c.unread_count as unread, c.conversation_status as status,
        c.opted_out_at is not null as "isOptedOut",
        (select count(*)::int from public.messages m where m.contact_id = c.id) as messages,
        (select count(*)::int from public.workspace_events e
          where e.payload #>> '{contact,id}' = c.id::text) as events
      from public.contacts c where c.workspace_id = ${workspaceId} and c.phone_number = ${from}
    `.execute(test.database.kysely);
    return rows;
  }

  it("1: that is reported 100 times at once is one message, one unread, one event", async () => {
    const text = buildText({ from: "+12025550111" });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => receiveText(test.database, text)),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "stored")).toHaveLength(1);
    expect(await state("+12025550111")).toMatchObject([{ messages: 1, unread: 1, events: 1 }]);
  });

  it("and 49 others, all first ones of the same customer, make one contact", async () => {
    await Promise.all(
      Array.from({ length: 50 }, () =>
        receiveText(test.database, buildText({ from: "+12025550112" })),
      ),
    );
    expect(await state("+12025550112")).toMatchObject([{ messages: 50, unread: 50, events: 50 }]);
  });

  it("leaves nothing at all behind when its transaction fails", async () => {
    const tooMany = Array.from({ length: 11 }, () => ({
      url: "https://x.test",
      contentType: "a/b",
    }));
    const text = buildText({ from: "+12025550113", media: tooMany });
    await expect(receiveText(test.database, text)).rejects.toThrow();
    expect(await state("+12025550113")).toEqual([]);
    expect(await receiveText(test.database, { ...text, media: [] })).toMatchObject({
      outcome: "stored",
    });
  });

  it("that is nothing but STOP opts the customer out, and START back in", async () => {
    const from = "+12025550114";
    await receiveText(test.database, buildText({ from, body: "Stop by tomorrow" }));
    expect(await state(from)).toMatchObject([{ isOptedOut: false }]);
    await receiveText(test.database, buildText({ from, body: " stop. " }));
    expect(await state(from)).toMatchObject([{ isOptedOut: true }]);
    await receiveText(test.database, buildText({ from, body: "Unstop" }));
    expect(await state(from)).toMatchObject([{ isOptedOut: false }]);
  });

  it("reopens a conversation that was done", async () => {
    const from = "SUPPORT";
    await receiveText(test.database, buildText({ from }));
    await sql`
      update public.contacts set conversation_status = 'Done' where phone_number = ${from}
    `.execute(test.database.kysely);
    await receiveText(test.database, buildText({ from }));
    expect(await state(from)).toMatchObject([{ status: "Open", unread: 2 }]);
  });

  it("reaches the log as whole rows that the contract knows, media included", async () => {
    await receiveText(
      test.database,
      buildText({ media: [{ url: "https://x.test/1", contentType: "image/png" }] }),
    );
    const { rows } = await sql`
      select seq::int as seq, type, payload from public.workspace_events
      where workspace_id = ${workspaceId} order by seq
    `.execute(test.database.kysely);
    const events = rows.map((row) => logEvent.parse(row));
    expect(events.at(-1)).toMatchObject({
      type: "new_message",
      payload: { message: { messageType: "media", media: [{ contentType: "image/png" }] } },
    });
  });

  it("numbers events without a gap", async () => {
    const { rows } = await sql<{ count: number; head: number; lastSeq: number }>`
      select count(*)::int as count, max(seq)::int as head,
        (select last_seq::int from public.workspace_streams where workspace_id = ${workspaceId}) as "lastSeq"
      from public.workspace_events where workspace_id = ${workspaceId}
    `.execute(test.database.kysely);
    expect(rows[0]?.head).toBe(rows[0]?.count);
    expect(rows[0]?.lastSeq).toBe(rows[0]?.count);
  });
});
