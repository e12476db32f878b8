import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noticeRestore } from "../src/messages/notice-restore.ts";
import { sweepMessages } from "../src/messages/register-message-jobs.ts";
import { backFillTexts } from "../src/twilio/back-fill-texts.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a text that went out after the copy, on %s", (kind) => {
  let stage: TestStage;
  let line: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { body } = await stage.alice.api("POST", "/api/twilio/config/simulator", {
      workspaceId: stage.workspaceId,
    });
    line = body.numbers[0].phoneNumber;
    await noticeRestore(stage.test.database);
  });
  afterAll(() => stage?.close());

  async function find<T>(query: ReturnType<typeof sql<T>>): Promise<T[]> {
    return (await query.execute(stage.test.database.kysely)).rows;
  }
  /** A customer who has written once. */
  async function meet(): Promise<{ phone: string; contactId: string }> {
    nextPhone += 1;
    const phone = `+1415557${String(nextPhone).padStart(4, "0")}`;
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "Are you open?" });
    const [row] = await find(sql<{ id: string }>`
      select id from public.contacts
      where workspace_id = ${stage.workspaceId} and phone_number = ${phone}
    `);
    return { phone, contactId: row?.id ?? "" };
  }
  async function send(contactId: string, message: string) {
    const { body } = await stage.bob.api("POST", "/api/sms/send-sms", {
      workspaceId: stage.workspaceId,
      contactId,
      message,
    });
    await stage.simulator.idle();
    return body.message as { id: string; twilioSid: string };
  }
  /** The database as it was before: without these texts. */
  async function putBack(forgotten: readonly string[]) {
    await find(sql`delete from public.messages where id = any (${[...forgotten]}::uuid[])`);
    await find(sql`
      delete from public.message_status_events where workspace_id = ${stage.workspaceId}
    `);
    await find(sql`update private.database_identity set identity = 'another'`);
    expect(await noticeRestore(stage.test.database)).not.toBeNull();
  }
  const listTexts = async (contactId: string) =>
    (
      await stage.bob.api(
        "GET",
        `/api/workspaces/${stage.workspaceId}/contacts/${contactId}/messages`,
      )
    ).body.items as {
      content: string;
      status: string;
      isRecovered: boolean;
      createdBy: string | null;
      price: string | null;
      media: unknown[];
    }[];
  const outbound = async (contactId: string) =>
    find(sql<{ content: string; status: string; is_recovered: boolean; twilio_sid: string | null }>`
      select content, status, is_recovered, twilio_sid from public.messages
      where workspace_id = ${stage.workspaceId} and contact_id = ${contactId}
        and direction = 'outbound' order by created_at, id
    `);
  const recover = () => backFillTexts(stage.context, stage.workspaceId);
  const events = () =>
    find(sql<{ content: string }>`
      select payload #>> '{message,content}' as content from public.workspace_events
      where workspace_id = ${stage.workspaceId} and type = 'new_message'
        and payload #>> '{message,isRecovered}' = 'true'
      order by seq
    `);

  it("is in its place again, once, for everyone of the workspace, and nobody is its author", async () => {
    const { phone, contactId } = await meet();
    const answer = await send(contactId, "Until six");
    const picture = await send(contactId, "Our street");
    const listed = stage.simulator.messages().find(({ sid }) => sid === picture.twilioSid);
    if (!listed) throw new Error("Twilio did not take the text.");
    listed.numMedia = 1;
    listed.media.push({
      sid: `ME${"5".repeat(32)}`,
      contentType: "image/png",
      bytes: Buffer.from("a picture"),
      dateCreated: new Date(),
    });
    // Not in the second of the answers: Twilio knows no parts of it.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "Thanks" });
    await putBack([answer.id, picture.id]);
    expect((await listTexts(contactId)).map(({ content }) => content).toSorted()).toEqual([
      "Are you open?",
      "Thanks",
    ]);
    await recover();
    expect(await outbound(contactId)).toMatchObject([
      { content: "Until six", status: "delivered", is_recovered: true },
      { content: "Our street", status: "delivered", is_recovered: true },
    ]);
    const shown = (await listTexts(contactId)).find(({ content }) => content === "Our street");
    expect(shown).toMatchObject({ isRecovered: true, createdBy: null, price: "0.0079" });
    expect(shown?.media).toHaveLength(1);
    const words = await find(sql<{ content: string }>`
      select content from public.messages where contact_id = ${contactId} order by created_at, id
    `);
    expect(words.map(({ content }) => content)).toEqual([
      "Are you open?",
      "Until six",
      "Our street",
      "Thanks",
    ]);
    const [contact] = await find(sql<{ last_message: string; unread_count: number }>`
      select last_message, unread_count from public.contacts where id = ${contactId}
    `);
    expect(contact?.last_message).toBe("Thanks");
    expect((await events()).map(({ content }) => content)).toEqual(["Until six", "Our street"]);
    await recover();
    expect(await outbound(contactId)).toHaveLength(2);
    expect(await events()).toHaveLength(2);
    expect(stage.simulator.messages().filter(({ body }) => body === "Until six")).toHaveLength(1);
  });

  it("ends the wait of a customer whom it answered", async () => {
    const { contactId } = await meet();
    const answer = await send(contactId, "Here is your answer");
    await find(sql`
      update public.contacts
      set last_message = 'Are you open?', last_message_at = now() - interval '1 hour',
        last_message_direction = 'inbound', waiting_since = now() - interval '1 hour'
      where id = ${contactId}
    `);
    await putBack([answer.id]);
    await recover();
    const [contact] = await find(sql<{ last_message: string; waiting_since: Date | null }>`
      select last_message, waiting_since from public.contacts where id = ${contactId}
    `);
    expect(contact).toEqual({ last_message: "Here is your answer", waiting_since: null });
  });

  it("to a number that was merged meanwhile is in the conversation of its person", async () => {
    const { contactId } = await meet();
    const kept = await meet();
    const answer = await send(contactId, "Around the corner");
    const base = `/api/workspaces/${stage.workspaceId}/contacts/${kept.contactId}`;
    const merged = await stage.alice.api("POST", `${base}/merge`, { absorbedId: contactId });
    expect(merged.status).toBe(200);
    await find(sql`
      update public.contacts
      set last_message = 'Are you open?', last_message_at = now() - interval '1 hour',
        last_message_direction = 'inbound'
      where id = ${kept.contactId}
    `);
    await putBack([answer.id]);
    await recover();
    expect((await outbound(kept.contactId)).map(({ content }) => content)).toEqual([
      "Around the corner",
    ]);
    const [shown] = await find(sql<{ last_message: string }>`
      select last_message from public.contacts where id = ${kept.contactId}
    `);
    expect(shown?.last_message).toBe("Around the corner");
    const told = await find(sql<{ id: string }>`
      select payload #>> '{contact,id}' as id from public.workspace_events
      where type = 'new_message' and payload #>> '{message,isRecovered}' = 'true'
      order by seq desc limit 1
    `);
    expect(told).toEqual([{ id: kept.contactId }]);
    await stage.alice.api("POST", `${base}/unmerge`, { absorbedId: contactId });
    expect(await outbound(contactId)).toHaveLength(1);
  });

  it("that waited when the copy was made is that text, however much later it left", async () => {
    const { phone, contactId } = await meet();
    const sent = await send(contactId, "It’s ready");
    await putBack([sent.id]);
    // What the copy holds of it.
    const waiting = crypto.randomUUID();
    await find(sql`
      insert into public.messages (
        id, workspace_id, contact_id, direction, content, status, from_number, to_number, created_at
      )
      values (
        ${waiting}, ${stage.workspaceId}, ${contactId}, 'outbound', 'It’s ready', 'pending',
        ${line}, ${phone}, now() - interval '3 hours'
      )
    `);
    await find(sql`update private.database_identity set identity = 'another'`);
    expect(await noticeRestore(stage.test.database)).toBe(1);
    await recover();
    expect(await outbound(contactId)).toMatchObject([{ status: "unconfirmed", twilio_sid: null }]);
    await sweepMessages(stage.context);
    await recover();
    expect(await outbound(contactId)).toMatchObject([
      { status: "delivered", twilio_sid: sent.twilioSid, is_recovered: false },
    ]);
    expect(stage.simulator.messages().filter(({ body }) => body === "It’s ready")).toHaveLength(1);
  });

  it("to somebody who is no contact here stays at Twilio, and so does what Twilio itself answered", async () => {
    const { contactId } = await meet();
    const sent = await send(contactId, "From another program");
    const listed = stage.simulator.messages().find(({ sid }) => sid === sent.twilioSid);
    if (!listed) throw new Error("Twilio did not take the text.");
    listed.to = "+14155559876";
    const reply = await send(contactId, "You have been unsubscribed");
    const answered = stage.simulator.messages().find(({ sid }) => sid === reply.twilioSid);
    if (answered) answered.direction = "outbound-reply";
    await putBack([sent.id, reply.id]);
    await recover();
    expect(await outbound(contactId)).toEqual([]);
    const strangers = await find(sql`
      select from public.contacts where phone_number = '+14155559876'
    `);
    expect(strangers).toEqual([]);
  });

  it("is looked for until Twilio can hold nothing back any more, and never without a restore", async () => {
    const gap = async () =>
      (
        await find(sql<{ gap_until: Date | null }>`
          select gap_until from public.workspace_twilio_config
          where workspace_id = ${stage.workspaceId}
        `)
      )[0]?.gap_until;
    expect(await gap()).not.toBeNull();
    await find(sql`
      update public.workspace_twilio_config
      set gap_from = gap_from - interval '13 hours', gap_until = gap_until - interval '13 hours'
      where workspace_id = ${stage.workspaceId}
    `);
    await recover();
    expect(await gap()).toBeNull();
    const { contactId } = await meet();
    const sent = await send(contactId, "Deleted by hand");
    await find(sql`delete from public.messages where id = ${sent.id}`);
    await recover();
    expect(await outbound(contactId)).toEqual([]);
  });
});
