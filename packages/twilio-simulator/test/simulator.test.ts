import twilio from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountSid, alice, authToken, bob, type Stage, setStage, shop } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const statuses = () => stage.received.map((each) => each.params.MessageStatus);
const toAlice = (body = "Your order is ready") =>
  stage.client.messages.create({
    to: alice,
    from: shop,
    body,
    statusCallback: `${stage.appUrl}/status?messageId=1`,
  });

describe("sending", () => {
  test("a message is queued, delivered, and every callback is signed", async () => {
    const message = await toAlice();
    expect(message).toMatchObject({ status: "queued", numSegments: "1", dateSent: null });
    await stage.simulator.idle();
    expect(statuses().sort()).toEqual(["delivered", "sending", "sent"]);
    for (const { signature, path, params } of stage.received) {
      expect(twilio.validateRequest(authToken, signature, stage.appUrl + path, params)).toBe(true);
    }
    expect((await stage.client.messages(message.sid).fetch()).status).toBe("delivered");
  });

  test("an unreachable handset ends undelivered with 30003", async () => {
    stage.simulator.setPhone(bob, "unreachable");
    const { sid } = await stage.client.messages.create({ to: bob, from: shop, body: "hi" });
    await stage.simulator.idle();
    const message = await stage.client.messages(sid).fetch();
    expect(message).toMatchObject({ status: "undelivered", errorCode: 30003 });
  });

  test.each([
    [{ to: "+15005550001" }, 21211],
    [{ to: "+15005550002" }, 21612],
    [{ to: "+15005550003" }, 21408],
    [{ to: "+15005550004" }, 21610],
    [{ to: "+15005550009" }, 21614],
    [{ from: "+15005550001" }, 21212],
    [{ from: "+15005550007" }, 21606],
    [{ from: "+15005550008" }, 21611],
    [{ from: bob }, 21606],
    [{ to: "" }, 21604],
    [{ from: "" }, 21603],
    [{ body: "" }, 21602],
    [{ body: "x".repeat(1601) }, 21617],
    [{ mediaUrl: Array.from({ length: 11 }, () => "https://example.com/a.png") }, 21623],
  ])("refuses %o with %i", async (change, code) => {
    const refused = stage.client.messages.create({ to: alice, from: shop, body: "hi", ...change });
    await expect(refused).rejects.toMatchObject({ status: 400, code });
  });

  test("lists page by page through the SDK", async () => {
    for (const body of ["one", "two", "three"]) await toAlice(body);
    const listed = await stage.client.messages.list({ to: alice, pageSize: 2 });
    expect(listed.map((each) => each.body)).toEqual(["three", "two", "one"]);
    expect(await stage.client.messages.list({ to: bob })).toEqual([]);
  });
});

describe("receiving", () => {
  test("alice's text arrives signed over the URL without its fragment", async () => {
    await stage.simulator.textFromPhone({ from: alice, to: shop, body: "Hello ünïcode 👋 " });
    const [webhook] = stage.received;
    expect(webhook).toMatchObject({ path: "/inbound?w=1", params: { Body: "Hello ünïcode 👋 " } });
    const url = `${stage.appUrl}/inbound?w=1`;
    const { signature = "", params = {} } = webhook ?? {};
    expect(twilio.validateRequest(authToken, signature, url, params)).toBe(true);
  });

  test("media is behind Basic auth and redirects to the CDN", async () => {
    const base64 = Buffer.from("picture").toString("base64");
    const media = [{ contentType: "image/png", base64 }];
    await stage.simulator.textFromPhone({ from: alice, to: shop, media });
    const url = stage.received[0]?.params.MediaUrl0 ?? "";
    expect(url).toMatch(/^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/AC\w+\/Messages\/MM/);
    const local = stage.simulatorUrl + new URL(url).pathname;
    expect((await fetch(local)).status).toBe(401);
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
    const hop = await fetch(local, { headers: { authorization }, redirect: "manual" });
    expect(hop.status).toBe(302);
    const picture = await fetch(hop.headers.get("location") ?? "");
    expect(await picture.text()).toBe("picture");
  });

  test("a text/plain answer is texted back, TwiML too", async () => {
    Object.assign(stage.answer, { type: "text/plain", body: "OK" });
    await stage.simulator.textFromPhone({ from: alice, to: shop, body: "hi" });
    const body = "<Response><Message>Fish &amp; chips</Message></Response>";
    Object.assign(stage.answer, { type: "text/xml", body });
    await stage.simulator.textFromPhone({ from: alice, to: shop, body: "hi" });
    const replies = stage.simulator.messages().filter((m) => m.direction === "outbound-reply");
    expect(replies.map((m) => m.body)).toEqual(["OK", "Fish & chips"]);
  });

  test("a 500 is retried as the fragment says, then the fallback is told why", async () => {
    const [number] = await stage.client.incomingPhoneNumbers.list();
    const smsFallbackUrl = `${stage.appUrl}/fallback`;
    await stage.client.incomingPhoneNumbers(number?.sid ?? "").update({ smsFallbackUrl });
    stage.answer.status = 500;
    await stage.simulator.textFromPhone({ from: alice, to: shop, body: "hi" });
    const paths = stage.received.map((each) => each.path);
    expect(paths).toEqual(["/inbound?w=1", "/inbound?w=1", "/inbound?w=1", "/fallback"]);
    expect(stage.received[3]?.params.ErrorCode).toBe("11200");
  });

  test("STOP blocks the pair until START; STOP PLEASE doesn't", async () => {
    const text = (body: string) => stage.simulator.textFromPhone({ from: alice, to: shop, body });
    await text("stop please");
    await toAlice();
    await text("Stop");
    await expect(toAlice()).rejects.toMatchObject({ status: 400, code: 21610 });
    await text("START");
    await expect(toAlice()).resolves.toMatchObject({ status: "queued" });
    const inbound = stage.received.filter((each) => each.path.startsWith("/inbound"));
    expect(inbound.map((each) => each.params.Body)).toEqual(["stop please", "Stop", "START"]);
  });
});

