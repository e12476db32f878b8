import type { Browser, Page } from "@playwright/test";
import { type Furnished, furnish } from "../support/furnish.ts";
import { expectAccessible } from "../support/inspect.ts";
import { openWorkspace, type Person, signUp } from "../support/people.ts";
import { conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

let stage: Stage;
let alice: Person;
let shop: Furnished;
let emptyId: string;
let storageState: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  shop = await furnish(alice, "Lakeside Bikes");
  emptyId = await openWorkspace(alice, "Hilltop Skates");
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await page.waitForURL(/\/w\//);
  storageState = await page.context().storageState();
  await page.context().close();
});

test.afterAll(async () => {
  await stage?.close();
});

for (const size of sizes) {
  const at = `at ${size.width} px`;

  test(`the pages before the sign-in have no fault ${at}`, async ({ browser }) => {
    const page = await openPage(browser, stage);
    await page.setViewportSize(size);
    for (const [name, path] of [
      ["sign in", "/sign-in"],
      ["sign up", "/sign-up"],
      ["forgotten password", "/forgot-password"],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page, name);
    }
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill("alice@example.com");
    await page.getByLabel("Password", { exact: true }).fill("wrong horse");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("The email or the password is wrong.")).toBeVisible();
    await expectAccessible(page, "refused sign-in");
  });

  test(`the inbox has no fault in any of its states ${at}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const page = await openSignedIn(browser, size);
    const inbox = `/w/${shop.workspaceId}`;

    await page.goto(`/w/${emptyId}`);
    await expect(page.getByRole("heading", { name: "No conversations yet" })).toBeVisible();
    await expectAccessible(page, "empty inbox");

    await page.route(/\/contacts\?/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await route.continue().catch(() => undefined);
    });
    await page.goto(inbox);
    await expect(page.locator(".lc-skeleton").first()).toBeVisible();
    await expectAccessible(page, "loading inbox");
    await page.unrouteAll({ behavior: "ignoreErrors" });

    await page.route(/\/contacts\?/, (route) => route.fulfill({ status: 500, json: {} }));
    await page.goto(inbox);
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
    await expectAccessible(page, "inbox that did not load");
    await page.unrouteAll({ behavior: "ignoreErrors" });

    await page.goto(inbox);
    await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
    await expectAccessible(page, "list");

    for (const name of ["Ana Silva", "ليلى حداد", "Old landline", "Priya Raman"]) {
      await page.goto(`${inbox}/c/${shop.contactIds.get(name)}`);
      await expect(thread(page)).toBeVisible();
      await expectAccessible(page, `conversation with ${name}`);
    }

    await page.goto(`${inbox}/c/${shop.contactIds.get("Ana Silva")}`);
    await page.getByRole("button", { name: "Contact details" }).click();
    await expect(page.getByText("ana.silva@example.com").first()).toBeVisible();
    await expectAccessible(page, "details");
    await page.keyboard.press("Escape");

    await page.context().setOffline(true);
    await expect(page.getByText(/You are offline/).first()).toBeVisible();
    await expectAccessible(page, "offline");
    await page.context().setOffline(false);
  });

  test(`dialogs and the palette have no fault ${at}`, async ({ browser }) => {
    test.setTimeout(180_000);
    const page = await openSignedIn(browser, size);
    await page.goto(`/w/${shop.workspaceId}`);
    await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
    for (const [name, open] of [
      [
        "new conversation",
        () => page.getByRole("button", { name: "New conversation" }).first().click(),
      ],
      ["palette", () => page.keyboard.press("Control+k")],
      ["shortcuts", () => page.keyboard.press("?")],
    ] as const) {
      await page.locator("body").click({ position: { x: 2, y: 2 } });
      await open();
      await expect(page.getByRole("dialog").first()).toBeVisible();
      await expectAccessible(page, name);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
  });

  test(`no part of the settings, nor any other page, has a fault ${at}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const page = await openSignedIn(browser, size);
    const base = `/w/${shop.workspaceId}`;
    await page.goto(`${base}/settings`);
    const nav = page.getByRole("navigation", { name: "Settings" });
    await expect(nav).toBeVisible();
    if (size.width < 768) await expectAccessible(page, "list of settings");
    const paths = await nav
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
      await page.waitForLoadState("networkidle");
      await expectAccessible(page, path.split("/").at(-1) ?? path);
    }
    for (const path of [`${base}/simulator`, `${base}/connect`, `${base}/nowhere`, "/welcome"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      await expectAccessible(page, path.split("/").at(-1) ?? path);
    }
  });
}

test("bubbles and the chosen row keep their edges in forced colours", async ({ browser }) => {
  const page = await openSignedIn(browser, sizes[0] ?? { width: 1440, height: 900 });
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(`/w/${shop.workspaceId}/c/${shop.contactIds.get("Ana Silva")}`);
  await expect(thread(page)).toBeVisible();
  for (const selector of [".lc-bubble", ".lc-row[aria-current]"]) {
    const widths = await page
      .locator(selector)
      .evaluateAll((all) => all.map((each) => getComputedStyle(each).borderTopWidth));
    expect(widths.length, selector).toBeGreaterThan(0);
    expect(new Set(widths), selector).toEqual(new Set(["1px"]));
  }
});

async function openSignedIn(
  browser: Browser,
  viewport: { width: number; height: number },
): Promise<Page> {
  const context = await browser.newContext({ baseURL: stage.origin, storageState, viewport });
  return context.newPage();
}
