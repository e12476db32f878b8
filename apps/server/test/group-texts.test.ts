import { logEvent } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupTexts } from "../src/messages/group-texts.ts";
import type { ReceivedText } from "../src/messages/receive-text.ts";
import { migrate, prepareBareDatabase } from "../src/platform/migrate.ts";
import { createTestDatabase, databaseKinds, type TestDatabase } from "./support/test-database.ts";

const accountSid = `AC${"a".repeat(32)}`;

describe.each(databaseKinds)("texts that arrive together on %s", (kind) => {
  let test: TestDatabase;
  let workspaceId: string;
  let nextSid = 0;

  beforeAll(async () => {
    test = await createTestDatabase(kind);
    await prepareBareDatabase(test.database);
    await migrate(test.database);
    workspaceId = await addWorkspace();
  });
  afterAll(() => test.drop());

  async function addWorkspace(): Promise<string> {
    const { rows } = await sql<{ id: string }>`
      insert into public.workspaces (name) values ('Bakery') returning id
    `.execute(test.database.kysely);
    return rows[0]?.id ?? "";
  }

  function buildText(part: Partial<ReceivedText> = {}): ReceivedText {
    nextSid += 1;
    const body = `Text ${nextSid}`;
    return {
      workspaceId,
      accountSid,
      messageSid: `SM${nextSid.toString(16).padStart(32, "0")}`,
      from: "+12025550150",
      to: "+12025550199",
      body,
      media: [],
      optOutType: null,
      receipt: { body: Buffer.from(`Body=${body}`), headers: {} },
      ...part,
    };
  }

  /** How many transactions wrote these texts: rows of one share their moment. */
  async function countTransactions(workspace: string): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(distinct m.xmin::text)::int as n from public.messages m
      where m.workspace_id = ${workspace}
    `.execute(test.database.kysely);
    return rows[0]?.n ?? 0;
  }

  async function listThread(from: string): Promise<string[]> {
    const { rows } = await sql<{ content: string }>`
      select m.content from public.messages m
      join public.contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
      where m.workspace_id = ${workspaceId} and c.phone_number = ${from}
      order by m.created_at, m.id
    `.execute(test.database.kysely);
    return rows.map(({ content }) => content);
  }

  async function readLog(workspace: string) {
    const { rows } = await sql<{ seq: number; type: string; payload: unknown }>`
      select seq::int as seq, type, payload from public.workspace_events
      where workspace_id = ${workspace} order by seq
    `.execute(test.database.kysely);
    return rows.map((row) => logEvent.parse(row));
  }

  it("share transactions, and each makes its contact, message, unread and event", async () => {
    const place = await addWorkspace();
    const store = groupTexts(test.database);
    const senders = Array.from({ length: 60 }, (_, at) => `+1202555${1000 + at}`);
    const outcomes = await Promise.all(
      senders.map((from) => store(buildText({ workspaceId: place, from }))),
    );
    expect(outcomes.every(({ outcome }) => outcome === "stored")).toBe(true);
    expect(await countTransactions(place)).toBeLessThan(10);
    const events = await readLog(place);
    expect(events.map(({ seq }) => seq)).toEqual(senders.map((_, at) => at + 1));
    const told = events.map((event) =>
      event.type === "new_message"
        ? [
            event.payload.contact?.phoneNumber,
            event.payload.message.fromNumber,
            event.payload.contact?.unreadCount,
          ]
        : null,
    );
    expect(told.sort()).toEqual(senders.map((from) => [from, from, 1]).sort());
    // What each view holds is as true as the rows are.
    const { rows } = await sql<{ kept: unknown; counted: unknown }>`
      select view_counts as kept, private.recount_views(workspace_id) as counted
      from public.workspace_streams where workspace_id = ${place}
    `.execute(test.database.kysely);
    expect(rows[0]?.kept).toEqual(rows[0]?.counted);
    expect(rows[0]?.counted).toMatchObject({ unread: 60, open: 60, unassigned: 60 });
  });

  it("keep the order in which one customer sent them", async () => {
    const store = groupTexts(test.database);
    const from = "+12025550151";
    const sent = Array.from({ length: 20 }, (_, at) => `Line ${at}`);
    await Promise.all(
      sent.flatMap((body, at) => [
        store(buildText({ from, body })),
        store(buildText({ from: `+120255502${10 + at}` })),
      ]),
    );
    expect(await listThread(from)).toEqual(sent);
  });

  it("are one message, one unread and one event when they are the same, 100 times", async () => {
    const place = await addWorkspace();
    const store = groupTexts(test.database);
    const text = buildText({ workspaceId: place, from: "+12025550152" });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        Promise.all([
          store(text),
          store(buildText({ workspaceId: place, from: `+1202556${1000 + at}` })),
        ]),
      ),
    );
    expect(outcomes.filter(([same]) => same.outcome === "stored")).toHaveLength(1);
    expect(outcomes.filter(([same]) => same.outcome === "duplicate")).toHaveLength(99);
    const events = (await readLog(place)).filter(
      (event) =>
        event.type === "new_message" && event.payload.message.twilioSid === text.messageSid,
    );
    expect(events).toHaveLength(1);
    const { rows } = await sql<{ unread_count: number; messages: number }>`
      select c.unread_count, count(m.*)::int as messages from public.contacts c
      join public.messages m on m.workspace_id = c.workspace_id and m.contact_id = c.id
      where c.workspace_id = ${place} and c.phone_number = ${text.from} group by c.id, c.unread_count
    `.execute(test.database.kysely);
    expect(rows).toEqual([{ unread_count: 1, messages: 1 }]);
  });

  it("fail alone: what one can't be stored for keeps no other out", async () => {
    const place = await addWorkspace();
    const store = groupTexts(test.database);
    const tooMany = Array.from({ length: 11 }, (_, at) => ({
      url: `https://x.test/${at}`,
      contentType: "image/png",
    }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, at) => {
        const part = { workspaceId: place, from: `+1202557${1000 + at}` };
        if (at === 13) return store(buildText({ ...part, media: tooMany }));
        if (at === 17) return store(buildText({ ...part, body: "a NUL \0 in it" }));
        return store(buildText(part));
      }),
    );
    const refused = outcomes.flatMap(({ status }, at) => (status === "rejected" ? [at] : []));
    expect(refused).toEqual([13, 17]);
    const events = await readLog(place);
    expect(events).toHaveLength(38);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    const { rows } = await sql<{ receipts: number; contacts: number }>`
      select
        (select count(*)::int from public.webhook_receipts where workspace_id = ${place}) as receipts,
        (select count(*)::int from public.contacts where workspace_id = ${place}) as contacts
    `.execute(test.database.kysely);
    expect(rows).toEqual([{ receipts: 38, contacts: 38 }]);
  });

  it("opt out, opt in and bring files as each would alone", async () => {
    const place = await addWorkspace();
    const fetched: string[] = [];
    const store = groupTexts(test.database, async (_, mediaId, workspace) => {
      fetched.push(`${workspace} ${mediaId}`);
    });
    const from = (at: number) => `+1202558${1000 + at}`;
    await Promise.all(
      [0, 1, 2, 3].map((at) => store(buildText({ workspaceId: place, from: from(at) }))),
    );
    await store(buildText({ workspaceId: place, from: from(1), body: "STOP" }));
    await Promise.all([
      store(buildText({ workspaceId: place, from: from(3) })),
      store(buildText({ workspaceId: place, from: from(0), body: "stop" })),
      store(buildText({ workspaceId: place, from: from(1), body: "start" })),
      store(
        buildText({
          workspaceId: place,
          from: from(2),
          body: "",
          media: [
            { url: "https://x.test/1", contentType: "image/png" },
            { url: "https://x.test/2", contentType: "image/jpeg" },
          ],
        }),
      ),
      store(buildText({ workspaceId: place, from: from(4), body: "stop" })),
    ]);
    const { rows } = await sql<{ is_out: boolean; last_message: string }>`
      select opted_out_at is not null as is_out, last_message from public.contacts
      where workspace_id = ${place} order by phone_number
    `.execute(test.database.kysely);
    expect(rows.map(({ is_out }) => is_out)).toEqual([true, false, false, false, true]);
    expect(rows[2]?.last_message).toBe("Attachment");
    expect(fetched).toHaveLength(2);
    const media = (await readLog(place)).flatMap((event) =>
      event.type === "new_message"
        ? event.payload.message.media.map((file) => file.contentType)
        : [],
    );
    expect(media).toEqual(["image/png", "image/jpeg"]);
  });

  it("of two workspaces reach their own one only", async () => {
    const [acme, other] = [await addWorkspace(), await addWorkspace()];
    const store = groupTexts(test.database);
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        store(buildText({ workspaceId: at % 2 ? acme : other, from: `+1202559${1000 + at}` })),
      ),
    );
    for (const place of [acme, other]) {
      const events = await readLog(place);
      expect(events).toHaveLength(10);
      for (const { payload } of events) {
        expect(JSON.stringify(payload)).not.toContain(place === acme ? other : acme);
      }
    }
  });
});
