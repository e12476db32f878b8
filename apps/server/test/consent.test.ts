import { sql } from "kysely";
import { v7 as createUuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ReceivedText, receiveText } from "../src/messages/receive-text.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("whether a customer wants texts, on %s", (kind) => {
  let stage: TestStage;
  let line: string;
  let phone: string;
  let nextPhone = 0;
  let nextSid = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    const { body } = await stage.alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    line = body.numbers[0].phoneNumber;
  });
  afterAll(() => stage?.close());
  beforeEach(() => {
    nextPhone += 1;
    phone = `+1415777${String(nextPhone).padStart(4, "0")}`;
  });

  /** As the webhook stores it. */
  async function text(body: string, part: Partial<ReceivedText> = {}) {
    nextSid += 1;
    await receiveText(stage.test.database, {
      workspaceId: stage.workspaceId,
      accountSid: `AC${"a".repeat(32)}`,
      messageSid: `SM${nextSid.toString(16).padStart(32, "0")}`,
      from: phone,
      to: line,
      body,
      media: [],
      optOutType: null,
      receipt: { body: Buffer.alloc(0), headers: {} },
      ...part,
    });
    return contact();
  }

  async function contact() {
    const { rows } = await sql<{ id: string; opted_out_at: Date | null; unread_count: number }>`
      select * from public.contacts
      where workspace_id = ${stage.workspaceId} and phone_number = ${phone}
    `.execute(stage.test.database.kysely);
    const [row] = rows;
    if (!row) throw new Error("There is no such contact.");
    return row;
  }

  async function record(person = stage.bob) {
    const { id } = await contact();
    return person.api("GET", `/api/workspaces/${stage.workspaceId}/contacts/${id}/consents`);
  }

  async function change(what: "opt-out" | "opt-out/undo", note?: string, person = stage.bob) {
    const { id } = await contact();
    const path = `/api/workspaces/${stage.workspaceId}/contacts/${id}/${what}`;
    return person.api("POST", path, { note });
  }

  /** A text that waits in line and no dispatch has taken yet. */
  async function wait(contactId: string): Promise<string> {
    const id = createUuid();
    await sql`
      insert into public.messages (
        id, workspace_id, contact_id, direction, content, status, from_number, to_number
      )
      values (
        ${id}, ${stage.workspaceId}, ${contactId}, 'outbound', 'later', 'pending', ${line}, ${phone}
      )
    `.execute(stage.test.database.kysely);
    return id;
  }

  async function message(id: string) {
    const { rows } = await sql<{ status: string; error_code: number | null }>`
      select status, error_code from public.messages where id = ${id}
    `.execute(stage.test.database.kysely);
    return rows[0];
  }

  async function events(type: string, id: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from public.workspace_events
      where workspace_id = ${stage.workspaceId} and type = ${type}
        and (payload #>> '{message,id}' = ${id} or payload #>> '{contact,id}' = ${id})
    `.execute(stage.test.database.kysely);
    return rows[0]?.count ?? 0;
  }

  const isOut = async () => (await contact()).opted_out_at !== null;

  it("17: STOP, ' stop. ', OptOutType, START and HELP count; words in a sentence do not", async () => {
    await text("Stop by tomorrow");
    await text("Cancel my 3pm");
    await text("please stop");
    expect(await isOut()).toBe(false);
    await text("STOP");
    expect(await isOut()).toBe(true);
    await text("Start");
    expect(await isOut()).toBe(false);
    await text(" stop. ");
    expect(await isOut()).toBe(true);
    await text("HELP");
    expect(await isOut()).toBe(true);
    await text("Weiter", { optOutType: "START" });
    expect(await isOut()).toBe(false);
    await text("Schluss", { optOutType: "STOP" });
    expect(await isOut()).toBe(true);
    // Twilio's own word weighs more than ours.
    await text("START", { optOutType: "HELP" });
    expect(await isOut()).toBe(true);
    const { body } = await record();
    expect(
      body.items.map((each: { action: string; source: string; note: string }) => [
        each.action,
        each.source,
        each.note,
      ]),
    ).toEqual([
      ["asked_for_help", "opt_out_type", "START"],
      ["opted_out", "opt_out_type", "Schluss"],
      ["opted_in", "opt_out_type", "Weiter"],
      ["asked_for_help", "keyword", "HELP"],
      ["opted_out", "keyword", " stop. "],
      ["opted_in", "keyword", "Start"],
      ["opted_out", "keyword", "STOP"],
    ]);
    expect(body.items[0]).toMatchObject({ ourNumber: line, actorId: null });
  });

  it("Twilio's own word in the webhook counts, whatever the customer's word was", async () => {
    const send = (body: string, optOutType: "STOP" | "START") =>
      stage.simulator.textFromPhone({ from: phone, to: line, body, optOutType });
    await send("Genug", "STOP");
    expect(await isOut()).toBe(true);
    await send("Weiter", "START");
    expect(await isOut()).toBe(false);
    expect((await record()).body.items).toMatchObject([
      { action: "opted_in", source: "opt_out_type", note: "Weiter" },
      { action: "opted_out", source: "opt_out_type", note: "Genug" },
    ]);
  });

  it("a YES is an answer to whoever is in, and brings nobody back to a toll-free number", async () => {
    await text("Yes");
    expect((await record()).body.items).toEqual([]);
    await text("Stop", { to: "+18335550100" });
    await text("Yes!", { to: "+18335550100" });
    expect(await isOut()).toBe(true);
    await text("Unstop", { to: "+18335550100" });
    expect(await isOut()).toBe(false);
    await text("Stop");
    await text("YES");
    expect(await isOut()).toBe(false);
  });

  it("nobody answers a STOP for us: Twilio's confirmation is the only one", async () => {
    await text("Hello");
    const before = stage.simulator.messages().filter(({ to }) => to === phone).length;
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "STOP" });
    await stage.simulator.idle();
    const sent = stage.simulator.messages().filter(({ to }) => to === phone);
    expect(sent.slice(before).map(({ direction }) => direction)).toEqual(["outbound-reply"]);
    expect(sent.at(-1)?.body).toContain("unsubscribed");
  });

  it("a STOP calls off what waits, in the same moment and for everyone to see", async () => {
    const { id } = await text("Hello");
    const waiting = [await wait(id), await wait(id)];
    const scheduled = createUuid();
    await sql`
      insert into public.messages (
        id, workspace_id, contact_id, direction, content, status, scheduled_for
      )
      values (
        ${scheduled}, ${stage.workspaceId}, ${id}, 'outbound', 'Tomorrow', 'scheduled',
        now() + interval '1 day'
      )
    `.execute(stage.test.database.kysely);
    waiting.push(scheduled);
    await text("Stop");
    for (const each of waiting) {
      expect(await message(each)).toEqual({ status: "canceled", error_code: 21610 });
      expect(await events("message_updated", each)).toBe(1);
    }
    const refused = await stage.alice.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId: id,
      message: "One more thing",
    });
    expect(refused).toMatchObject({ status: 400, body: { code: "contact_opted_out" } });
  });

  it("18: a 21610 on sending opts the customer out and calls off what waits", async () => {
    const { id } = await text("Hello");
    stage.simulator.messages();
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "Stop" });
    await sql`
      update public.contacts set opted_out_at = null where id = ${id}
    `.execute(stage.test.database.kysely);
    await text("START");
    const [first, second] = [createUuid(), await wait(id)];
    await sql`
      update public.messages set created_at = now() + interval '1 minute' where id = ${second}
    `.execute(stage.test.database.kysely);
    const { body } = await stage.alice.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId: id,
      message: "Hello?",
      id: first,
    });
    expect(body.message).toMatchObject({ status: "failed", errorCode: 21610 });
    expect(await message(second)).toEqual({ status: "canceled", error_code: 21610 });
    expect(await isOut()).toBe(true);
    const { body: kept } = await record();
    expect(kept).toMatchObject({
      canUndo: false,
      items: [{ action: "opted_out", source: "carrier_error", errorCode: 21610 }, {}, {}],
    });
  });

  it("an agent marks what the customer asked for in words of their own, and takes it back", async () => {
    const { id } = await text("please don't text me any more");
    const waiting = await wait(id);
    const told = await events("contact_updated", id);
    const marked = await change("opt-out", "Asked in words");
    expect(marked).toMatchObject({ status: 200, body: { optedOutAt: expect.any(String) } });
    expect(await message(waiting)).toEqual({ status: "canceled", error_code: 21610 });
    expect(await events("contact_updated", id)).toBe(told + 1);
    expect((await record()).body).toMatchObject({
      canUndo: true,
      items: [
        {
          action: "opted_out",
          source: "agent",
          note: "Asked in words",
          actorId: stage.bob.userId,
          actorName: "bob",
        },
      ],
    });
    // Marking it twice is no harm and loses no time.
    const again = await change("opt-out");
    expect(again.body.optedOutAt).toBe(marked.body.optedOutAt);
    expect((await change("opt-out/undo", "A mistake", stage.alice)).body.optedOutAt).toBeNull();
    expect((await record()).body).toMatchObject({
      canUndo: false,
      items: [{ action: "opted_in", actorId: stage.alice.userId, note: "A mistake" }, {}, {}],
    });
    expect(await change("opt-out/undo")).toMatchObject({ body: { code: "conflict" } });
  });

  it("a customer's own STOP no agent undoes, whatever agents marked before or after", async () => {
    await text("Leave me alone");
    await change("opt-out");
    await text("STOP");
    await change("opt-out");
    expect((await record()).body.canUndo).toBe(false);
    expect(await change("opt-out/undo")).toMatchObject({ body: { code: "conflict" } });
    expect(await isOut()).toBe(true);
    await text("START");
    expect(await isOut()).toBe(false);
    await change("opt-out");
    expect((await record()).body.canUndo).toBe(true);
  });

  it("a stranger reads no record and changes none", async () => {
    await text("Hello");
    for (const answer of [
      await record(stage.carol),
      await change("opt-out", "x", stage.carol),
      await change("opt-out/undo", "x", stage.carol),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: "workspace_not_found" } });
    }
    expect((await record()).body.items).toEqual([]);
    expect(await isOut()).toBe(false);
  });

  it("a record outlives everything but its contact", async () => {
    const { id } = await text("STOP");
    const remove = () =>
      sql`delete from public.contact_consents where contact_id = ${id}`.execute(
        stage.test.database.kysely,
      );
    await expect(remove()).rejects.toMatchObject({ code: "42501" });
    await sql`delete from public.contacts where id = ${id}`.execute(stage.test.database.kysely);
    const { rows } = await sql`
      select 1 from public.contact_consents where contact_id = ${id}
    `.execute(stage.test.database.kysely);
    expect(rows).toEqual([]);
  });
});
