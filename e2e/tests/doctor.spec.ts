import { workspace } from "@livechat/shared";
import type { Locator, Page } from "@playwright/test";
import { type CarrierStage, openCarrier } from "../support/carrier.ts";
import { expectAccessible } from "../support/inspect.ts";
import { listAllTexts, type Person, signUp } from "../support/people.ts";
import { openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const main = "+12025550161";
const second = "+12025550162";
const foreignUrl = "https://other.example.test/sms";
const serviceSid = `MG${"7".repeat(32)}`;

let carrier: CarrierStage;
let stage: Stage;
let alice: Person;
let workspaceId: string;
let page: Page;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  carrier = await openCarrier({ [main]: "", [second]: foreignUrl });
  stage = await openStage({ TWILIO_API_BASE_URL: carrier.origin, SIMULATOR: "false" });
  alice = await signUp(stage, "Alice");
  const opened = await alice.api("POST", "/api/workspaces", { name: "Lakeside Bikes" });
  workspaceId = workspace.parse(opened.body).id;
  page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await page.waitForURL(/\/w\//);
});

test.afterAll(async () => {
  await page?.context().close();
  await stage?.close();
  await carrier?.close();
});

test("connecting shows Twilio's own refusal, then what it will change, and takes nothing unasked", async () => {
  await page.goto(`/w/${workspaceId}/connect`);
  await page.getByLabel("Account SID").fill(carrier.accountSid);
  await page.getByLabel("Auth Token", { exact: true }).fill("mistyped");
  await page.getByRole("button", { name: "Check the connection" }).click();
  await expect(page.getByRole("alert")).toContainText("20003");
  await expect(page.getByRole("link", { name: /About error 20003/ })).toHaveAttribute(
    "href",
    "https://www.twilio.com/docs/errors/20003",
  );
  await page.getByLabel("Auth Token", { exact: true }).fill(carrier.authToken);
  await page.getByRole("button", { name: "Check the connection" }).click();

  const changes = page.getByRole("list", { name: "What will change at Twilio" });
  await expect(changes).toContainText(foreignUrl);
  await expect(changes).toContainText(`${stage.origin}/api/twilio/webhook/${workspaceId}`);
  expect([carrier.number(main).smsUrl, carrier.number(second).smsUrl]).toEqual(["", foreignUrl]);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.waitForURL(new RegExp(`/w/${workspaceId}$`));
  expect(carrier.number(main).smsUrl).toContain(workspaceId);
  expect(carrier.number(second).smsUrl).toBe(foreignUrl);
});

test("a number that posts elsewhere is taken over by a click and a word, and given back", async () => {
  await page.goto(`/w/${workspaceId}/settings/twilio`);
  await expect(summary()).toHaveText("One thing needs attention");
  await expect(finding("number_webhook", "error")).toContainText(foreignUrl);
  await finding("number_webhook", "error")
    .getByRole("button", { name: /^Fix it/ })
    .click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText(foreignUrl);
  await dialog.getByRole("button", { name: "Take over" }).click();
  await expect(summary()).toHaveText("Everything is in order");
  expect(carrier.number(second).smsUrl).toContain(workspaceId);

  await page
    .getByRole("button", { name: /^Undo the change of/ })
    .first()
    .click();
  await expect(summary()).toHaveText("One thing needs attention");
  expect(carrier.number(second).smsUrl).toBe(foreignUrl);
  carrier.simulator.removeNumber(second);
  await examine();
  await finding("number_present", "error").getByRole("button").click();
  await expect(summary()).toHaveText("Everything is in order");
});

const wounds: [string, () => void, string][] = [
  ["no webhook", () => Object.assign(carrier.number(main), { smsUrl: "" }), "number_webhook"],
  ["GET", () => Object.assign(carrier.number(main), { smsMethod: "GET" }), "number_method"],
  [
    "a TwiML application in the way",
    () => Object.assign(carrier.number(main), { smsApplicationSid: `AP${"1".repeat(32)}` }),
    "number_application",
  ],
  [
    "no fallback",
    () => Object.assign(carrier.number(main), { smsFallbackUrl: "" }),
    "number_fallback",
  ],
  [
    "a service that drops what comes in",
    () => {
      carrier.simulator.account(carrier.accountSid)?.services.set(serviceSid, {
        sid: serviceSid,
        friendlyName: "Support team",
        numbers: [main],
        inboundRequestUrl: null,
        inboundMethod: "POST",
        fallbackUrl: null,
        fallbackMethod: "POST",
        statusCallback: null,
        useInboundWebhookOnNumber: false,
        dateCreated: new Date(),
        dateUpdated: new Date(),
      });
    },
    "service_inbound",
  ],
];

for (const [name, spoil, code] of wounds) {
  test(`${name}: found, mended by a click, and a text arrives`, async () => {
    spoil();
    await examine();
    await expect(summary()).toHaveText("One thing needs attention");
    const wound = finding(code);
    await wound.getByRole("button", { name: /^Fix it/ }).click();
    const dialog = page.getByRole("alertdialog");
    if (code === "number_application") {
      await dialog.getByRole("button", { name: "Take over" }).click();
    }
    await expect(summary()).toHaveText("Everything is in order");
    await expect(dialog).toHaveCount(0);
    await carrier.simulator.textFromPhone({
      from: "+12025550143",
      to: main,
      body: `After ${name}`,
    });
    await expect
      .poll(async () => {
        const threads = await listAllTexts(alice, workspaceId);
        return threads.flatMap(({ texts }) => texts.map(({ content }) => content));
      })
      .toContain(`After ${name}`);
  });
}

test("what an examination finds shows on an open screen, and a token that was replaced is entered again", async () => {
  const account = carrier.simulator.account(carrier.accountSid);
  if (account) account.authToken = "another-auth-token";
  const found = await alice.api("GET", `/api/workspaces/${workspaceId}/twilio/doctor`);
  expect(found.status).toBe(200);
  await expect(summary()).toHaveText("One thing needs attention");
  await expect(page.getByRole("link", { name: /needs attention/ })).toBeVisible();
  await expect(finding("auth_token", "error")).toContainText("20003");
  await finding("auth_token", "error").getByRole("button").click();
  await page.getByLabel("Auth Token", { exact: true }).fill("another-auth-token");
  await page.getByRole("button", { name: "Check the connection" }).click();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(summary()).toHaveText("Everything is in order");
});

test("the doctor has no accessibility fault, in light and dark, wide and narrow", async () => {
  test.setTimeout(180_000);
  carrier.number(main).smsFallbackUrl = "";
  if (account()) account()?.apiKeys.splice(0);
  await examine();
  await expect(summary()).toHaveText("One thing needs attention");
  for (const width of [1440, 834, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page, "doctor with findings");
  }
});

function account() {
  return carrier.simulator.account(carrier.accountSid);
}

function summary(): Locator {
  return page
    .getByRole("region", { name: "Doctor" })
    .getByRole("status")
    .filter({ hasText: /in order|attention/ });
}

function finding(code: string, severity?: string): Locator {
  const which = severity ? `[data-severity="${severity}"]` : "";
  return page.locator(`[data-finding="${code}"]${which}`);
}

async function examine(): Promise<void> {
  await page.getByRole("button", { name: "Examine again" }).click();
}
