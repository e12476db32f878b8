import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountSid, alice, authToken, type Stage, setStage, shop } from "./stage.ts";

const serviceSid = `MG${"c".repeat(32)}`;

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const account = () => {
  const found = stage.simulator.account(accountSid);
  if (!found) throw new Error("There is no account.");
  return found;
};
const number = () => {
  const found = stage.simulator.numbers().find(({ phoneNumber }) => phoneNumber === shop);
  if (!found) throw new Error("There is no number.");
  return found;
};
function openService(part: Record<string, unknown> = {}): void {
  stage.simulator.addAccount({
    sid: accountSid,
    authToken,
    services: { [serviceSid]: { friendlyName: "Support", numbers: [shop], ...part } },
  });
}
const text = () => stage.simulator.textFromPhone({ from: alice, to: shop, body: "hi" });

describe("a Messaging Service", () => {
  test("is listed and changed through the SDK, page by page", async () => {
    const other = `MG${"d".repeat(32)}`;
    stage.simulator.addAccount({
      sid: accountSid,
      authToken,
      services: { [serviceSid]: { numbers: [shop] }, [other]: {} },
    });
    const { services } = stage.client.messaging.v1;
    const listed = await services.list({ pageSize: 1 });
    expect(listed.map(({ sid }) => sid)).toEqual([serviceSid, other]);
    expect(listed[0]).toMatchObject({ inboundRequestUrl: null, useInboundWebhookOnNumber: false });
    const members = await services(serviceSid).phoneNumbers.list();
    expect(members).toMatchObject([{ sid: number().sid, phoneNumber: shop }]);
    const url = "https://inbox.example.test/x#rc=3";
    const updated = await services(serviceSid).update({ inboundRequestUrl: url });
    expect(updated.inboundRequestUrl).toBe(url);
    await expect(services(`MG${"0".repeat(32)}`).fetch()).rejects.toMatchObject({ code: 20404 });
  });

  test("posts to its own address, and says which service it was", async () => {
    openService({ inboundRequestUrl: `${stage.appUrl}/service` });
    await text();
    expect(stage.received).toMatchObject([
      { path: "/service", params: { MessagingServiceSid: serviceSid, To: shop } },
    ]);
  });

  test("without an address takes nothing in, and does not even list it", async () => {
    openService();
    await text();
    expect(stage.received).toEqual([]);
    expect(await stage.client.messages.list({ to: shop })).toEqual([]);
  });

  test("may leave it to the number's own webhook", async () => {
    openService({ useInboundWebhookOnNumber: true });
    await text();
    expect(stage.received).toMatchObject([
      { path: "/inbound?w=1", params: { MessagingServiceSid: serviceSid } },
    ]);
  });
});

describe("what overrides a number's webhook", () => {
  test("an application takes the text, and the number's address gets none", async () => {
    await stage.client
      .incomingPhoneNumbers(number().sid)
      .update({ smsApplicationSid: `AP${"e".repeat(32)}` });
    await text();
    expect(stage.received).toEqual([]);
    expect(await stage.client.messages.list({ to: shop })).toHaveLength(1);
    await stage.client.incomingPhoneNumbers(number().sid).update({ smsApplicationSid: "" });
    await text();
    expect(stage.received).toHaveLength(1);
  });

  test("a released number is gone from the list and from its service", async () => {
    openService({ inboundRequestUrl: `${stage.appUrl}/service` });
    stage.simulator.removeNumber(shop);
    expect(await stage.client.incomingPhoneNumbers.list()).toEqual([]);
    expect(await stage.client.messaging.v1.services(serviceSid).phoneNumbers.list()).toEqual([]);
    await expect(text()).rejects.toMatchObject({ code: 20404 });
  });
});

describe("credentials", () => {
  test("a standard key sends and lists, and reads neither the account nor its tokens", async () => {
    const key = stage.clientWith(`SK${"b".repeat(32)}`, "key-secret");
    expect(await key.incomingPhoneNumbers.list()).toHaveLength(1);
    expect(await key.messaging.v1.services.list()).toEqual([]);
    const refused = { status: 401, code: 20003 };
    await expect(key.api.v2010.accounts(accountSid).fetch()).rejects.toMatchObject(refused);
    await expect(key.accounts.v1.secondaryAuthToken().create()).rejects.toMatchObject(refused);
  });

  test("an account that is suspended shows itself and does nothing more", async () => {
    account().status = "suspended";
    const shown = await stage.client.api.v2010.accounts(accountSid).fetch();
    expect(shown.status).toBe("suspended");
    await expect(stage.client.incomingPhoneNumbers.list()).rejects.toMatchObject({ code: 20005 });
  });

  test("a second token opens the API at once, and signs only after it was promoted", async () => {
    const { secondaryAuthToken } = await stage.client.accounts.v1.secondaryAuthToken().create();
    const next = stage.clientWith(accountSid, secondaryAuthToken);
    expect(await next.incomingPhoneNumbers.list()).toHaveLength(1);
    const signatureOf = async () => {
      await text();
      return stage.received.at(-1)?.signature ?? "";
    };
    const { default: twilio } = await import("twilio");
    const isBy = (token: string, signature: string) =>
      twilio.validateRequest(
        token,
        signature,
        `${stage.appUrl}/inbound?w=1`,
        stage.received.at(-1)?.params ?? {},
      );
    const before = await signatureOf();
    expect([isBy(authToken, before), isBy(secondaryAuthToken, before)]).toEqual([true, false]);
    await next.accounts.v1.authTokenPromotion().update();
    const after = await signatureOf();
    expect([isBy(authToken, after), isBy(secondaryAuthToken, after)]).toEqual([false, true]);
    await expect(stage.client.incomingPhoneNumbers.list()).rejects.toMatchObject({ code: 20003 });
  });
});
