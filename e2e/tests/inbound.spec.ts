import { createHmac } from "node:crypto";
import { workspace } from "@livechat/shared";
import { openCarrier } from "../support/carrier.ts";
import {
  listPhoneTexts,
  openWorkspace,
  type Person,
  signUp,
  signUpAgent,
  textFromPhone,
} from "../support/people.ts";
import { answer, bubble, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

let stage: Stage;
let alice: Person;
let workspaceId: string;
const customer = "+12025550131";
const landline = "+15005550009";

test.beforeAll(async () => {
  test.setTimeout(120_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  await textFromPhone(alice, workspaceId, { from: customer, body: "Can I come at nine?" });
  await textFromPhone(alice, workspaceId, { from: landline, body: "Call me back" });
});

test.afterAll(async () => {
  await stage?.close();
});

test("a tapback shows on the text that it quotes, for two agents at once, and raises nothing", async ({
  browser,
}) => {
  const [hers, his] = [await openPage(browser, stage), await openPage(browser, stage)];
  await signInOnScreen(hers, "Alice");
  await conversationRow(hers, /0131/).click();
  await answer(hers, "Yes, see you at nine!");
  await signInOnScreen(his, "Bob");
  await conversationRow(his, /0131/).click();
  await expect(bubble(his, "Yes, see you at nine!")).toBeVisible();

  const react = (body: string) => textFromPhone(alice, workspaceId, { from: customer, body });
  await react("Loved “Yes, see you at nine!”");
  for (const page of [hers, his]) {
    const badge = bubble(page, "Yes, see you at nine!").getByRole("img", {
      name: "The customer reacted with ❤️",
    });
    await expect(badge).toBeVisible();
    await expect(bubble(page, "Loved")).toHaveCount(0);
  }
  await his.reload();
  await expect(
    bubble(his, "Yes, see you at nine!").getByRole("img", { name: /reacted with/ }),
  ).toBeVisible();
  await react("Removed a heart from “Yes, see you at nine!”");
  for (const page of [hers, his]) {
    await expect(page.getByRole("img", { name: /reacted with/ })).toHaveCount(0);
  }
});

test("a text that failed says why, and more on request", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Bob");
  await conversationRow(page, /0009/).click();
  await answer(page, "We'll call you at ten");
  const failed = bubble(page, "We'll call you at ten");
  await expect(failed.getByText(/not a mobile number/)).toBeVisible();
  const why = failed.getByRole("button", { name: "Why?" });
  await why.focus();
  await page.keyboard.press("Enter");
  await expect(failed.getByText(/landline/)).toBeVisible();
  await expect(failed.getByRole("link", { name: /Error 21614 at Twilio/ })).toHaveAttribute(
    "href",
    "https://www.twilio.com/docs/errors/21614",
  );
});

test("an agent marks an opt-out and takes it back; a STOP only the customer takes back", async ({
  browser,
}) => {
  const [hers, his] = [await openPage(browser, stage), await openPage(browser, stage)];
  for (const [page, name] of [
    [hers, "Alice"],
    [his, "Bob"],
  ] as const) {
    await signInOnScreen(page, name);
    await conversationRow(page, /0131/).click();
    await page.getByRole("button", { name: "Contact details" }).click();
  }
  const consent = (page: typeof hers) => page.getByRole("region", { name: "Texting consent" });
  await consent(his).getByRole("button", { name: "Mark as opted out…" }).click();
  await consent(his).getByLabel("What did they say? (optional)").fill("please leave me alone");
  await consent(his).getByRole("button", { name: "Mark as opted out", exact: true }).click();
  for (const page of [hers, his]) {
    await expect(consent(page).getByText("Opted out", { exact: true }).first()).toBeVisible();
  }
  await consent(hers).getByRole("button", { name: "Record of consent" }).click();
  await expect(consent(hers).getByText("please leave me alone")).toBeVisible();
  await expect(consent(hers).getByText(/by Bob/)).toBeVisible();

  await consent(hers).getByRole("button", { name: "Take the mark back…" }).click();
  await consent(hers).getByRole("button", { name: "Take back", exact: true }).click();
  for (const page of [hers, his]) await expect(consent(page).getByText("Allowed")).toBeVisible();

  await textFromPhone(alice, workspaceId, { from: customer, body: "STOP" });
  await expect(consent(his).getByText("Opted out", { exact: true }).first()).toBeVisible();
  await expect(consent(hers).getByText("STOP")).toBeVisible();
  await expect(consent(hers).getByRole("button", { name: "Take the mark back…" })).toHaveCount(0);
  await textFromPhone(alice, workspaceId, { from: customer, body: "START" });
  await expect(consent(his).getByText("Allowed")).toBeVisible();
  const { messages } = await listPhoneTexts(alice, workspaceId);
  const ours = messages.filter(({ fromPhone, body }) => !fromPhone && /unsubscribed/.test(body));
  expect(ours).toHaveLength(1);
});

test("the quarantine is an admin's page, and says when nothing waits", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await page.getByRole("link", { name: /^Settings/ }).click();
  await page.getByRole("link", { name: "Quarantine" }).click();
  await expect(page.getByText("Everything was understood")).toBeVisible();
  const his = await openPage(browser, stage);
  await signInOnScreen(his, "Bob");
  await his.goto(`/w/${workspaceId}/settings/quarantine`);
  await expect(his.getByText("Everything was understood")).toHaveCount(0);
  await expect(his.getByRole("link", { name: "Quarantine" })).toHaveCount(0);
});

