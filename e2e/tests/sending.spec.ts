import type { FaultKind } from "@livechat/twilio-simulator";
import { type CarrierStage, openCarrier } from "../support/carrier.ts";
import { getWorkspaceId, type Person, signUp, signUpAgent } from "../support/people.ts";
import { answer, bubble, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const phone = "+12025550167";
const first = "+12025550161";
const second = "+12025550162";

let carrier: CarrierStage;
let stage: Stage;

test.beforeAll(async () => {
  carrier = await openCarrier({ [first]: "", [second]: "" });
  stage = await openStage({ TWILIO_API_BASE_URL: carrier.origin });
});

test.afterAll(async () => {
  await stage?.close();
  await carrier?.close();
});

const sent = (body: string) => carrier.simulator.messages().filter((text) => text.body === body);
/** The next request to send goes wrong in this way. */
const fail = (kind: FaultKind, part: { code?: number; status?: number } = {}) =>
  carrier.simulator.injectFault({ route: "messages.create", kind, times: 1, ...part });

test("what the carrier does to a text is seen by everyone, and mended by a click", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const alice: Person = await signUp(stage, "Alice");
  await alice.api("POST", "/api/workspaces", { name: "Lakeside Bikes" });
  const workspaceId = await getWorkspaceId(alice);
  const connected = await alice.api("PUT", "/api/twilio/config", {
    workspaceId,
    accountSid: carrier.accountSid,
    authToken: carrier.authToken,
  });
  expect(connected.status).toBe(200);
  await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  const alicePage = await openPage(browser, stage);
  const bobPage = await openPage(browser, stage);
  await signInOnScreen(alicePage, "Alice");
  await alicePage.waitForURL(/\/w\/[0-9a-f-]{36}/);

  await test.step("a conversation begins from the number that was chosen", async () => {
    await alicePage.getByRole("button", { name: "New conversation" }).first().click();
    const dialog = alicePage.getByRole("dialog");
    await dialog.getByLabel("Phone number").fill(phone);
    await dialog.getByLabel("Send from").selectOption(second);
    await dialog.getByRole("button", { name: "Start" }).click();
    await alicePage.waitForURL(/\/c\//);
    await answer(alicePage, "Your bike is ready");
    await expect(bubble(alicePage, "Your bike is ready")).toContainText("Delivered");
    expect(sent("Your bike is ready")).toMatchObject([{ from: second }]);
  });
  await signInOnScreen(bobPage, "Bob");
  await bobPage.waitForURL(/\/w\/[0-9a-f-]{36}/);
  await bobPage.goto(alicePage.url());

  await test.step("an account that is refused pauses sending, until someone tries again", async () => {
    fail("refuse", { code: 20003, status: 401 });
    await answer(alicePage, "Held back for a moment");
    for (const page of [alicePage, bobPage]) {
      await expect(page.getByText("Texts wait, and none is lost")).toBeVisible();
    }
    await expect(bubble(bobPage, "Held back for a moment")).toContainText("Waiting");
    await bobPage.getByRole("button", { name: "Try now" }).click();
    for (const page of [alicePage, bobPage]) {
      await expect(page.getByText("Texts wait, and none is lost")).toBeHidden();
      await expect(bubble(page, "Held back for a moment")).toContainText("Delivered");
    }
    expect(sent("Held back for a moment")).toHaveLength(1);
  });

  await test.step("a text in doubt is never sent twice by itself, and a person decides", async () => {
    carrier.simulator.injectCallbackFault({ kind: "lost", times: 3 });
    fail("accept-then-500");
    await answer(alicePage, "Did it go out?");
    await expect(bubble(bobPage, "Did it go out?")).toContainText("Not sure it was sent");
    await bubble(bobPage, "Did it go out?").getByRole("button", { name: "It arrived" }).click();
    await expect(bubble(alicePage, "Did it go out?")).toContainText("Sent");
    expect(sent("Did it go out?")).toHaveLength(1);

    fail("500");
    await answer(alicePage, "And this one?");
    await bubble(bobPage, "And this one?").getByRole("button", { name: "Send again" }).click();
    await expect(bubble(alicePage, "And this one?")).toContainText("Delivered");
    expect(sent("And this one?")).toHaveLength(1);
  });

  await test.step("a text that failed is sent again by a click, for everyone to see", async () => {
    carrier.simulator.setPhone(phone, "unreachable");
    await answer(alicePage, "Are you there?");
    await expect(bubble(bobPage, "Are you there?")).toContainText("Not delivered");
    carrier.simulator.setPhone(phone, "reachable");
    await bubble(bobPage, "Are you there?").getByRole("button", { name: "Retry" }).click();
    for (const page of [alicePage, bobPage]) {
      await expect(bubble(page, "Are you there?")).toContainText("Delivered");
    }
    expect(sent("Are you there?")).toHaveLength(2);
    await expect(thread(alicePage).getByText("Are you there?")).toHaveCount(1);
  });

  await test.step("an agent can say what happened, attempt by attempt", async () => {
    await thread(bobPage).getByText("Are you there?").click({ button: "right" });
    await bobPage.getByRole("menuitem", { name: "Details" }).click();
    const details = bobPage.getByRole("dialog", { name: "Details of the text" });
    const [firstTry, secondTry] = [
      details.getByRole("region", { name: "Attempt 1" }),
      details.getByRole("region", { name: "Attempt 2" }),
    ];
    const [lost, arrived] = sent("Are you there?");
    await expect(firstTry).toContainText("Error 30003");
    await expect(firstTry).toContainText("Handed to the carrier");
    await expect(firstTry).toContainText(lost?.sid ?? "no SID");
    await expect(secondTry).toContainText("Asked for again");
    await expect(secondTry.getByRole("listitem").filter({ hasText: "Delivered" })).toHaveCount(1);
    await expect(secondTry).toContainText(arrived?.sid ?? "no SID");
    await expect(details).toContainText("Written byAlice");
    await bobPage.keyboard.press("Escape");
  });

  await test.step("an admin chooses what conversations begin from", async () => {
    await alicePage.goto(`/w/${workspaceId}/settings/sending`);
    await alicePage.getByRole("button", { name: "Make default" }).click();
    await expect(
      alicePage.getByRole("listitem").filter({ hasText: "555-0162" }).getByText("Default"),
    ).toBeVisible();
  });
});