describe("faults", () => {
  test.each([
    ["429", { status: 429, code: 20429 }, 0],
    ["500", { status: 500, code: 20500 }, 0],
    ["accept-then-500", { status: 500 }, 1],
    ["accept-then-reset", { code: "ECONNRESET" }, 1],
  ] as const)("%s leaves what it promises", async (kind, error, accepted) => {
    stage.simulator.injectFault({ route: "messages.create", kind, times: 1 });
    await expect(toAlice()).rejects.toMatchObject(error);
    expect(stage.simulator.messages()).toHaveLength(accepted);
    await expect(toAlice()).resolves.toMatchObject({ status: "queued" });
  });

  test("malformed accepts the message and answers 201 with what isn't JSON", async () => {
    stage.simulator.injectFault({ route: "messages.create", kind: "malformed", times: 1 });
    const sent = await toAlice().catch((thrown: unknown) => thrown);
    expect(sent).not.toHaveProperty("sid", expect.stringMatching(/^SM/));
    expect(stage.simulator.messages()).toHaveLength(1);
  });

  test("a MediaUrl that can't be fetched ends failed", async () => {
    const mediaUrl = [`${stage.simulatorUrl}/nothing-here.png`];
    const { sid } = await stage.client.messages.create({ to: bob, from: shop, mediaUrl });
    expect(sid).toMatch(/^MM/);
    await stage.simulator.idle();
    expect(await stage.client.messages(sid).fetch()).toMatchObject({
      status: "failed",
      errorCode: 11200,
    });
  });

  test("callbacks can be lost, duplicated and out of order", async () => {
    stage.simulator.injectCallbackFault({ kind: "lost", times: 1 });
    stage.simulator.injectCallbackFault({ kind: "out-of-order", times: 1 });
    stage.simulator.injectCallbackFault({ kind: "duplicated", times: 1 });
    await toAlice();
    await stage.simulator.idle();
    expect(statuses()).toEqual(["delivered", "sent", "delivered"]);
  });
});

describe("credentials", () => {
  test("a wrong token is 401 20003; a standard key sends but can't read the account", async () => {
    const wrong = stage.clientWith(accountSid, "wrong").messages.list();
    await expect(wrong).rejects.toMatchObject({ status: 401, code: 20003 });
    const key = stage.clientWith(`SK${"b".repeat(32)}`, "key-secret");
    await key.messages.create({ to: alice, from: shop, body: "hi" });
    const account = key.api.v2010.accounts(accountSid).fetch();
    await expect(account).rejects.toMatchObject({ status: 401 });
    const own = await stage.client.api.v2010.accounts(accountSid).fetch();
    expect(own.status).toBe("active");
    const missing = stage.client.messages(`SM${"0".repeat(32)}`).fetch();
    await expect(missing).rejects.toMatchObject({ status: 404, code: 20404 });
  });
});

test("the control API texts as a customer, shows conversations and refuses nonsense", async () => {
  const post = (body: unknown) =>
    fetch(`${stage.simulatorUrl}/simulator/texts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect((await post({ from: alice, to: shop, body: "hi" })).status).toBe(201);
  expect((await post({ from: "nobody" })).status).toBe(400);
  const answer = await fetch(`${stage.simulatorUrl}/simulator/conversations`);
  expect(await answer.json()).toMatchObject({
    conversations: [{ number: shop, phone: alice, messages: [{ body: "hi" }] }],
  });
});