test("a signed post that can't be read appears live, with a badge, and is set aside", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const carrier = await openCarrier({ "+12025550188": "" });
  const own = await openStage({ TWILIO_API_BASE_URL: carrier.origin, SIMULATOR: "false" });
  try {
    const carol = await signUp(own, "Carol");
    const made = await carol.api("POST", "/api/workspaces", { name: "Bakery" });
    const { id } = workspace.parse(made.body);
    const { accountSid, authToken } = carrier;
    const connected = await carol.api("PUT", "/api/twilio/config", {
      workspaceId: id,
      accountSid,
      authToken,
    });
    expect(connected.status).toBe(200);
    const page = await openPage(browser, own);
    await signInOnScreen(page, "Carol");
    await page.getByRole("link", { name: /^Settings/ }).click();
    await page.getByRole("link", { name: /^Quarantine/ }).click();
    await expect(page.getByText("Everything was understood")).toBeVisible();

    const url = `${own.origin}/api/twilio/webhook/${id}`;
    const form: Record<string, string> = {
      AccountSid: accountSid,
      Body: "Do you bake rye bread?",
      From: "+12025550199",
      MessageSid: "unheard of",
      To: "+12025550188",
    };
    const post = async (fields: Record<string, string>) => {
      const signed = Object.keys(fields)
        .sort()
        .reduce((text, name) => text + name + fields[name], url);
      const signature = createHmac("sha1", authToken).update(signed).digest("base64");
      const answered = await fetch(url, {
        method: "POST",
        headers: { "X-Twilio-Signature": signature },
        body: new URLSearchParams(fields),
      });
      expect(answered.status).toBe(200);
    };
    await post(form);
    await expect(page.getByText("A text from (202) 555-0199")).toBeVisible();
    const badge = page.getByRole("img", { name: "1 in quarantine" }).first();
    await expect(badge).toBeVisible();
    await page.getByRole("button", { name: "As it came" }).click();
    await expect(page.getByText("unheard of")).toBeVisible();
    await page.getByRole("button", { name: "Try again: A text from (202) 555-0199" }).click();
    await expect(page.getByText(/Tried again once/)).toBeVisible();
    await page.getByRole("button", { name: "Set aside: A text from (202) 555-0199" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Set aside" }).click();
    await expect(page.getByText("Everything was understood")).toBeVisible();
    await expect(page.getByRole("img", { name: /in quarantine/ })).toHaveCount(0);

    await test.step("a file that is lost is asked for again by a click", async () => {
      const picture: Record<string, string> = {
        AccountSid: accountSid,
        Body: "Our oven",
        From: "+12025550199",
        // Not an address of the carrier's: such a file is never fetched.
        MediaContentType0: "image/jpeg",
        MediaUrl0: "https://pictures.example/oven.jpg",
        MessageSid: `MM${"7".repeat(32)}`,
        NumMedia: "1",
        To: "+12025550188",
      };
      await post(picture);
      await page.goto(`${own.origin}/w/${id}`);
      await conversationRow(page, /0199/).click();
      const lost = bubble(page, "Our oven");
      await expect(lost).toContainText("This file could not be fetched from the carrier.");
      const asked = page.waitForResponse(/\/media\/[0-9a-f-]+\/retry$/);
      await lost.getByRole("button", { name: "Try again" }).click();
      expect((await asked).status()).toBeLessThan(300);
      await expect(lost.getByRole("button", { name: "Try again" })).toBeEnabled();
      await expect(lost).toContainText("This file could not be fetched from the carrier.");
    });
  } finally {
    await own.close();
    await carrier.close();
  }
});
