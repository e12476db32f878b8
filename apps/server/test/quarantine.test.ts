import { quarantineDetail, quarantineList } from "@livechat/shared";
import { sql } from "kysely";
import twilio from "twilio";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { backFillTexts } from "../src/twilio/back-fill-texts.ts";
import { getCredentials } from "../src/twilio/find-credentials.ts";
import { processQuarantine, processReceipt } from "../src/twilio/process-receipt.ts";
import type { TwilioCredentials } from "../src/twilio/twilio-client.ts";
import { databaseKinds } from "./support/test-database.ts";
import { type Person, setTestStage, type TestStage } from "./support/test-stage.ts";

const soon = { timeout: 8_000, interval: 50 };

describe.each(databaseKinds)("what Twilio signed and we can't use, on %s", (kind) => {
  let stage: TestStage;
  let credentials: TwilioCredentials;
  let line: string;
  let phone: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    const { body } = await stage.alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    line = body.numbers[0].phoneNumber;
    credentials = await getCredentials(stage.context, workspaceId);
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    nextPhone += 1;
    phone = `+1415999${String(nextPhone).padStart(4, "0")}`;
    await sql`
      update public.webhook_receipts set settled_as = 'dismissed', settled_at = now()
      where outcome = 'quarantined' and settled_as is null
    `.execute(stage.test.database.kysely);
  });

  const sid = () => `SM${crypto.randomUUID().replaceAll("-", "")}`;

  async function post(what: "webhook" | "status", fields: Record<string, string>, query = "") {
    const url = `${stage.baseUrl}/api/twilio/${what}/${stage.workspaceId}${query}`;
    const form = { AccountSid: credentials.accountSid, From: phone, To: line, ...fields };
    const signature = twilio.getExpectedTwilioSignature(credentials.authToken, url, form);
    const response = await fetch(url, {
      method: "POST",
      headers: { "X-Twilio-Signature": signature },
      body: new URLSearchParams(form),
    });
    return response.status;
  }

  const path = (rest = "") => `/api/workspaces/${stage.workspaceId}/quarantine${rest}`;

  async function list(person: Person = stage.alice) {
    return quarantineList.parse((await person.api("GET", path())).body);
  }

  async function only() {
    const { items } = await list();
    const [item] = items;
    if (!item || items.length > 1) throw new Error(`${items.length} wait.`);
    return item;
  }

  async function thread(from = phone) {
    const { rows } = await sql<{ content: string; created_at: Date }>`
      select m.content, m.created_at from public.messages m
      join public.contacts c on c.id = m.contact_id
      where c.workspace_id = ${stage.workspaceId} and c.phone_number = ${from}
      order by m.created_at, m.id
    `.execute(stage.test.database.kysely);
    return rows;
  }

  async function lastCount(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select (payload ->> 'openCount')::int as count from public.workspace_events
      where workspace_id = ${stage.workspaceId} and type = 'quarantine_changed'
      order by seq desc limit 1
    `.execute(stage.test.database.kysely);
    return rows[0]?.count ?? -1;
  }

  /** As a version of this program kept it that understood less than today's. */
  async function keep(form: Record<string, string>, kindOf = "inbound", headers = {}) {
    const { rows } = await sql<{ id: string }>`
      insert into public.webhook_receipts (
        workspace_id, kind, body, headers, outcome, reason, created_at
      )
      values (
        ${stage.workspaceId}, ${kindOf}, ${Buffer.from(new URLSearchParams(form).toString())},
        ${JSON.stringify(headers)}::text::jsonb, 'quarantined', 'Not understood.',
        now() - interval '1 hour'
      )
      returning id
    `.execute(stage.test.database.kysely);
    return rows[0]?.id ?? "";
  }

  it("is answered 200, kept once as it came, and shown to admins alone", async () => {
    for (let time = 0; time < 3; time += 1) {
      expect(await post("webhook", { MessageSid: "unheard of", Body: "Anyone?\0 " })).toBe(200);
    }
    expect(await thread()).toEqual([]);
    const { openCount, items } = await list();
    expect(openCount).toBe(1);
    expect(items).toMatchObject([
      { kind: "inbound", from: phone, to: line, preview: "Anyone?", tries: 0 },
    ]);
    expect(items[0]?.reason).toContain("MessageSid");
    expect(await lastCount()).toBe(1);
    const detail = quarantineDetail.parse(
      (await stage.alice.api("GET", path(`/${items[0]?.id}`))).body,
    );
    expect(detail.fields).toContainEqual({ name: "Body", value: "Anyone?\0 " });
    for (const [person, code] of [
      [stage.bob, "forbidden"],
      [stage.carol, "workspace_not_found"],
    ] as const) {
      for (const [method, rest] of [
        ["GET", ""],
        ["GET", `/${items[0]?.id}`],
        ["POST", `/${items[0]?.id}/dismiss`],
        ["POST", `/${items[0]?.id}/process`],
        ["POST", "/process"],
      ] as const) {
        expect((await person.api(method, path(rest))).body.code, rest).toBe(code);
      }
    }
    const elsewhere = `/api/workspaces/${stage.carolsWorkspaceId}/quarantine/${items[0]?.id}`;
    expect((await stage.carol.api("GET", elsewhere)).body.code).toBe("not_found");
    expect((await list()).openCount).toBe(1);
  });

  it("for the database to refuse is no 503 for ever: it waits, and is stored once the cause is gone", async () => {
    await stage.test.database.runScript(
      "alter table public.messages add constraint no_poison check (content not like 'poison%')",
    );
    expect(await post("webhook", { MessageSid: sid(), Body: "poison pill" })).toBe(200);
    const item = await only();
    expect(item.reason).toContain("no_poison");
    expect((await stage.alice.api("POST", path(`/${item.id}/process`))).status).toBe(202);
    await vi.waitFor(async () => expect((await only()).tries).toBe(1), soon);
    expect(await thread()).toEqual([]);

    await stage.test.database.runScript("alter table public.messages drop constraint no_poison");
    await stage.alice.api("POST", path("/process"));
    await vi.waitFor(async () => expect((await list()).items).toEqual([]), soon);
    const [stored] = await thread();
    expect(stored?.content).toBe("poison pill");
    expect(
      Math.abs((stored?.created_at.getTime() ?? 0) - Date.parse(item.receivedAt)),
    ).toBeLessThan(1_000);
    expect(await lastCount()).toBe(0);
    expect((await stage.alice.api("POST", path(`/${item.id}/process`))).body.code).toBe(
      "not_found",
    );
    expect((await stage.alice.api("GET", path(`/${item.id}`))).body.code).toBe("not_found");
  });

  it("is used once, however often and however many at a time it is tried", async () => {
    const receiptId = await keep({
      AccountSid: credentials.accountSid,
      MessageSid: sid(),
      From: phone,
      To: line,
      Body: "From another time",
    });
    const key = { workspaceId: stage.workspaceId, receiptId };
    await Promise.all(Array.from({ length: 10 }, () => processReceipt(stage.context, key)));
    await processReceipt(stage.context, key);
    expect(await thread()).toHaveLength(1);
    expect((await list()).openCount).toBe(0);
  });

  it("is tried again by itself when the program starts anew", async () => {
    const known = await stage.test.database.asSystem((trx) =>
      sql<{ id: string }>`
        insert into public.contacts (workspace_id, phone_number)
        values (${stage.workspaceId}, ${phone}) returning id
      `.execute(trx),
    );
    const messageSid = sid();
    const { rows } = await sql<{ id: string }>`
      insert into public.messages (
        workspace_id, contact_id, direction, content, status, attempt, sending_since
      )
      values (
        ${stage.workspaceId}, ${known.rows[0]?.id}, 'outbound', 'hi', 'unconfirmed', 1, now()
      )
      returning id
    `.execute(stage.test.database.kysely);
    await keep(
      { AccountSid: credentials.accountSid, MessageSid: messageSid, MessageStatus: "delivered" },
      "status",
      { "x-livechat-message-id": rows[0]?.id },
    );
    await processQuarantine(stage.context);
    await vi.waitFor(async () => {
      const found = await sql<{ status: string }>`
        select status from public.messages where id = ${rows[0]?.id}
      `.execute(stage.test.database.kysely);
      expect(found.rows[0]?.status).toBe("delivered");
    }, soon);
    await vi.waitFor(async () => expect((await list()).openCount).toBe(0), soon);
  });

  it("of a status report is kept too, with the id that its address held", async () => {
    expect(await post("status", { MessageSid: "nonsense", MessageStatus: "sent" })).toBe(204);
    expect(await only()).toMatchObject({ kind: "status", preview: null });
  });

  it("is set aside by an admin for good, and that is written down", async () => {
    await post("webhook", { MessageSid: "unheard of" });
    const item = await only();
    expect((await stage.alice.api("POST", path(`/${item.id}/dismiss`))).status).toBe(204);
    expect((await list()).openCount).toBe(0);
    expect(await lastCount()).toBe(0);
    expect((await stage.alice.api("POST", path(`/${item.id}/dismiss`))).body.code).toBe(
      "not_found",
    );
    const { rows } = await sql`
      select actor_id, action from public.audit_log where target = ${item.id}
    `.execute(stage.test.database.kysely);
    expect(rows).toEqual([{ actor_id: stage.alice.userId, action: "quarantine.dismissed" }]);
    await processReceipt(stage.context, { workspaceId: stage.workspaceId, receiptId: item.id });
    expect(await thread()).toEqual([]);
  });

  it("in Twilio's list does not keep the back-fill from the rest of it", async () => {
    await stage.test.database.runScript(
      "alter table public.messages add constraint no_toxin check (content not like 'toxin%')",
    );
    const number = stage.simulator.numbers().find((each) => each.phoneNumber === line);
    if (!number) throw new Error("There is no such number.");
    const { smsUrl, smsFallbackUrl } = number;
    Object.assign(number, { smsUrl: "http://127.0.0.1:9/", smsFallbackUrl: "" });
    for (const body of ["toxin", "Good"]) {
      await stage.simulator.textFromPhone({ from: phone, to: line, body });
    }
    Object.assign(number, { smsUrl, smsFallbackUrl });
    await backFillTexts(stage.context, stage.workspaceId);
    expect((await thread()).map(({ content }) => content)).toEqual(["Good"]);
    expect(await only()).toMatchObject({ preview: "toxin" });
    await backFillTexts(stage.context, stage.workspaceId);
    expect((await list()).openCount).toBe(1);
    await stage.test.database.runScript("alter table public.messages drop constraint no_toxin");
  });

  it("12: a text to a number that we do not know is stored, and admins are told of the number", async () => {
    expect(await post("webhook", { MessageSid: sid(), To: "+12025559999", Body: "New line" })).toBe(
      200,
    );
    expect(await thread()).toMatchObject([{ content: "New line" }]);
    const { unknownNumbers } = await list();
    expect(unknownNumbers).toMatchObject([{ phoneNumber: "+12025559999" }]);
    // Without a good signature nobody learns which numbers there are.
    const answers = await Promise.all(
      [line, "+12025559999", "+12025558888"].map(async (To) => {
        const response = await fetch(`${stage.baseUrl}/api/twilio/webhook`, {
          method: "POST",
          body: new URLSearchParams({ AccountSid: credentials.accountSid, To, MessageSid: sid() }),
        });
        return [response.status, await response.text()].join();
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^403/);
  });
});
