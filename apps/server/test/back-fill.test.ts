import type { Text } from "@livechat/twilio-simulator";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../src/context.ts";
import { fetchMedia } from "../src/media/fetch-media.ts";
import { backFillTexts } from "../src/twilio/back-fill-texts.ts";
import { getCredentials } from "../src/twilio/find-credentials.ts";
import { registerTwilioJobs } from "../src/twilio/register-twilio-jobs.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

const deadUrl = "http://127.0.0.1:9/api/twilio/webhook";
const picture = {
  contentType: "image/png",
  base64:
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
};

describe.each(databaseKinds)("a text that no webhook brought, on %s", (kind) => {
  let stage: TestStage;
  let line: string;
  let smsUrl: string;
  let phone: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { status, body } = await stage.alice.api("POST", "/api/twilio/config/simulator", {
      workspaceId: stage.workspaceId,
    });
    expect(status).toBe(200);
    line = body.numbers[0].phoneNumber;
    smsUrl = numberOf(line).smsUrl;
  });
  afterAll(() => stage?.close());

  beforeEach(() => {
    nextPhone += 1;
    phone = `+1415555${String(nextPhone).padStart(4, "0")}`;
  });

  function numberOf(phoneNumber: string) {
    const number = stage.simulator.numbers().find((each) => each.phoneNumber === phoneNumber);
    if (!number) throw new Error("There is no such number.");
    return number;
  }

  /** A text while nothing of ours can be reached. */
  async function miss(part: Partial<Text> = {}) {
    const number = numberOf(part.to ?? line);
    const { smsUrl: reachable, smsFallbackUrl: fallback } = number;
    Object.assign(number, { smsUrl: deadUrl, smsFallbackUrl: "" });
    try {
      return await stage.simulator.textFromPhone({
        from: phone,
        to: line,
        body: "Anyone?",
        ...part,
      });
    } finally {
      Object.assign(number, { smsUrl: reachable, smsFallbackUrl: fallback });
    }
  }

  const backFill = (options = {}) => backFillTexts(stage.context, stage.workspaceId, options);

  async function thread(from = phone) {
    const { rows } = await sql<{
      id: string;
      content: string;
      direction: string;
      twilio_sid: string;
      message_type: string;
      created_at: Date;
    }>`
      select m.* from public.messages m
      join public.contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
      where m.workspace_id = ${stage.workspaceId} and c.phone_number = ${from}
      order by m.created_at, m.id
    `.execute(stage.test.database.kysely);
    return rows;
  }

  async function contact(from = phone) {
    const { rows } = await sql<{
      id: string;
      unread_count: number;
      last_message: string;
      last_message_at: Date;
      opted_out_at: Date | null;
      conversation_status: string;
      events: number;
    }>`
      select c.*, (
        select count(*)::int from public.workspace_events e
        where e.type = 'new_message' and e.payload #>> '{contact,id}' = c.id::text
      ) as events
      from public.contacts c
      where c.workspace_id = ${stage.workspaceId} and c.phone_number = ${from}
    `.execute(stage.test.database.kysely);
    return rows[0];
  }

  async function readMark() {
    const { rows } = await sql<{ mark: Date | null; connected: Date; due: Date }>`
      select back_filled_until as mark, connected_at as connected, back_fill_due_at as due
      from public.workspace_twilio_config where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    const [row] = rows;
    if (!row) throw new Error("The workspace is not connected.");
    return row;
  }

  const wholeSecond = (date: Date) => Math.floor(date.getTime() / 1000) * 1000;

  it("appears once and in order, and a second run adds nothing", async () => {
    const bodies = ["one", "two", "three", "four", "five"];
    const sent = [];
    for (const body of bodies) sent.push(await miss({ body }));
    expect(await thread()).toEqual([]);
    expect(await backFill()).toBe(5);
    const rows = await thread();
    expect(rows.map(({ content }) => content)).toEqual(bodies);
    expect(rows.map((row) => row.twilio_sid)).toEqual(sent.map(({ sid }) => sid));
    for (const [index, { dateCreated }] of sent.entries()) {
      const at = rows[index]?.created_at.getTime() ?? 0;
      expect(at - wholeSecond(dateCreated)).toBeLessThan(1000);
      expect(at).toBeGreaterThanOrEqual(wholeSecond(dateCreated));
    }
    expect(await contact()).toMatchObject({ unread_count: 5, last_message: "five", events: 5 });
    expect(await backFill()).toBe(0);
    expect(await contact()).toMatchObject({ unread_count: 5, events: 5 });
  });

  it("comes after what the same customer wrote before it, also when our clock is ahead", async () => {
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "before" });
    await sql`
      update public.messages set created_at = created_at + interval '30 seconds'
      where workspace_id = ${stage.workspaceId} and content = 'before'
    `.execute(stage.test.database.kysely);
    await miss({ body: "missed" });
    await miss({ body: "missed too" });
    expect(await backFill()).toBe(2);
    const bodies = (await thread()).map(({ content }) => content);
    expect(bodies).toEqual(["before", "missed", "missed too"]);
  });

  it("is found on however many pages, and in spans so short that each can be held", async () => {
    const bodies = Array.from({ length: 12 }, (_, index) => `text ${index}`);
    for (const body of bodies) await miss({ body });
    expect(await backFill({ limit: 3 })).toBe(12);
    expect((await thread()).map(({ content }) => content)).toEqual(bodies);
  });

  it("and its webhook, both 20 times at once, make one message", async () => {
    const missed = await miss({ body: "Both ways" });
    const attempt = stage.simulator.attempts().findLast((each) => each.messageSid === missed.sid);
    if (!attempt) throw new Error("The webhook was not tried.");
    const { default: twilio } = await import("twilio");
    const { authToken } = await getCredentials(stage.context, stage.workspaceId);
    const [url = ""] = smsUrl.split("#");
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const [response] = await Promise.all([
          fetch(url, {
            method: "POST",
            headers: {
              "x-twilio-signature": twilio.getExpectedTwilioSignature(
                authToken,
                url,
                attempt.params,
              ),
            },
            body: new URLSearchParams(attempt.params),
          }),
          backFill(),
        ]);
        return response.status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await thread()).toMatchObject([{ content: "Both ways" }]);
    expect(await contact()).toMatchObject({ unread_count: 1, events: 1 });
  });

  it("brings its pictures, which are then fetched from the carrier", async () => {
    await miss({ body: "", media: [picture, picture] });
    expect(await backFill()).toBe(1);
    const [message] = await thread();
    expect(message).toMatchObject({ message_type: "media", content: "" });
    expect(await contact()).toMatchObject({ last_message: "Attachment" });
    const { rows } = await sql<{ id: string; jobs: number }>`
      select f.id, (
        select count(*)::int from pgboss.job j
        where j.name = 'fetch_media' and j.data->>'mediaId' = f.id::text
      ) as jobs
      from public.message_media f where f.message_id = ${message?.id} order by f.position
    `.execute(stage.test.database.kysely);
    expect(rows).toMatchObject([{ jobs: 1 }, { jobs: 1 }]);
    for (const { id: mediaId } of rows) {
      const media = { workspaceId: stage.workspaceId, mediaId };
      await fetchMedia(stage.context, media, { isLastAttempt: false });
    }
    const stored = await sql`
      select state, content_type from public.message_media where message_id = ${message?.id}
    `.execute(stage.test.database.kysely);
    expect(stored.rows).toMatchObject(
      Array.from({ length: 2 }, () => ({ state: "stored", content_type: "image/png" })),
    );
  });

  it("is not what the company itself sent from elsewhere", async () => {
    const credentials = await getCredentials(stage.context, stage.workspaceId);
    const second = stage.simulator
      .numbers()
      .find((each) => each.accountSid === credentials.accountSid && each.phoneNumber !== line);
    for (const to of [phone, line]) {
      await stage.context.twilio.sendMessage(credentials, {
        from: second?.phoneNumber ?? "",
        messagingServiceSid: null,
        to,
        body: "From the Console",
        mediaUrls: [],
        statusCallback: "",
      });
    }
    await backFill();
    expect(await thread()).toEqual([]);
    const { rows } = await sql`
      select 1 from public.messages where content = 'From the Console'
    `.execute(stage.test.database.kysely);
    expect(rows).toEqual([]);
  });

  it("takes its place in the past, and leaves the newer last message alone", async () => {
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "Newer" });
    const before = await contact();
    const missed = await miss({ body: "Older" });
    missed.dateCreated = new Date(Date.now() - 5_000);
    await pretendConnected("1 hour");
    await backFill();
    expect((await thread()).map(({ content }) => content)).toEqual(["Older", "Newer"]);
    expect(await contact()).toMatchObject({
      last_message: "Newer",
      last_message_at: before?.last_message_at,
      unread_count: 2,
    });
  });

  it("of an old outage is shown and reopens the conversation, but is not unread", async () => {
    await pretendConnected("3 days");
    const missed = await miss({ body: "Two days ago" });
    missed.dateCreated = new Date(Date.now() - 48 * 3600_000);
    missed.dateSent = missed.dateCreated;
    await backFill();
    expect(await thread()).toMatchObject([{ content: "Two days ago" }]);
    expect(await contact()).toMatchObject({
      unread_count: 0,
      conversation_status: "Open",
      last_message_at: new Date(wholeSecond(missed.dateCreated)),
    });
  });

  it("older than what was read since is old news: shown in its place, and nothing else", async () => {
    await pretendConnected("3 days");
    const missed = await miss({ body: "Are you open?" });
    missed.dateCreated = new Date(Date.now() - 3_600_000);
    missed.dateSent = missed.dateCreated;
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "Never mind" });
    await sql`
      update public.contacts set unread_count = 0, conversation_status = 'Done'
      where workspace_id = ${stage.workspaceId} and phone_number = ${phone}
    `.execute(stage.test.database.kysely);
    await backFill();
    expect((await thread()).map(({ content }) => content)).toEqual(["Are you open?", "Never mind"]);
    expect(await contact()).toMatchObject({ unread_count: 0, conversation_status: "Done" });
  });

  it("that entered the list behind the mark is found by the look back of the day", async () => {
    await pretendConnected("3 days");
    await backFill();
    const missed = await miss({ body: "Very late" });
    missed.dateCreated = new Date(Date.now() - 30 * 3_600_000);
    missed.dateSent = missed.dateCreated;
    await backFill();
    expect(await thread()).toEqual([]);
    const jobs: Context["jobs"] = { ...stage.context.jobs, work: () => {} };
    const running = registerTwilioJobs({ ...stage.context, jobs }, { maxWaitMs: 1 });
    const look = async (isWideDue: boolean) => {
      await sql`
        update public.workspace_twilio_config
        set back_fill_due_at = now(),
          wide_back_fill_due_at = now() + make_interval(hours => ${isWideDue ? 0 : 5})
        where workspace_id = ${stage.workspaceId}
      `.execute(stage.test.database.kysely);
      await running.sweep();
      await running.settle();
    };
    await look(false);
    expect(await thread()).toEqual([]);
    // A carrier that does not answer costs the look of the day nothing but time.
    stage.simulator.injectFault({ route: "messages.list", kind: "500", times: 1 });
    await look(true);
    await makeDue();
    await running.sweep();
    await running.settle();
    expect(await thread()).toMatchObject([{ content: "Very late" }]);
    await running.close();
  });

  it("is looked for at once after an outage: one that was noted, or a clock that stood still", async () => {
    const jobs: Context["jobs"] = { ...stage.context.jobs, work: () => {} };
    const running = registerTwilioJobs({ ...stage.context, jobs }, { maxWaitMs: 1 });
    const dueInMs = async () => (await readMark()).due.getTime() - Date.now();
    const postpone = () =>
      sql`
        update public.workspace_twilio_config set back_fill_due_at = now() + interval '14 minutes'
        where workspace_id = ${stage.workspaceId}
      `.execute(stage.test.database.kysely);
    await postpone();
    const startMs = Date.now();
    await running.watch(startMs + 10_000);
    expect(await dueInMs()).toBeGreaterThan(600_000);
    running.noteOutage();
    await stage.test.database.runScript(
      "alter table public.workspace_twilio_config rename to config_away",
    );
    await running.watch(startMs + 20_000);
    await stage.test.database.runScript(
      "alter table public.config_away rename to workspace_twilio_config",
    );
    expect(await dueInMs()).toBeGreaterThan(600_000);
    await running.watch(startMs + 30_000);
    expect(await dueInMs()).toBeLessThanOrEqual(0);
    await postpone();
    await running.watch(startMs + 40_000);
    expect(await dueInMs()).toBeGreaterThan(600_000);
    await running.watch(startMs + 40_000 + 3_600_000);
    expect(await dueInMs()).toBeLessThanOrEqual(0);
    await running.close();
  });

  it("from before the workspace was connected never appears", async () => {
    await pretendConnected("1 hour");
    const missed = await miss({ body: "History" });
    missed.dateCreated = new Date(Date.now() - 2 * 3600_000);
    missed.dateSent = missed.dateCreated;
    await backFill();
    expect(await thread()).toEqual([]);
    await pretendConnected("3 hours");
    await backFill();
    expect(await thread()).toHaveLength(1);
  });

  async function pretendConnected(ago: string): Promise<void> {
    await sql`
      update public.workspace_twilio_config
      set connected_at = now() - ${ago}::text::interval, back_filled_until = null
      where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
  }

  it("that was STOP is honoured, and one that START has followed is not", async () => {
    const stop = await miss({ body: "STOP" });
    await backFill();
    expect((await contact())?.opted_out_at).toEqual(
      expect.toSatisfy((at: Date) => wholeSecond(at) === wholeSecond(stop.dateCreated)),
    );
    await miss({ body: "START" });
    await backFill();
    expect(await contact()).toMatchObject({ opted_out_at: null });

    phone = "+14155559001";
    const late = await miss({ body: "Stop" });
    late.dateCreated = new Date(Date.now() - 2_000);
    await stage.simulator.textFromPhone({ from: phone, to: line, body: "START" });
    await backFill();
    expect((await thread()).map(({ content }) => content)).toEqual(["Stop", "START"]);
    expect(await contact()).toMatchObject({ opted_out_at: null });
  });

  it("to a number whose texts go elsewhere stays there", async () => {
    const { phoneNumber } = numberOf(line);
    const other = `${stage.baseUrl}/api/twilio/webhook/${stage.carolsWorkspaceId}`;
    const point = (url: string) =>
      sql`
        update public.twilio_numbers set sms_url = ${url}
        where workspace_id = ${stage.workspaceId} and phone_number = ${phoneNumber}
      `.execute(stage.test.database.kysely);
    await miss();
    for (const url of [other, "https://elsewhere.example.test/sms"]) {
      await point(url);
      await backFill();
      expect(await thread()).toEqual([]);
    }
    // Our own, at the public address of before.
    await point(`https://old.example.test/api/twilio/webhook/${stage.workspaceId}#rc=3`);
    await backFill();
    expect(await thread()).toHaveLength(1);
    await point(smsUrl);
  });

  it("is tried again when the carrier fails, and holds up no other", async () => {
    const { mark: before } = await readMark();
    await miss({ body: "With a picture", media: [picture] });
    await miss({ body: "Without" });
    stage.simulator.injectFault({ route: "media.get", kind: "500", times: 1 });
    expect(await backFill()).toBe(1);
    expect((await thread()).map(({ content }) => content)).toEqual(["Without"]);
    expect((await readMark()).mark).toEqual(before);
    expect(await backFill()).toBe(1);
    expect((await thread()).map(({ content }) => content)).toEqual(["With a picture", "Without"]);
    expect((await readMark()).mark).not.toEqual(before);

    stage.simulator.injectFault({ route: "messages.list", kind: "500", times: 1 });
    await expect(backFill()).rejects.toMatchObject({ code: "twilio_unreachable" });
  });

  it("is fetched at the start and when it is due, and the carrier's silence only delays it", async () => {
    const jobs: Context["jobs"] = { ...stage.context.jobs, work: () => {} };
    const start = () => registerTwilioJobs({ ...stage.context, jobs }, { maxWaitMs: 20 });
    const sweep = async (running: ReturnType<typeof start>) => {
      await running.sweep();
      await running.settle();
    };
    await miss({ body: "At the start" });
    const running = start();
    await sweep(running);
    expect(await thread()).toHaveLength(1);
    const inMinutes = ((await readMark()).due.getTime() - Date.now()) / 60_000;
    expect(inMinutes).toBeGreaterThan(11);
    expect(inMinutes).toBeLessThanOrEqual(15);

    await miss({ body: "Later" });
    await sweep(running);
    expect(await thread()).toHaveLength(1);
    await makeDue();
    stage.simulator.injectFault({ route: "messages.list", kind: "500", times: 1 });
    await sweep(running);
    expect(await thread()).toHaveLength(1);
    expect((await readMark()).due.getTime() - Date.now()).toBeLessThanOrEqual(120_000);
    await makeDue();
    await sweep(running);
    expect(await thread()).toHaveLength(2);

    await miss({ body: "After a restart" });
    await running.close();
    await makeDue();
    await sweep(running);
    expect(await thread()).toHaveLength(2);
    const another = start();
    await Promise.all([another.sweep(), another.sweep()]);
    await vi.waitFor(async () => expect(await thread()).toHaveLength(3), { timeout: 5_000 });
    await another.close();
  });

  async function makeDue(): Promise<void> {
    await sql`
      update public.workspace_twilio_config set back_fill_due_at = now()
      where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
  }

  it("has a mark that no member moves, and that another account begins anew", async () => {
    const { database } = stage.test;
    await backFill();
    expect((await readMark()).mark).not.toBeNull();
    await expect(
      database.asMember(stage.alice.userId, (trx) =>
        sql`
          update public.workspace_twilio_config set back_filled_until = now()
          where workspace_id = ${stage.workspaceId}
        `.execute(trx),
      ),
    ).rejects.toThrow(/permission denied/);
    const { connected } = await readMark();
    await database.asMember(stage.alice.userId, (trx) =>
      sql`
        update public.workspace_twilio_config set account_sid = ${`AC${"e".repeat(32)}`}
        where workspace_id = ${stage.workspaceId}
      `.execute(trx),
    );
    const anew = await readMark();
    expect(anew.mark).toBeNull();
    expect(anew.connected.getTime()).toBeGreaterThan(connected.getTime());
  });
});
