import type { Page } from "@playwright/test";
import {
  getWorkspaceId,
  inviteAgent,
  listAllTexts,
  listPhoneTexts,
  openWorkspace,
  type Person,
  signIn,
  signUp,
  textFromPhone,
} from "../support/people.ts";
import { buildPicture } from "../support/picture.ts";
import {
  answer,
  bubble,
  conversationRow,
  openPage,
  setUpWorkspaceOnScreen,
  signUpOnScreen,
  thread,
} from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const phone = "+12025550143";
const phoneOnScreen = /202.*555.*0143/;

let stage: Stage;

test.beforeAll(async () => {
  // The first start is part of the journey.
  stage = await openStage({}, { isFirstStart: true });
});

test.afterAll(async () => {
  await stage?.close();
});

test("a customer's text is answered, seen by a colleague, and survives a restart", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const alicePage = await openPage(browser, stage);
  let alice: Person;
  let workspaceId: string;

  await test.step("alice makes the owner's account and picks the simulator", async () => {
    await alicePage.goto("/");
    await signUpOnScreen(alicePage, "Alice");
    await setUpWorkspaceOnScreen(alicePage, "Lakeside Bikes");
    await alicePage.goto("/");
    await alicePage.waitForURL(/\/w\/[0-9a-f-]{36}/);
  });
  alice = await signIn(stage, "Alice");
  workspaceId = await getWorkspaceId(alice);
  await alicePage.goto(`/w/${workspaceId}`);

  await test.step("a text appears without a reload, with its unread badge and a toast", async () => {
    await expect(alicePage.getByRole("heading", { name: "No conversations yet" })).toBeVisible();
    await textFromPhone(alice, workspaceId, { from: phone, body: "Is my bike ready?" });
    const row = conversationRow(alicePage, phoneOnScreen);
    await expect(row).toBeVisible();
    await expect(row).toContainText("Is my bike ready?");
    await expect(row).toContainText("1 unread");
    await expect(
      alicePage.getByRole("status").filter({ hasText: "Is my bike ready?" }),
    ).toBeVisible();
  });

  await test.step("alice answers and sees it delivered", async () => {
    await conversationRow(alicePage, phoneOnScreen).click();
    await expect(bubble(alicePage, "Is my bike ready?")).toBeVisible();
    await answer(alicePage, "Yes, come by until six.");
    await expect(bubble(alicePage, "Yes, come by until six.")).toContainText("Delivered");
    const onPhone = (await listPhoneTexts(alice, workspaceId)).messages;
    expect(onPhone.filter((text) => text.body === "Yes, come by until six.")).toHaveLength(1);
  });

  const token = await inviteAgent(alice, workspaceId);
  const bobPage = await openPage(browser, stage);
  await test.step("bob joins by the link and sees all of it", async () => {
    await bobPage.goto(`/invite/${token}`);
    await signUpOnScreen(bobPage, "Bob");
    await bobPage.waitForURL(/\/w\/[0-9a-f-]{36}/);
    await conversationRow(bobPage, phoneOnScreen).click();
    await expect(bubble(bobPage, "Is my bike ready?")).toBeVisible();
    await expect(bubble(bobPage, "Yes, come by until six.")).toContainText("Delivered");
  });

  await test.step("what bob writes appears on alice's screen", async () => {
    await answer(bobPage, "Bob here: the key is under the mat.");
    await expect(bubble(alicePage, "Bob here: the key is under the mat.")).toBeVisible();
  });

  await test.step("a picture comes in, and one goes out", async () => {
    const picture = buildPicture();
    await textFromPhone(alice, workspaceId, {
      from: phone,
      body: "Is this the one?",
      media: [{ contentType: "image/png", base64: picture.toString("base64") }],
    });
    for (const page of [alicePage, bobPage]) {
      await expectPicture(page, "Is this the one?");
    }
    await alicePage
      .locator('input[type="file"]')
      .setInputFiles({ name: "bike.png", mimeType: "image/png", buffer: picture });
    await expect(
      alicePage
        .getByText("bike.png")
        .or(alicePage.getByAltText(/bike\.png/))
        .first(),
    ).toBeVisible();
    await answer(alicePage, "No, this one.");
    for (const page of [alicePage, bobPage]) await expectPicture(page, "No, this one.");
    await expect(bubble(alicePage, "No, this one.")).toContainText("Delivered");
    const sent = (await listPhoneTexts(alice, workspaceId)).messages.find(
      (text) => text.body === "No, this one.",
    );
    expect(sent?.media).toHaveLength(1);
  });

  await test.step("the server is restarted: both screens come back, nothing is missing", async () => {
    const before = await listAllTexts(alice, workspaceId);
    await stage.stop("SIGTERM");
    await stage.start();
    expect(await listAllTexts(alice, workspaceId)).toEqual(before);
    await textFromPhone(alice, workspaceId, { from: phone, body: "Thanks, on my way." });
    for (const page of [alicePage, bobPage]) {
      await expect(bubble(page, "Thanks, on my way.")).toBeVisible({ timeout: 30_000 });
      await expect(bubble(page, "Thanks, on my way.")).toHaveCount(1);
      await expect(bubble(page, "Is my bike ready?")).toHaveCount(1);
    }
    await alicePage.reload();
    await expect(bubble(alicePage, "Thanks, on my way.")).toBeVisible();
    await expect(thread(alicePage)).toContainText("Bob here: the key is under the mat.");
  });

  await test.step("carol has her own workspace, and her screen knows nothing of this one", async () => {
    const carol = await signUp(stage, "Carol");
    const carolWorkspaceId = await openWorkspace(carol, "Carol's Cakes");
    const carolPage = await openPage(browser, stage);
    await carolPage.goto("/");
    await carolPage.getByLabel("Email").fill(carol.email);
    await carolPage.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
    await carolPage.getByRole("button", { name: "Sign in" }).click();
    await carolPage.waitForURL(new RegExp(carolWorkspaceId));
    await expect(carolPage.getByText("Is my bike ready?")).toHaveCount(0);
    await carolPage.goto(`/w/${workspaceId}`);
    await carolPage.waitForTimeout(2_000);
    await expect(carolPage.getByText("Is my bike ready?")).toHaveCount(0);
    await expect(carolPage.getByText("Lakeside Bikes")).toHaveCount(0);
  });
});

async function expectPicture(page: Page, text: string): Promise<void> {
  const picture = bubble(page, text)
    .getByRole("button", { name: /^Open / })
    .locator("img");
  await expect(picture).toBeVisible();
  await expect
    .poll(() =>
      picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)),
    )
    .toBeGreaterThan(0);
}
