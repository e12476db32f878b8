import { sql } from "kysely";
import twilio from "twilio";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { backFillTexts } from "../src/twilio/back-fill-texts.ts";
import { examineLine } from "../src/twilio/examine-line.ts";
import { readCapabilities } from "../src/twilio/line-api.ts";
import { registerLineJobs } from "../src/twilio/register-line-jobs.ts";
import { createTwilioGateway } from "../src/twilio/twilio-client.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

const accountSid = `AC${"b".repeat(32)}`;
const apiKey = { sid: `SK${"c".repeat(32)}`, secret: "key-secret-word" };
const serviceSid = `MG${"d".repeat(32)}`;
const main = "+12025550181";
const second = "+12025550182";
const foreignUrl = "https://other.example.test/sms";

type Finding = { code: string; severity: string; mend: { action: string; sid?: string } | null };

describe.each(databaseKinds)("the phone line on %s", (kind) => {
  let stage: TestStage;
  let token: string;
  let tokens = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { body } = await stage.alice.api("POST", "/api/twilio/config/simulator", within());
    const origin = await stage.context.twilio.apiOrigin(body.accountSid);
    stage.context.config.twilioApiUrl = origin;
    Object.assign(
      stage.context.twilio,
      createTwilioGateway({ simulatorOrigin: origin, isSimulated: () => true }),
    );
  });
  afterAll(() => stage?.close());

  /** A company's account with two numbers, connected, and in order. */
  beforeEach(async () => {
    tokens += 1;
    token = `company-secret-${tokens}`;
    for (const phoneNumber of [main, second]) stage.simulator.removeNumber(phoneNumber);
    stage.simulator.addAccount({
      sid: accountSid,
      authToken: token,
      friendlyName: "Bakery Ltd",
      apiKeys: [{ ...apiKey, kind: "standard" }],
      numbers: [{ phoneNumber: main }, { phoneNumber: second }],
    });
    await sql`
      update public.refused_webhooks set last_at = now() - interval '2 days'
    `.execute(stage.test.database.kysely);
    const connected = await connect();
    expect(connected.status).toBe(200);
  });

  const within = () => ({ workspaceId: stage.workspaceId });
  const connect = (part: Record<string, unknown> = {}) =>
    stage.alice.api("PUT", "/api/twilio/config", {
      ...within(),
      accountSid,
      authToken: token,
      apiKey: null,
      webhookType: "per_number",
      ...part,
    });
  const base = () => `/api/workspaces/${stage.workspaceId}`;
  const getConfig = async () =>
    (await stage.bob.api("GET", `/api/twilio/config?workspaceId=${stage.workspaceId}`)).body;
  const examine = async () => (await stage.alice.api("GET", `${base()}/twilio/doctor`)).body;
  const numberAt = (phoneNumber: string) => {
    const found = stage.simulator.numbers().find((number) => number.phoneNumber === phoneNumber);
    if (!found) throw new Error(`There is no number ${phoneNumber}.`);
    return found;
  };
  const account = () => {
    const found = stage.simulator.account(accountSid);
    if (!found) throw new Error("There is no account.");
    return found;
  };
  const openService = (part: Record<string, unknown>) => {
    account().services.set(serviceSid, {
      sid: serviceSid,
      friendlyName: "Support",
      numbers: [main],
      inboundRequestUrl: null,
      inboundMethod: "POST",
      fallbackUrl: null,
      fallbackMethod: "POST",
      statusCallback: null,
      useInboundWebhookOnNumber: false,
      dateCreated: new Date(),
      dateUpdated: new Date(),
      ...part,
    });
    return account().services.get(serviceSid);
  };
  const findingsOf = (report: { numbers: { phoneNumber: string; findings: Finding[] }[] }) =>
    report.numbers.find(({ phoneNumber }) => phoneNumber === main)?.findings ?? [];
  const wrong = (findings: Finding[]) =>
    findings
      .filter(({ severity }) => severity === "warning" || severity === "error")
      .map(({ code }) => code);
  const mend = (sid: string, takeOver: string[] = []) =>
    stage.alice.api("POST", `${base()}/twilio/webhooks`, { sids: [sid], takeOver });

  async function rows<T>(table: string): Promise<T[]> {
    const found = await sql<T>`
      select * from ${sql.table(table)} where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    return found.rows;
  }
  async function audited(): Promise<string[]> {
    const found = await rows<{ action: string }>("public.audit_log");
    return found.map(({ action }) => action);
  }
  async function countLineEvents(): Promise<number> {
    const events = await rows<{ type: string }>("public.workspace_events");
    return events.filter(({ type }) => type === "line_updated").length;
  }
  let nextSid = 0;
  async function post(part: {
    signedBy: string;
    path?: string;
    as?: string;
    form?: Record<string, string>;
  }) {
    nextSid += 1;
    const path = part.path ?? `/api/twilio/webhook/${stage.workspaceId}`;
    const form = {
      AccountSid: accountSid,
      MessageSid: `SM${nextSid.toString(16).padStart(32, kind === "embedded" ? "1" : "2")}`,
      From: "+14155550188",
      To: main,
      Body: "hi",
      ...part.form,
    };
    const url = (part.as ?? stage.baseUrl) + path;
    const response = await fetch(stage.baseUrl + path, {
      method: "POST",
      headers: {
        "X-Twilio-Signature": twilio.getExpectedTwilioSignature(part.signedBy, url, form),
        ...(part.as ? { "X-Forwarded-Host": new URL(part.as).host } : {}),
      },
      body: new URLSearchParams(form),
    });
    return response.status;
  }

  describe("credentials", () => {
    it("of an API key send, while the Auth Token signs", async () => {
      const { status, body } = await connect({ apiKey });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        accountName: "Bakery Ltd",
        accountType: "Full",
        accountStatus: "active",
        authTokenLast4: token.slice(-4),
        apiKeySid: apiKey.sid,
        apiKeySecretLast4: "word",
      });
      expect(JSON.stringify(body)).not.toContain(apiKey.secret);
      expect(await post({ signedBy: token })).toBe(200);
      expect(await post({ signedBy: apiKey.secret })).toBe(403);
      const { rows: contacts } = await sql<{ id: string }>`
        select id from public.contacts
        where workspace_id = ${stage.workspaceId} and phone_number = '+14155550188'
      `.execute(stage.test.database.kysely);
      // Only a key opens the API from here on: the text must go out with it.
      account().authToken = "replaced-at-twilio";
      const sent = await stage.bob.api("POST", "/api/sms/send-sms", {
        ...within(),
        contactId: contacts[0]?.id,
        message: "By key",
      });
      expect(sent.status).toBe(200);
      await vi.waitFor(() =>
        expect(stage.simulator.messages().map((each) => each.body)).toContain("By key"),
      );
    });

    it("are refused with Twilio's own code and page, the key and the token each for itself", async () => {
      const before = await rows("private.workspace_secrets");
      const wrongKey = await connect({ apiKey: { ...apiKey, secret: "wrong" } });
      const wrongToken = await connect({ apiKey, authToken: "wrong" });
      for (const { body } of [wrongKey, wrongToken]) {
        expect(body).toMatchObject({
          code: "twilio_credentials_refused",
          carrierError: { code: 20003, url: "https://www.twilio.com/docs/errors/20003" },
        });
        expect(body.detail).toContain("20003");
      }
      expect(await rows("private.workspace_secrets")).toEqual(before);
    });

    it("of an account that is suspended or closed are not taken, and a trial account shows", async () => {
      for (const status of ["suspended", "closed"] as const) {
        account().status = status;
        const { body } = await connect();
        expect(body).toMatchObject({ code: "twilio_account_inactive" });
        expect(body.detail).toContain(status);
      }
      account().status = "active";
      account().type = "Trial";
      expect((await connect()).body).toMatchObject({ accountType: "Trial" });
      const report = await examine();
      expect(report.account).toContainEqual(
        expect.objectContaining({ code: "account_type", severity: "hint" }),
      );
    });

    it("are kept where they are left out, and removed where that is said", async () => {
      await connect({ apiKey });
      await connect({ authToken: undefined, apiKey: undefined });
      expect(await getConfig()).toMatchObject({ apiKeySid: apiKey.sid });
      await connect({ authToken: undefined, apiKey: null });
      expect(await getConfig()).toMatchObject({ apiKeySid: null, apiKeySecretLast4: null });
      const other = { accountSid: `AC${"e".repeat(32)}`, authToken: undefined };
      expect((await connect(other)).body.code).toBe("invalid_request");
    });

    it("never leave the server, and each change of them is written down", async () => {
      await connect({ apiKey });
      const shown = JSON.stringify([
        await getConfig(),
        await examine(),
        await rows("public.audit_log"),
        await rows("public.workspace_twilio_config"),
        await rows("public.twilio_webhook_changes"),
        await rows("public.workspace_events"),
      ]);
      for (const secret of [token, apiKey.secret]) expect(shown).not.toContain(secret);
      expect(await rows("public.audit_log")).toContainEqual(
        expect.objectContaining({
          action: "twilio.connected",
          actor_id: stage.alice.userId,
          details: expect.objectContaining({ apiKey: apiKey.sid }),
        }),
      );
    });
  });

  describe("a new Auth Token", () => {
    const client = () =>
      twilio(accountSid, token, { accountSid, httpClient: createLocalClient(stage) });

    it("is let in beside the old one, and takes over with the first webhook that it signed", async () => {
      const { secondaryAuthToken: next } = await client().accounts.v1.secondaryAuthToken().create();
      const staged = await put({ authToken: next });
      expect(staged.body).toMatchObject({ nextAuthTokenLast4: next.slice(-4) });
      expect(await post({ signedBy: token })).toBe(200);
      expect(await getConfig()).toMatchObject({ authTokenLast4: token.slice(-4) });

      await client().accounts.v1.authTokenPromotion().update();
      expect(await post({ signedBy: next })).toBe(200);
      await vi.waitFor(async () =>
        expect(await getConfig()).toMatchObject({
          authTokenLast4: next.slice(-4),
          nextAuthTokenLast4: null,
        }),
      );
      // A retry that was under way still carries the old signature.
      expect(await post({ signedBy: token })).toBe(200);
      await stage.test.database.runScript(`
        alter table private.workspace_secrets disable trigger workspace_secrets_updated_at;
        update private.workspace_secrets set updated_at = now() - interval '2 hours';
        alter table private.workspace_secrets enable trigger workspace_secrets_updated_at;
      `);
      expect(await post({ signedBy: token })).toBe(403);
      expect(await post({ signedBy: next })).toBe(200);
      expect(wrong((await examine()).account)).toEqual([]);
      expect(await audited()).toEqual(
        expect.arrayContaining(["twilio.next_token_kept", "twilio.token_promoted"]),
      );
    });

    it("is not taken from somebody who mistyped it, nor before Twilio has promoted it", async () => {
      expect((await put({ authToken: "mistyped" })).body.code).toBe("twilio_credentials_refused");
      expect((await put({ authToken: token })).body.code).toBe("conflict");
      const { secondaryAuthToken: next } = await client().accounts.v1.secondaryAuthToken().create();
      await put({ authToken: next });
      const promote = () =>
        stage.alice.api("POST", "/api/twilio/config/next-auth-token/promote", within());
      expect((await promote()).body.code).toBe("conflict");
      await client().accounts.v1.authTokenPromotion().update();
      expect((await promote()).body).toMatchObject({
        authTokenLast4: next.slice(-4),
        nextAuthTokenLast4: null,
      });
    });

    it("sends at once after the promotion, and the doctor notices it too", async () => {
      const { secondaryAuthToken: next } = await client().accounts.v1.secondaryAuthToken().create();
      await put({ authToken: next });
      await client().accounts.v1.authTokenPromotion().update();
      const sent = await stage.context.twilio.sendMessage(
        { accountSid, authToken: token, nextAuthToken: next },
        { from: main, to: "+14155550188", body: "After", mediaUrls: [], statusCallback: "" },
      );
      expect(sent).toMatchObject({ outcome: "accepted" });
      expect(wrong((await examine()).account)).toEqual([]);
      expect(await getConfig()).toMatchObject({ authTokenLast4: next.slice(-4) });
    });

    it("replaces the old one at once where it is entered in its place, with the same overlap", async () => {
      account().authToken = "entered-again";
      expect(wrong((await examine()).account)).toEqual(["auth_token"]);
      expect((await connect({ authToken: "entered-again" })).status).toBe(200);
      expect(await post({ signedBy: "entered-again" })).toBe(200);
      expect(await post({ signedBy: token })).toBe(200);
    });

    it("can be dropped again", async () => {
      const { secondaryAuthToken: next } = await client().accounts.v1.secondaryAuthToken().create();
      await put({ authToken: next });
      const route = `/api/twilio/config/next-auth-token?workspaceId=${stage.workspaceId}`;
      expect((await stage.alice.api("DELETE", route)).body).toMatchObject({
        nextAuthTokenLast4: null,
      });
      expect(await post({ signedBy: next })).toBe(403);
    });

    const put = (part: { authToken: string }) =>
      stage.alice.api("PUT", "/api/twilio/config/next-auth-token", { ...within(), ...part });
  });

  describe("numbers", () => {
    it("are added, changed and removed as Twilio has them", async () => {
      const sync = async () => {
        const { body } = await stage.alice.api("POST", "/api/twilio/phone-numbers/sync", within());
        return body.items.map((each: { phoneNumber: string; friendlyName: string }) => [
          each.phoneNumber,
          each.friendlyName,
        ]);
      };
      const third = "+12025550183";
      stage.simulator.removeNumber(second);
      stage.simulator.addAccount({
        sid: accountSid,
        authToken: token,
        numbers: [{ phoneNumber: third }],
      });
      numberAt(main).friendlyName = "Front desk";
      numberAt(main).smsUrl = foreignUrl;
      expect(await sync()).toEqual([
        [main, "Front desk"],
        [third, third],
      ]);
      // Reading sets nothing at Twilio.
      expect([numberAt(main).smsUrl, numberAt(third).smsUrl]).toEqual([foreignUrl, ""]);
      const log = await rows<{ action: string; details: Record<string, string> }>(
        "public.audit_log",
      );
      expect(log.filter(({ action }) => action === "twilio.numbers_read").at(-1)?.details).toEqual({
        added: third,
        changed: main,
        removed: second,
      });
      stage.simulator.removeNumber(third);
    });

    it("are read again once a day by themselves", async () => {
      const jobs = registerLineJobs({
        ...stage.context,
        jobs: { ...stage.context.jobs, work: () => {} },
      });
      const due = (hours: number) =>
        sql`
          update public.workspace_twilio_config
          set examine_due_at = now(), numbers_synced_at = now() - make_interval(hours => ${hours})
          where workspace_id = ${stage.workspaceId}
        `.execute(stage.test.database.kysely);
      stage.simulator.removeNumber(second);
      await due(2);
      await jobs.sweep();
      expect(await rows("public.twilio_numbers")).toHaveLength(2);
      await due(25);
      await jobs.sweep();
      expect(await rows("public.twilio_numbers")).toHaveLength(1);
      await jobs.close();
    });

    it("can do what Twilio says, however it writes it", () => {
      expect(readCapabilities({ SMS: true, MMS: false, voice: true, fax: true })).toEqual({
        sms: true,
        mms: false,
        voice: true,
      });
      expect(readCapabilities(null)).toEqual({ sms: false, mms: false, voice: false });
    });
  });

  describe("Messaging Services", () => {
    it("are listed with their numbers, and one can be chosen to send through", async () => {
      openService({ useInboundWebhookOnNumber: true });
      await stage.alice.api("POST", "/api/twilio/phone-numbers/sync", within());
      const route = `/api/twilio/messaging-services?workspaceId=${stage.workspaceId}`;
      expect((await stage.bob.api("GET", route)).body.items).toEqual([
        { sid: serviceSid, name: "Support", numbers: [main] },
      ]);
      const choose = (messagingServiceSid: string | null) =>
        stage.alice.api("PATCH", "/api/twilio/config", { ...within(), messagingServiceSid });
      expect((await choose(`MG${"0".repeat(32)}`)).body.code).toBe("not_found");
      expect((await choose(serviceSid)).body).toMatchObject({ messagingServiceSid: serviceSid });
      account().services.clear();
      const report = await examine();
      expect(wrong(report.account)).toEqual(["sending_service"]);
      expect((await choose(null)).body).toMatchObject({ messagingServiceSid: null });
      expect(wrong((await examine()).account)).toEqual([]);
    });

    it("bring texts in although the number is what is configured here", async () => {
      openService({ useInboundWebhookOnNumber: true });
      await stage.simulator.textFromPhone({ from: "+14155550190", to: main, body: "In a pool" });
      const attempt = stage.simulator.attempts().at(-1);
      expect(attempt?.params.MessagingServiceSid).toBe(serviceSid);
      expect(attempt?.status).toBe(200);
      const messages = await rows<{ content: string }>("public.messages");
      expect(messages.map(({ content }) => content)).toContain("In a pool");
    });

    it("are read after an outage too, by the address that takes their numbers' texts", async () => {
      const service = openService({});
      await connect({ webhookType: "global" });
      // Of no use while the service posts here itself.
      numberAt(main).smsUrl = foreignUrl;
      await stage.alice.api("POST", "/api/twilio/phone-numbers/sync", within());
      const url = service?.inboundRequestUrl ?? null;
      Object.assign(service ?? {}, { inboundRequestUrl: "http://127.0.0.1:9/", fallbackUrl: null });
      await stage.simulator.textFromPhone({ from: "+14155550192", to: main, body: "In the pool" });
      Object.assign(service ?? {}, { inboundRequestUrl: url });
      await backFillTexts(stage.context, stage.workspaceId);
      const messages = await rows<{ content: string }>("public.messages");
      expect(messages.map(({ content }) => content)).toContain("In the pool");
    });

    it("carry the address themselves where the workspace wants one for all", async () => {
      const service = openService({});
      expect((await connect({ webhookType: "global" })).body.webhookType).toBe("global");
      expect(service?.inboundRequestUrl).toContain(`/api/twilio/webhook/${stage.workspaceId}#rc=`);
      await stage.simulator.textFromPhone({ from: "+14155550191", to: main, body: "By service" });
      expect(stage.simulator.attempts().at(-1)).toMatchObject({ status: 200, kind: "inbound" });
      expect((await examine()).problemCount).toBe(0);
    });
  });

  describe("webhooks", () => {
    it("are shown before they are set: what is there, what comes, and whose it is", async () => {
      numberAt(main).smsUrl = foreignUrl;
      numberAt(second).smsUrl = "";
      const { body } = await stage.alice.api("POST", "/api/twilio/test-connection", {
        ...within(),
        accountSid,
      });
      expect(body.proposals).toMatchObject([
        { label: main, isSet: false, isForeign: true, current: { url: foreignUrl } },
        {
          label: second,
          isSet: false,
          isForeign: false,
          current: { url: null },
          proposed: {
            url: `${stage.baseUrl}/api/twilio/webhook/${stage.workspaceId}#rc=3&rp=ct,rt,5xx&ct=2000&rt=4000`,
            method: "POST",
            fallbackUrl: expect.stringContaining("?fallback=1#rc="),
          },
        },
      ]);
      expect(numberAt(second).smsUrl).toBe("");
      const plan = await stage.alice.api("GET", `${base()}/twilio/webhooks`);
      expect(plan.body.proposals).toEqual(body.proposals);
    });

    it("of somebody else are taken only by name, and can be put back", async () => {
      numberAt(main).smsUrl = foreignUrl;
      numberAt(main).smsFallbackUrl = `${foreignUrl}/fallback`;
      const { sid } = numberAt(main);
      expect((await mend(sid)).body.code).toBe("conflict");
      expect((await mend(sid, [numberAt(second).sid])).body.code).toBe("conflict");
      expect(numberAt(main).smsUrl).toBe(foreignUrl);

      const taken = await mend(sid, [sid]);
      expect(taken.body.proposals).toMatchObject([{ isSet: true }, { isSet: true }]);
      expect(numberAt(main).smsUrl).toContain(stage.workspaceId);
      const [change] = taken.body.changes;
      expect(change).toMatchObject({ label: main, before: { url: foreignUrl }, undoneAt: null });

      const undo = () =>
        stage.alice.api("POST", `${base()}/twilio/webhooks/undo`, { changeId: change.id });
      expect((await undo()).status).toBe(200);
      expect(numberAt(main)).toMatchObject({
        smsUrl: foreignUrl,
        smsFallbackUrl: `${foreignUrl}/fallback`,
      });
      expect((await undo()).body.code).toBe("not_found");
      expect(await audited()).toEqual(
        expect.arrayContaining(["twilio.webhook_set", "twilio.webhook_restored"]),
      );
    });

    it("that somebody changed since are not put back over that", async () => {
      numberAt(main).smsUrl = foreignUrl;
      const { sid } = numberAt(main);
      const taken = await mend(sid, [sid]);
      numberAt(main).smsUrl = "https://third.example.test/sms";
      const { body } = await stage.alice.api("POST", `${base()}/twilio/webhooks/undo`, {
        changeId: taken.body.changes[0].id,
      });
      expect(body.code).toBe("conflict");
      expect(numberAt(main).smsUrl).toBe("https://third.example.test/sms");
    });

    it("keep a fallback that was chosen beside our own address", async () => {
      numberAt(main).smsFallbackUrl = "https://other.example.test/fallback";
      numberAt(main).smsMethod = "GET";
      await mend(numberAt(main).sid);
      expect(numberAt(main)).toMatchObject({
        smsMethod: "POST",
        smsFallbackUrl: "https://other.example.test/fallback",
      });
    });

    it("are read again after they were set, and a change that did not hold is said", async () => {
      numberAt(main).smsUrl = "";
      const number = numberAt(main);
      Object.defineProperty(number, "smsUrl", {
        configurable: true,
        get: () => "https://stubborn.example.test/sms",
        set: () => {},
      });
      const { body } = await mend(number.sid, [number.sid]);
      expect(body.code).toBe("conflict");
      expect(body.detail).toContain("stubborn.example.test");
    });

    it("come over the fallback as well, once", async () => {
      const before = (await rows("public.messages")).length;
      const form = { MessageSid: `SM${"f".repeat(32)}`, ErrorCode: "11200" };
      const path = `/api/twilio/webhook/${stage.workspaceId}?fallback=1`;
      expect(await post({ signedBy: token, path, form })).toBe(200);
      expect(await post({ signedBy: token, form })).toBe(200);
      expect(await rows("public.messages")).toHaveLength(before + 1);
    });
  });

  describe("the doctor", () => {
    it("finds nothing wrong with a line that is in order", async () => {
      const report = await examine();
      expect(report.problemCount).toBe(0);
      expect(wrong(report.account)).toEqual([]);
      expect(report.numbers).toHaveLength(2);
    });

    it.each([
      ["no webhook", () => Object.assign(numberAt(main), { smsUrl: "" }), "number_webhook"],
      [
        "another address",
        () => Object.assign(numberAt(main), { smsUrl: foreignUrl }),
        "number_webhook",
      ],
      ["GET", () => Object.assign(numberAt(main), { smsMethod: "GET" }), "number_method"],
      [
        "an application",
        () => Object.assign(numberAt(main), { smsApplicationSid: `AP${"1".repeat(32)}` }),
        "number_application",
      ],
      [
        "no fallback",
        () => Object.assign(numberAt(main), { smsFallbackUrl: "" }),
        "number_fallback",
      ],
    ] as const)(
      "finds %s, mends it with one call, and then finds nothing",
      async (_, spoil, code) => {
        spoil();
        const findings = findingsOf(await examine());
        expect(wrong(findings)).toEqual([code]);
        const wound = findings.find((each) => each.code === code);
        expect(wound?.mend).toMatchObject({ action: "set_webhook", sid: numberAt(main).sid });
        expect((await mend(numberAt(main).sid, [numberAt(main).sid])).status).toBe(200);
        expect((await examine()).problemCount).toBe(0);
        await stage.simulator.textFromPhone({ from: "+14155550189", to: main, body: code });
        expect(stage.simulator.attempts().at(-1)).toMatchObject({ kind: "inbound", status: 200 });
      },
    );

    it.each([
      ["drops what comes in", {}, "service_inbound"],
      ["posts to another address", { inboundRequestUrl: foreignUrl }, "service_webhook"],
    ] as const)("finds a service that %s, and mends it", async (_, part, code) => {
      openService(part);
      const [service] = (await examine()).services;
      expect(wrong(service.findings)).toEqual([code]);
      expect((await mend(serviceSid, [serviceSid])).status).toBe(200);
      expect((await examine()).problemCount).toBe(0);
      await stage.simulator.textFromPhone({ from: "+14155550189", to: main, body: code });
      expect(stage.simulator.attempts().at(-1)).toMatchObject({ kind: "inbound", status: 200 });
    });

    it("finds a number that is gone, one that is new, and one that can't text", async () => {
      stage.simulator.removeNumber(second);
      const voice = "+12025550184";
      stage.simulator.addAccount({
        sid: accountSid,
        authToken: token,
        numbers: [{ phoneNumber: voice, sms: false }],
      });
      const before = await examine();
      const codes = (report: { numbers: { phoneNumber: string; findings: Finding[] }[] }) =>
        Object.fromEntries(
          report.numbers.map(({ phoneNumber, findings }) => [phoneNumber, wrong(findings)]),
        );
      expect(codes(before)).toEqual({
        [main]: [],
        [second]: ["number_present"],
        [voice]: ["number_known"],
      });
      await stage.alice.api("POST", "/api/twilio/phone-numbers/sync", within());
      expect(codes(await examine())).toEqual({ [main]: [], [voice]: ["number_sms"] });
      stage.simulator.removeNumber(voice);
    });

    it("says that the account is suspended, and what Twilio said of refused credentials", async () => {
      account().status = "suspended";
      expect(wrong((await examine()).account)).toContain("account_active");
      account().status = "active";
      account().authToken = "replaced";
      const { account: findings } = await examine();
      expect(wrong(findings)).toEqual(["auth_token"]);
      expect(findings).toContainEqual(
        expect.objectContaining({
          mend: { action: "reconnect" },
          carrierError: expect.objectContaining({ code: 20003 }),
        }),
      );
    });

    it("keeps the numbers on the page when only the key is refused", async () => {
      await connect({ apiKey });
      account().apiKeys = [];
      const report = await examine();
      expect(wrong(report.account)).toEqual(["api_key"]);
      expect(report.numbers[0].findings.length).toBeGreaterThan(0);
    });

    it("says when Twilio does not answer, and calls nothing else wrong", async () => {
      stage.simulator.injectFault({ route: "*", kind: "500", times: 2 });
      expect(wrong((await examine()).account)).toEqual(["twilio_reachable"]);
      expect((await examine()).problemCount).toBe(0);
    });

    it("says when the server's address is one that Twilio can't reach", async () => {
      const { config } = stage.context;
      const { baseUrl, twilioApiUrl } = config;
      const judge = async (address: string) => {
        Object.assign(config, { baseUrl: address, twilioApiUrl: null });
        const { account: findings } = await examine();
        return wrong(findings);
      };
      try {
        expect(await judge(baseUrl)).toEqual(["public_address"]);
        expect(await judge("http://inbox.example.com")).toEqual(["public_address"]);
        expect(await judge("https://192.168.1.20")).toEqual(["public_address"]);
        expect(await judge("https://inbox.example.com")).toEqual([]);
      } finally {
        Object.assign(config, { baseUrl, twilioApiUrl });
      }
    });

    it("shows the last text, and the last refusal with its reason, counted and not stored", async () => {
      await sql`
        update public.workspace_twilio_config set last_webhook_at = null
        where workspace_id = ${stage.workspaceId}
      `.execute(stage.test.database.kysely);
      const messages = (await rows("public.messages")).length;
      const receipts = (await rows("public.webhook_receipts")).length;
      expect(await post({ signedBy: token, as: "https://old.example.test" })).toBe(403);
      expect(await post({ signedBy: "guessed" })).toBe(403);
      const other = { AccountSid: `AC${"9".repeat(32)}` };
      expect(await post({ signedBy: token, form: other })).toBe(403);
      const silent = await fetch(`${stage.baseUrl}/api/twilio/webhook/${stage.workspaceId}`, {
        method: "POST",
        body: new URLSearchParams({ AccountSid: accountSid }),
      });
      expect(silent.status).toBe(403);
      await vi.waitFor(async () => {
        const { refused } = await examine();
        expect(refused.map((each: { reason: string }) => each.reason)).toEqual(
          expect.arrayContaining(["not_signed", "other_account", "other_address"]),
        );
      });
      const report = await examine();
      const moved = report.refused.find(
        (each: { reason: string }) => each.reason === "other_address",
      );
      expect(moved.detail).toContain("https://old.example.test");
      expect(wrong(report.account)).toEqual(["webhook_refused"]);
      expect(await rows("public.messages")).toHaveLength(messages);
      expect(await rows("public.webhook_receipts")).toHaveLength(receipts);
      expect(await post({ signedBy: token })).toBe(200);
      await vi.waitFor(async () => expect((await examine()).problemCount).toBe(0));
    });

    it("tells every browser when it finds something else than before, and only then", async () => {
      const door = <T>(work: Parameters<typeof stage.context.database.asSystem<T>>[0]) =>
        stage.context.database.asSystem<T>(work);
      const before = await countLineEvents();
      await examineLine(stage.context, door, stage.workspaceId);
      expect(await countLineEvents()).toBe(before);
      numberAt(main).smsUrl = foreignUrl;
      await examineLine(stage.context, door, stage.workspaceId);
      await examineLine(stage.context, door, stage.workspaceId);
      expect(await countLineEvents()).toBe(before + 1);
      const health = await stage.bob.api("GET", `${base()}/line`);
      expect(health.body.line).toMatchObject({ problemCount: 1 });
      const events = await rows<{ type: string; seq: string | number }>("public.workspace_events");
      expect(health.body.asOfSeq).toBe(Math.max(...events.map(({ seq }) => Number(seq))));
    });

    it("looks once an hour by itself, and finds what was changed at Twilio", async () => {
      const jobs = registerLineJobs({
        ...stage.context,
        jobs: { ...stage.context.jobs, work: () => {} },
      });
      const due = (minutes: number) =>
        sql`
          update public.workspace_twilio_config
          set examine_due_at = now() + make_interval(mins => ${minutes}), numbers_synced_at = now()
          where workspace_id = ${stage.workspaceId}
        `.execute(stage.test.database.kysely);
      const problems = async () =>
        (await stage.bob.api("GET", `${base()}/line`)).body.line.problemCount;
      numberAt(main).smsUrl = foreignUrl;
      await due(30);
      await jobs.sweep();
      expect(await problems()).toBe(0);
      await due(0);
      await jobs.sweep();
      expect(await problems()).toBe(1);
      const [config] = await rows<{ examine_due_at: Date }>("public.workspace_twilio_config");
      const nextMinutes = ((config?.examine_due_at.getTime() ?? 0) - Date.now()) / 60_000;
      expect(nextMinutes).toBeGreaterThan(30);
      expect(nextMinutes).toBeLessThanOrEqual(72);
      await jobs.close();
    });

    it("is for admins of this workspace", async () => {
      const routes: [string, string, unknown?][] = [
        ["GET", `${base()}/twilio/doctor`],
        ["GET", `${base()}/twilio/webhooks`],
        ["POST", `${base()}/twilio/webhooks`, { sids: ["PN1"] }],
        ["POST", `${base()}/twilio/webhooks/undo`, { changeId: stage.workspaceId }],
        ["PATCH", "/api/twilio/config", { ...within(), webhookType: "global" }],
        ["PUT", "/api/twilio/config/next-auth-token", { ...within(), authToken: "x" }],
      ];
      for (const [method, route, body] of routes) {
        expect((await stage.bob.api(method, route, body)).body.code, route).toBe("forbidden");
        expect((await stage.carol.api(method, route, body)).body.code, route).toBe(
          "workspace_not_found",
        );
      }
    });
  });
});

function createLocalClient({ context }: TestStage): twilio.RequestClient {
  class Local extends twilio.RequestClient {
    override async request<T>(options: Parameters<twilio.RequestClient["request"]>[0]) {
      const url = new URL(options.uri);
      const origin = await context.twilio.apiOrigin(accountSid);
      return super.request<T>({ ...options, uri: origin + url.pathname + url.search } as never);
    }
  }
  return new Local();
}
