import type { Browser, Page } from "@playwright/test";
import { openWorkspace, type Person, password, signUp, textFromPhone } from "../support/people.ts";
import { answer, bubble, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const phone = "+12025550143";
const phoneOnScreen = /202.*555.*0143/;
const draft = "Yes, and the new";

let stage: Stage;
let alice: Person;
let workspaceId: string;

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await textFromPhone(alice, workspaceId, { from: phone, body: "Is my bike ready?" });
});

test.afterAll(async () => {
  await stage?.close();
});

test("an outage is told and made up for, and loses neither a draft nor a text", async ({
  browser,
}) => {
  const page = await openConversation(browser);
  await writer(page).fill(draft);

  await test.step("offline is told at once, with what happens to what one writes", async () => {
    await page.context().setOffline(true);
    await expect(page.getByText(/You are offline\. What you write is kept/)).toBeVisible();
    await page.context().setOffline(false);
    await expect(page.getByText("Up to date again.")).toBeVisible();
    await expect(page.getByText("Up to date again.")).toBeHidden();
  });

  await test.step("a server that is gone is told after a moment, and made up for", async () => {
    await stage.stop("SIGKILL");
    await expect(page.getByText("Reconnecting…")).toBeVisible();
    await stage.start();
    await expect(page.getByText("Up to date again.")).toBeVisible({ timeout: 30_000 });
  });
  await textFromPhone(alice, workspaceId, { from: phone, body: "Are you there?" });
  await expect(bubble(page, "Are you there?")).toBeVisible();
  await expect(writer(page)).toHaveValue(draft);
});

test("a newer build is offered, and a click loads it with the draft kept", async ({ browser }) => {
  const page = await openConversation(browser);
  await expect(page.getByText("A new version is ready")).toBeHidden();
  // The page takes itself for an older one until it is told that it is new.
  await page.addInitScript(() => {
    if (sessionStorage.getItem("is-new")) return;
    new MutationObserver((_, observer) => {
      const meta = document.querySelector<HTMLMetaElement>('meta[name="build"]');
      if (!meta) return;
      meta.content = "older";
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await expect(page.getByText("A new version is ready")).toBeVisible();
  await writer(page).fill(draft);
  await page.evaluate(() => sessionStorage.setItem("is-new", "yes"));
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(writer(page)).toHaveValue(draft);
  await expect(page.getByText("A new version is ready")).toBeHidden();
});

test("a session that runs out asks for the password over the page, which stays", async ({
  browser,
}) => {
  const page = await openConversation(browser);
  await writer(page).fill(draft);
  await page.route(/\/auth\/v1\/token\?grant_type=refresh_token/, (route) =>
    route.fulfill({
      status: 400,
      json: { code: 400, error_code: "refresh_token_not_found", msg: "Invalid Refresh Token" },
    }),
  );
  await expireSession(page);
  const dialog = page.getByRole("alertdialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText("alice@example.com")).toBeVisible();
  await expect(dialog.getByLabel("Password", { exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();

  await dialog.getByLabel("Password", { exact: true }).fill("wrong horse battery");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("The email or the password is wrong.")).toBeVisible();
  await page.unrouteAll();
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(writer(page)).toHaveValue(draft);
  await answer(page, "Yes, and the new chain is on.");
});

test("the token of an open line is renewed without a blink", async ({ browser }) => {
  const page = await openConversation(browser);
  const lines: string[] = [];
  page.on("websocket", (socket) => lines.push(socket.url()));
  const renewed = page.waitForResponse(/\/auth\/v1\/token\?grant_type=refresh_token/);
  await expireSession(page);
  expect((await renewed).ok()).toBe(true);
  await answer(page, "Still the same line.");
  expect(lines.filter((url) => url.includes("/socket.io/"))).toEqual([]);
});

test("a conversation that crashes leaves the list, and can be tried again", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, phoneOnScreen)).toBeVisible();
  await page.evaluate(() => {
    Object.defineProperty(HTMLTextAreaElement.prototype, "scrollHeight", {
      configurable: true,
      get() {
        throw new Error("the layout is broken");
      },
    });
  });
  await conversationRow(page, phoneOnScreen).click();
  await expect(
    page.getByRole("heading", { name: "This conversation can't be shown" }),
  ).toBeVisible();
  await expect(page.getByText(/^Error [0-9a-f]{8}$/)).toBeVisible();
  await expect(conversationRow(page, phoneOnScreen)).toBeVisible();
  await page.evaluate(() => {
    Reflect.deleteProperty(HTMLTextAreaElement.prototype, "scrollHeight");
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(bubble(page, "Is my bike ready?")).toBeVisible();
});

test("two tabs agree: what is read, the colours, and signing out", async ({ browser }) => {
  const page = await openConversation(browser);
  // A tab that goes to the back before a second has passed has read nothing.
  await expect(conversationRow(page, phoneOnScreen)).not.toContainText("unread");
  const other = await page.context().newPage();
  await other.goto(`/w/${workspaceId}`);
  await expect(conversationRow(other, phoneOnScreen)).toBeVisible();

  await page.goto(`/w/${workspaceId}`);
  await textFromPhone(alice, workspaceId, { from: phone, body: "Hello?" });
  const unread = conversationRow(other, phoneOnScreen).getByText("1 unread", { exact: true });
  await expect(unread).toBeAttached();
  await page.bringToFront();
  await conversationRow(page, phoneOnScreen).click();
  await expect(unread).toHaveCount(0);

  await page.goto(`/w/${workspaceId}/settings/appearance`);
  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(other.locator("html")).toHaveClass(/dark/);

  await page.getByRole("button", { name: /^Account:/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await other.waitForURL(/\/sign-in/);
});

async function openConversation(browser: Browser): Promise<Page> {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, phoneOnScreen).click();
  await expect(writer(page)).toBeVisible();
  return page;
}

function writer(page: Page) {
  return page.getByRole("textbox", { name: /^Text message to / });
}

/** Makes this browser take its token for one that has run out. */
async function expireSession(page: Page): Promise<void> {
  await page.evaluate(() => {
    const key = "livechat.session";
    const session = JSON.parse(localStorage.getItem(key) ?? "{}");
    localStorage.setItem(key, JSON.stringify({ ...session, expires_at: 1, expires_in: 0 }));
    document.dispatchEvent(new Event("visibilitychange"));
  });
}
