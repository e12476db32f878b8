import { readFile } from "node:fs/promises";
import path from "node:path";
import { parsePhoneNumber } from "@livechat/shared";
import { sql } from "kysely";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startSimulator } from "../src/simulator/start-simulator.ts";
import { classifySendFailure } from "../src/twilio/classify-send-failure.ts";
import { createTwilioGateway } from "../src/twilio/twilio-client.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("connecting Twilio on %s", (kind) => {
  let stage: TestStage;
  const company = { accountSid: `AC${"a".repeat(32)}`, authToken: "company-secret-token" };
  const free = "+12025550170";
  const foreign = "+12025550171";

  beforeAll(async () => {
    stage = await setTestStage(kind);
    // A company's account, which this gateway takes to the simulator like those it opens itself.
    stage.simulator.addAccount({
      sid: company.accountSid,
      authToken: company.authToken,
      friendlyName: "Bakery Ltd",
      numbers: [
        { phoneNumber: free, smsUrl: "https://demo.twilio.com/welcome/sms/reply" },
        { phoneNumber: foreign, smsUrl: "https://other.example.test/sms" },
      ],
    });
    const origin = await stage.context.twilio.apiOrigin(
      (await stage.alice.api("POST", "/api/twilio/config/simulator", within())).body.accountSid,
    );
    Object.assign(
      stage.context.twilio,
      createTwilioGateway({ simulatorOrigin: origin, isSimulated: () => true }),
    );
  });
  afterAll(() => stage?.close());

  const within = () => ({ workspaceId: stage.workspaceId });
  const numberAt = (phoneNumber: string) =>
    stage.simulator.numbers().find((number) => number.phoneNumber === phoneNumber);

  async function rows(table: string): Promise<unknown[]> {
    const found = await sql`
      select * from ${sql.table(table)} where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    return found.rows;
  }

  it("to the simulator gives two valid numbers, and a phone that talks both ways", async () => {
    const { body } = await stage.bob.api(
      "GET",
      `/api/twilio/config?workspaceId=${stage.workspaceId}`,
    );
    expect(body).toMatchObject({ isConfigured: true, isSimulated: true });
    const numbers: string[] = body.numbers.map((each: { phoneNumber: string }) => each.phoneNumber);
    expect(numbers).toHaveLength(2);
    expect(numbers.every((number) => parsePhoneNumber(number) === number)).toBe(true);
    for (const number of body.numbers) expect(number.smsUrl).toBe(number.expectedSmsUrl);

    const texts = `/api/workspaces/${stage.workspaceId}/simulator/texts`;
    const picture = { contentType: "image/png", base64: Buffer.from("picture").toString("base64") };
    const sent = await stage.bob.api("POST", texts, {
      from: "+14155550123",
      to: numbers[0],
      body: "Are you open?",
      media: [picture],
    });
    expect(sent.status).toBe(201);
    const { rows: contacts } = await sql<{ id: string; unread_count: number }>`
      select id, unread_count from public.contacts where phone_number = '+14155550123'
    `.execute(stage.test.database.kysely);
    expect(contacts).toMatchObject([{ unread_count: 1 }]);
    const { rows: jobs } = await sql`
      select 1 from pgboss.job where name = 'fetch_media'
    `.execute(stage.test.database.kysely);
    expect(jobs).toHaveLength(1);
    await stage.bob.api("POST", "/api/sms/send-sms", {
      ...within(),
      contactId: contacts[0]?.id,
      message: "Until six!",
    });
    await vi.waitFor(async () => {
      const state = await stage.bob.api("GET", `/api/workspaces/${stage.workspaceId}/simulator`);
      expect(state.body).toMatchObject({
        numbers,
        messages: [
          {
            fromPhone: true,
            body: "Are you open?",
            media: [{ url: `data:image/png;base64,${picture.base64}` }],
          },
          { fromPhone: false, phone: "+14155550123", body: "Until six!", status: "delivered" },
        ],
      });
    });
  });

  it("shows the simulated phones to members only, and texts only their own numbers", async () => {
    const state = `/api/workspaces/${stage.workspaceId}/simulator`;
    expect((await stage.carol.api("GET", state)).body.code).toBe("workspace_not_found");
    const own = { workspaceId: stage.carolsWorkspaceId };
    const carols = await stage.carol.api("POST", "/api/twilio/config/simulator", own);
    const foreignText = { from: "+14155550124", to: carols.body.numbers[0].phoneNumber, body: "x" };
    expect((await stage.bob.api("POST", `${state}/texts`, foreignText)).body.code).toBe(
      "not_found",
    );
    const inCarols = await stage.carol.api(
      "GET",
      `/api/workspaces/${stage.carolsWorkspaceId}/simulator`,
    );
    expect(inCarols.body.messages).toEqual([]);
  });

  it("keeps the transcript and the accounts over a restart", async () => {
    await vi.waitFor(
      async () => {
        const file = await readFile(path.join(stage.dataFolder, "simulator.json"), "utf8");
        expect(file).toContain("Until six!");
        expect(file).not.toContain("authToken");
      },
      { timeout: 5_000 },
    );
    const again = await startSimulator(stage.context, { statusDelayMs: 5 });
    expect(again.simulator.messages().map(({ body }) => body)).toEqual(
      stage.simulator.messages().map(({ body }) => body),
    );
    const before = stage.simulator
      .numbers()
      .filter(({ accountSid }) => again.isSimulated(accountSid));
    expect(
      again.simulator.numbers().map(({ phoneNumber, smsUrl }) => [phoneNumber, smsUrl]),
    ).toEqual(
      expect.arrayContaining(before.map(({ phoneNumber, smsUrl }) => [phoneNumber, smsUrl])),
    );
    await again.close();
  });

  it("is tested without saving anything", async () => {
    const before = await rows("public.workspace_twilio_config");
    const { status, body } = await stage.alice.api("POST", "/api/twilio/test-connection", {
      ...within(),
      ...company,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accountName: "Bakery Ltd", accountStatus: "active" });
    expect(body.numbers).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain(company.authToken);
    expect(await rows("public.workspace_twilio_config")).toEqual(before);
  });

  it("is refused to wrong credentials, agents and strangers, and then changes nothing", async () => {
    const before = [
      await rows("public.workspace_twilio_config"),
      await rows("public.twilio_numbers"),
    ];
    const put = (person: TestStage["bob"], part: Record<string, string> = {}) =>
      person.api("PUT", "/api/twilio/config", { ...within(), ...company, ...part });
    expect((await put(stage.alice, { authToken: "wrong" })).body.code).toBe(
      "twilio_credentials_refused",
    );
    expect((await put(stage.alice, { accountSid: "AC1" })).body.code).toBe("invalid_request");
    expect((await put(stage.bob)).body.code).toBe("forbidden");
    expect((await put(stage.carol)).body.code).toBe("workspace_not_found");
    stage.simulator.injectFault({ route: "accounts.get", kind: "500", times: 1 });
    expect((await put(stage.alice)).body.code).toBe("twilio_unreachable");
    expect([
      await rows("public.workspace_twilio_config"),
      await rows("public.twilio_numbers"),
    ]).toEqual(before);
  });

  it("saves, replaces the numbers, and leaves foreign addresses alone until told", async () => {
    const connected = await stage.alice.api("PUT", "/api/twilio/config", {
      ...within(),
      ...company,
    });
    expect(connected).toMatchObject({
      status: 200,
      body: { accountSid: company.accountSid, authTokenLast4: "oken", isSimulated: false },
    });
    expect(JSON.stringify(connected.body)).not.toContain(company.authToken);
    expect(await rows("public.twilio_numbers")).toHaveLength(2);
    expect(numberAt(free)?.smsUrl).toContain(`/api/twilio/webhook/${stage.workspaceId}#rc=`);
    expect(numberAt(foreign)?.smsUrl).toBe("https://other.example.test/sms");

    await stage.alice.api("PUT", "/api/twilio/config", {
      ...within(),
      ...company,
      takeOver: [numberAt(foreign)?.sid],
    });
    expect(numberAt(foreign)?.smsUrl).toBe(numberAt(free)?.smsUrl);
    expect(await rows("public.audit_log")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: "twilio.connected", target: company.accountSid }),
      ]),
    );
  });

  it("keeps the token sealed", async () => {
    const secrets = await sql<{ ciphertext: Uint8Array }>`
      select ciphertext from private.workspace_secrets
    `.execute(stage.test.database.kysely);
    expect(secrets.rows.length).toBeGreaterThan(0);
    for (const { ciphertext } of secrets.rows) {
      expect(Buffer.from(ciphertext).toString()).not.toContain(company.authToken);
    }
    for (const table of ["public.audit_log", "public.workspace_twilio_config"]) {
      expect(JSON.stringify(await rows(table))).not.toContain(company.authToken);
    }
  });

  it("reads the numbers again on demand", async () => {
    stage.simulator.addAccount({
      sid: company.accountSid,
      authToken: company.authToken,
      numbers: [{ phoneNumber: "+12025550172" }],
    });
    const { body } = await stage.alice.api("POST", "/api/twilio/phone-numbers/sync", within());
    expect(body.items.map((each: { phoneNumber: string }) => each.phoneNumber)).toContain(
      "+12025550172",
    );
    const listed = await stage.bob.api(
      "GET",
      `/api/twilio/phone-numbers?workspaceId=${stage.workspaceId}`,
    );
    expect(listed.body).toEqual(body);
    expect(
      (await stage.bob.api("POST", "/api/twilio/phone-numbers/sync", within())).body.code,
    ).toBe("forbidden");
  });

  it("lets the webhook without a workspace find the one whose account signed", async () => {
    const url = `${stage.baseUrl}/api/twilio/webhook`;
    const post = async (token: string, accountSid: string, sid: string) => {
      const form = {
        AccountSid: accountSid,
        MessageSid: `SM${sid.repeat(32)}`,
        From: "+14155550199",
        To: free,
        Body: "hi",
      };
      const response = await fetch(url, {
        method: "POST",
        headers: { "X-Twilio-Signature": twilio.getExpectedTwilioSignature(token, url, form) },
        body: new URLSearchParams(form),
      });
      return response.status;
    };
    expect(await post(company.authToken, company.accountSid, "1")).toBe(200);
    expect(await post("guessed", company.accountSid, "2")).toBe(403);
    expect(await post(company.authToken, `AC${"d".repeat(32)}`, "3")).toBe(403);
    const found = await sql<{ workspace_id: string }>`
      select workspace_id from public.messages where from_number = '+14155550199'
    `.execute(stage.test.database.kysely);
    expect(found.rows).toEqual([{ workspace_id: stage.workspaceId }]);
  });
});

