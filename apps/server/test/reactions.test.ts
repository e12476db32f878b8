import type { LogEvent, Message } from "@livechat/shared";
import { sql } from "kysely";
import { v7 as createUuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ReceivedText, receiveText } from "../src/messages/receive-text.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a reaction of a customer's phone on %s", (kind) => {
  let stage: TestStage;
  let phone: string;
  let contactId: string;
  let nextPhone = 0;
  let nextSid = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    nextPhone += 1;
    phone = `+1415888${String(nextPhone).padStart(4, "0")}`;
    await text("Can I come at nine?");
    contactId = (await contact()).id;
  });

  async function text(body: string, part: Partial<ReceivedText> = {}) {
    nextSid += 1;
    return receiveText(stage.test.database, {
      workspaceId: stage.workspaceId,
      accountSid: `AC${"a".repeat(32)}`,
      messageSid: `SM${nextSid.toString(16).padStart(32, "0")}`,
      from: phone,
      to: "+12025550100",
      body,
      media: [],
      optOutType: null,
      receipt: { body: Buffer.from(`Body=${body}`), headers: {} },
      ...part,
    });
  }

  async function contact() {
    const { rows } = await sql<{
      id: string;
      unread_count: number;
      last_message: string;
      conversation_status: string;
    }>`
      select * from public.contacts
      where workspace_id = ${stage.workspaceId} and phone_number = ${phone}
    `.execute(stage.test.database.kysely);
    const [row] = rows;
    if (!row) throw new Error("There is no such contact.");
    return row;
  }

  async function answer(content: string, to = contactId): Promise<string> {
    const id = createUuid();
    await sql`
      insert into public.messages (id, workspace_id, contact_id, direction, content, status)
      values (${id}, ${stage.workspaceId}, ${to}, 'outbound', ${content}, 'sent')
    `.execute(stage.test.database.kysely);
    return id;
  }

  async function thread(): Promise<Message[]> {
    const path = `/api/workspaces/${stage.workspaceId}/contacts/${contactId}/messages`;
    return (await stage.bob.api("GET", path)).body.items;
  }

  async function reactions(id: string): Promise<string[]> {
    const message = (await thread()).find((each) => each.id === id);
    return message?.reactions.map(({ emoji }) => emoji) ?? [];
  }

  async function lastEvent(): Promise<LogEvent> {
    const { rows } = await sql<LogEvent>`
      select seq::int as seq, type, payload from public.workspace_events
      where workspace_id = ${stage.workspaceId} order by seq desc limit 1
    `.execute(stage.test.database.kysely);
    const [event] = rows;
    if (!event) throw new Error("There is no event.");
    return event;
  }

  it("shows on the text that it quotes, raises nothing, and is told to every browser", async () => {
    const id = await answer("See you at nine “sharp”");
    const before = await contact();
    expect(await text('Loved “See you at nine "sharp"”')).toEqual({
      outcome: "reacted",
      messageId: id,
      contactId,
    });
    expect(await reactions(id)).toEqual(["❤️"]);
    expect(await contact()).toEqual(before);
    expect(await thread()).toHaveLength(2);
    expect(await lastEvent()).toMatchObject({
      type: "message_updated",
      payload: { message: { id, reactions: [{ emoji: "❤️" }] } },
    });
  });

  it("is replaced by the next one and taken back by its removal", async () => {
    const id = await answer("See you at nine");
    await text("Liked “See you at nine”");
    await text("Reacted 🎉 to “See you at nine”");
    expect(await reactions(id)).toEqual(["🎉"]);
    await text("Removed a like from “See you at nine”");
    expect(await reactions(id)).toEqual(["🎉"]);
    await text("Removed 🎉 from “See you at nine”");
    expect(await reactions(id)).toEqual([]);
    expect(await lastEvent()).toMatchObject({ payload: { message: { id, reactions: [] } } });
  });

  it("is kept word for word, its removal too", async () => {
    await answer("See you at nine");
    const bodies = ["Laughed at “See you at nine”", "Removed a laugh from “See you at nine”"];
    for (const body of bodies) await text(body);
    const { rows } = await sql<{ content: string }>`
      select r.content from public.message_reactions r
      join public.messages m on m.id = r.message_id
      where m.contact_id = ${contactId} order by r.at
    `.execute(stage.test.database.kysely);
    expect(rows.map(({ content }) => content)).toEqual(bodies);
  });

  it("that quotes nothing of this conversation is an ordinary text", async () => {
    await answer("See you at nine");
    await text("Hello", { from: "+14158889999" });
    const { rows } = await sql<{ id: string }>`
      select id from public.contacts where phone_number = '+14158889999'
    `.execute(stage.test.database.kysely);
    await answer("Only for the other one", rows[0]?.id);
    for (const body of [
      "Loved “See you at ten”",
      "Loved “Only for the other one”",
      "Liked an image",
      "Loved “”",
    ]) {
      const before = (await contact()).unread_count;
      expect(await text(body)).toMatchObject({ outcome: "stored" });
      expect(await contact()).toMatchObject({ unread_count: before + 1, last_message: body });
    }
  });

  it("means the newest of equal texts, one of the customer's own too", async () => {
    const older = await answer("OK then, see you");
    const newer = await answer("OK then, see you");
    await text("Questioned “OK then, see you”");
    expect(await reactions(older)).toEqual([]);
    expect(await reactions(newer)).toEqual(["❓"]);
    const own = (await thread()).find(({ direction }) => direction === "inbound");
    await text("Emphasized “Can I come at nine?”");
    expect(await reactions(own?.id ?? "")).toEqual(["‼️"]);
  });

  it("that is reported 30 times at once is one reaction and one event", async () => {
    const id = await answer("See you at nine");
    const { seq } = await lastEvent();
    nextSid += 1;
    const messageSid = `SM${"e".repeat(20)}${String(nextSid).padStart(12, "0")}`;
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => text("Liked “See you at nine”", { messageSid })),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "reacted")).toHaveLength(1);
    expect(await reactions(id)).toEqual(["👍"]);
    expect((await lastEvent()).seq).toBe(seq + 1);
  });

  it("that comes late never means a text that was written after it", async () => {
    const id = await answer("See you at nine");
    const hourAgo = new Date(Date.now() - 3_600_000);
    expect(await text("Liked “See you at nine”", { receivedAt: hourAgo })).toMatchObject({
      outcome: "stored",
    });
    expect(await reactions(id)).toEqual([]);
  });

  it("stays when the text changes its state", async () => {
    const id = await answer("See you at nine");
    await text("Loved “See you at nine”");
    await sql`update public.messages set status = 'delivered' where id = ${id}`.execute(
      stage.test.database.kysely,
    );
    expect(await reactions(id)).toEqual(["❤️"]);
  });
});
