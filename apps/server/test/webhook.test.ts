import express, { type Express } from "express";
import { sql } from "kysely";
import request from "supertest";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyRingEntry, parseKeyRing } from "../src/platform/secrets.ts";
import { webhookRoutes } from "../src/twilio/webhook.routes.ts";
import {
  createMigratedDatabase,
  databaseKinds,
  type TestDatabase,
} from "./support/test-database.ts";

const baseUrl = "https://inbox.example.test";
const keys = parseKeyRing(createKeyRingEntry());

interface Connected {
  workspaceId: string;
  accountSid: string;
  authToken: string;
}

describe.each(databaseKinds)("Twilio's webhook on %s", (kind) => {
  let test: TestDatabase;
  let app: Express;
  let alice: Connected;
  let carol: Connected;
  let nextSid = 0;

  async function connect(letter: string): Promise<Connected> {
    const { rows } = await sql<{ id: string }>`
      insert into public.workspaces (name) values (${letter}) returning id
    `.execute(test.database.kysely);
    const workspaceId = rows[0]?.id ?? "";
    const connected = {
      workspaceId,
      accountSid: `AC${letter.repeat(32)}`,
      authToken: letter.repeat(32),
    };
    const name = "twilio_auth_token";
    const sealed = keys.seal({ workspaceId, name }, connected.authToken);
    await sql`
      insert into public.workspace_twilio_config (workspace_id, account_sid, is_configured)
      values (${workspaceId}, ${connected.accountSid}, true)
    `.execute(test.database.kysely);
    await sql`
      insert into private.workspace_secrets (workspace_id, name, ciphertext, key_id)
      values (${workspaceId}, ${name}, ${Buffer.from(sealed.ciphertext)}, ${sealed.keyId})
    `.execute(test.database.kysely);
    return connected;
  }

  beforeAll(async () => {
    test = await createMigratedDatabase(kind);
    app = express().use(webhookRoutes({ database: test.database, keys, baseUrl, onFailure() {} }));
    alice = await connect("a");
    carol = await connect("c");
  });
  afterAll(() => test.drop());

  function buildForm(from: Connected, part: Record<string, string> = {}): Record<string, string> {
    nextSid += 1;
    return {
      AccountSid: from.accountSid,
      MessageSid: `SM${nextSid.toString(16).padStart(32, "0")}`,
      From: "+12025550143",
      To: "+12025550100",
      Body: "Are you open? ",
      FromCity: "",
      NumMedia: "0",
      ...part,
    };
  }

  function post(form: Record<string, string>, to: Connected, signedBy: string | null) {
    const path = `/api/twilio/webhook/${to.workspaceId}?source=number`;
    const sent = request(app).post(path).type("form");
    if (signedBy) {
      const url = baseUrl + path;
      sent.set("X-Twilio-Signature", twilio.getExpectedTwilioSignature(signedBy, url, form));
    }
    return sent.send(form);
  }

  async function count(table: "messages" | "webhook_receipts" | "workspace_events", of: Connected) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(`public.${table}`)}
      where workspace_id = ${of.workspaceId}
    `.execute(test.database.kysely);
    return rows[0]?.count ?? 0;
  }

  it("answers a genuine text with empty TwiML, never with words", async () => {
    const response = await post(buildForm(alice), alice, alice.authToken);
    expect(response.status).toBe(200);
    expect(response.headers["content-type"]).toMatch(/^text\/xml/);
    expect(response.text).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    expect(await count("messages", alice)).toBe(1);
  });

  it("1: sent 100 times at once, is answered each time and stored once", async () => {
    const before = await count("workspace_events", alice);
    const form = buildForm(alice);
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => post(form, alice, alice.authToken)),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await count("workspace_events", alice)).toBe(before + 1);
  });

  it("7: refuses forged, unsigned and foreign requests and stores nothing", async () => {
    const before = await count("messages", carol);
    const attempts = [
      post(buildForm(carol), carol, null),
      post(buildForm(carol), carol, "guessed"),
      post(buildForm(alice), carol, alice.authToken),
      post(buildForm(alice), carol, carol.authToken),
      post(buildForm(carol), { ...carol, workspaceId: crypto.randomUUID() }, carol.authToken),
      post(buildForm(carol), { ...carol, workspaceId: "nobody" }, carol.authToken),
    ];
    for (const response of await Promise.all(attempts)) expect(response.status).toBe(403);
    expect(await count("messages", carol)).toBe(before);
    expect(await count("webhook_receipts", carol)).toBe(0);
  });

  it("keeps what is genuine but unusable, for an admin to look at", async () => {
    const form = buildForm(carol, { MessageSid: "unheard of" });
    expect((await post(form, carol, carol.authToken)).status).toBe(200);
    expect(await count("messages", carol)).toBe(0);
    expect(await count("webhook_receipts", carol)).toBe(1);
  });

  async function last(of: Connected) {
    const { rows } = await sql<{
      content: string;
      address_type: string;
      phone_number: string;
      unread_count: number;
      num_segments: number | null;
    }>`
      select m.content, m.num_segments, c.address_type, c.phone_number, c.unread_count
      from public.messages m join public.contacts c on c.id = m.contact_id
      where m.workspace_id = ${of.workspaceId} order by m.created_at desc, m.id desc limit 1
    `.execute(test.database.kysely);
    return rows[0];
  }

  it("8: takes a text that came through a Messaging Service, whatever service that is", async () => {
    const form = buildForm(alice, {
      MessagingServiceSid: `MG${"f".repeat(32)}`,
      Body: "Through a pool",
      NumSegments: "1",
    });
    expect((await post(form, alice, alice.authToken)).status).toBe(200);
    expect(await last(alice)).toMatchObject({ content: "Through a pool", num_segments: 1 });
  });

  it("9: believes the public address alone: query and path as they came, no header of a proxy", async () => {
    const send = (path: string, signedUrl: string, headers: Record<string, string> = {}) => {
      const form = buildForm(alice);
      return request(app)
        .post(path)
        .set(headers)
        .type("form")
        .set(
          "X-Twilio-Signature",
          twilio.getExpectedTwilioSignature(alice.authToken, signedUrl, form),
        )
        .send(form);
    };
    const path = `/api/twilio/webhook/${alice.workspaceId}`;
    const elsewhere = {
      "X-Forwarded-Host": "evil.test",
      "X-Forwarded-Proto": "http",
      Host: "x.test",
    };
    const answers = [
      await send(path, baseUrl + path, elsewhere),
      await send(`${path}?a=1&b=%20`, `${baseUrl}${path}?a=1&b=%20`),
      await send(`${path}/`, `${baseUrl}${path}/`),
      await send(
        path,
        `${baseUrl.replace("https://inbox.example.test", "https://inbox.example.test:443")}${path}`,
      ),
      await send(`${path}?a=1`, baseUrl + path),
      await send(path, `https://evil.test${path}`, elsewhere),
      await send(path, `${baseUrl}${path}/`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 403, 403, 403]);
  });

  it("takes a text with whatever add-ons of the account say of it", async () => {
    const form = buildForm(alice, { Body: "With add-ons", AddOns: "x".repeat(200_000) });
    expect((await post(form, alice, alice.authToken)).status).toBe(200);
    expect((await last(alice))?.content).toBe("With add-ons");
    const giant = buildForm(alice, { AddOns: "x".repeat(300_000) });
    expect((await post(giant, alice, alice.authToken)).status).toBe(413);
  });

  it("10: refuses a text of another account, such as a subaccount, that our token signed", async () => {
    const form = buildForm(alice, { AccountSid: `AC${"e".repeat(32)}` });
    expect((await post(form, alice, alice.authToken)).status).toBe(403);
  });

  it.each([
    ["72345", "short_code"],
    ["SUPPORT", "alphanumeric"],
    ["+12025550177", "e164"],
  ])("13: keeps a text from %s as one of a sender of its kind", async (From, kindOf) => {
    expect(
      (await post(buildForm(alice, { From, Body: From }), alice, alice.authToken)).status,
    ).toBe(200);
    expect(await last(alice)).toMatchObject({
      content: From,
      phone_number: From,
      address_type: kindOf,
    });
  });

  it("14: an empty text is a text too", async () => {
    const form = buildForm(alice, { Body: "", From: "+12025550178" });
    expect((await post(form, alice, alice.authToken)).status).toBe(200);
    expect(await last(alice)).toMatchObject({ content: "", unread_count: 1 });
  });

  it.each([
    ["emoji of several parts", "👩🏽‍💻🇨🇭 naïve “quotes” مرحبا"],
    ["1600 characters", "a".repeat(1600)],
    ["1601 characters", "b".repeat(1601)],
    ["markup", "<script>alert(1)</script> =cmd|' /C calc'!A0 **bold**"],
    ["line breaks and spaces at its ends", "  one\r\ntwo\n "],
  ])("15: a text of %s is kept to the letter", async (_what, Body) => {
    expect((await post(buildForm(alice, { Body }), alice, alice.authToken)).status).toBe(200);
    expect((await last(alice))?.content).toBe(Body);
  });

  it("15: what Postgres can't hold is left out, and nothing else", async () => {
    const form = buildForm(alice, { Body: "a\0b" });
    expect((await post(form, alice, alice.authToken)).status).toBe(200);
    expect((await last(alice))?.content).toBe("ab");
  });

  it("11: says 503 when it could not store the text, and stores it when it comes again", async () => {
    const form = buildForm(alice);
    await test.database.runScript("alter table public.messages rename to messages_away");
    expect((await post(form, alice, alice.authToken)).status).toBe(503);
    await test.database.runScript("alter table public.messages_away rename to messages");
    const before = await count("messages", alice);
    expect((await post(form, alice, alice.authToken)).status).toBe(200);
    expect(await count("messages", alice)).toBe(before + 1);
  });
});