describe("what becomes of an attempt that failed", () => {
  it.each([
    [{ status: 429, code: 20429 }, "refused"],
    [{ status: 400, code: 21611 }, "refused"],
    [{ code: "ECONNREFUSED" }, "refused"],
    [{ code: "ENOTFOUND" }, "refused"],
    [{ code: "EAI_AGAIN" }, "refused"],
    [{ code: "ECONNABORTED" }, "unknown"],
    [{ code: "ETIMEDOUT" }, "unknown"],
    [{ code: "ECONNRESET" }, "unknown"],
    [{ status: 500, code: 20500 }, "unknown"],
    [{ status: 502 }, "unknown"],
    [{ status: 408 }, "unknown"],
    [{ status: 302 }, "unknown"],
    [new SyntaxError("Unexpected token <"), "unknown"],
    [undefined, "unknown"],
    [{ status: 400, code: 21610 }, "rejected"],
    [{ status: 401, code: 20003 }, "account_refused"],
    [{ status: 404 }, "rejected"],
  ])("%o is %s", (error, outcome) => {
    expect(classifySendFailure(error).outcome).toBe(outcome);
  });

  it("never tells the token", async () => {
    const gateway = createTwilioGateway({
      simulatorOrigin: "http://127.0.0.1:1",
      isSimulated: () => true,
    });
    const credentials = { accountSid: `AC${"a".repeat(32)}`, authToken: "top-secret" };
    const basic = Buffer.from(`${credentials.accountSid}:top-secret`).toString("base64");
    const refused = await gateway.getAccount(credentials).catch((error: unknown) => error);
    const { inspect } = await import("node:util");
    const shown = inspect(refused, { depth: 10, showHidden: true });
    expect(shown).toContain("twilio_unreachable");
    expect(shown).not.toContain("top-secret");
    expect(shown).not.toContain(basic);
  });
});
