import { gzipSync } from "node:zlib";
import { openWorkspace, signUp, textFromPhone } from "../support/people.ts";
import { conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const limitKb = 260;

let stage: Stage;

test.beforeAll(async () => {
  stage = await openStage();
});

test.afterAll(async () => {
  await stage?.close();
});

test(`the inbox shows itself from less than ${limitKb} kB of code`, async ({ browser }) => {
  const alice = await signUp(stage, "Alice");
  const workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await textFromPhone(alice, workspaceId, { from: "+12025550143", body: "Is my bike ready?" });
  const before = await openPage(browser, stage);
  await signInOnScreen(before, "Alice");
  await expect(conversationRow(before, /0143/)).toBeVisible();
  const storageState = await before.context().storageState();
  await before.context().close();

  // The same person in a browser that has loaded nothing yet.
  const context = await browser.newContext({ baseURL: stage.origin, storageState });
  await context.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector("[data-contact]")) return;
      performance.mark("list stands");
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  const page = await context.newPage();
  await page.goto(`/w/${workspaceId}`);
  await expect(conversationRow(page, /0143/)).toBeVisible();
  const paths = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      // What comes after the list is there was not waited for.
      .filter(
        ({ startTime }) =>
          startTime <= (performance.getEntriesByName("list stands")[0]?.startTime ?? 0),
      )
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => /\.(js|css)$/.test(path)),
  );
  await context.close();

  const files = new Map<string, number>();
  for (const path of new Set(paths)) {
    const response = await fetch(stage.origin + path);
    const content = Buffer.from(await response.arrayBuffer());
    files.set(path, gzipSync(content, { level: 9 }).length);
    const isWorthIt = path.startsWith("/assets/") && content.length >= 1024;
    if (isWorthIt) expect(response.headers.get("content-encoding"), path).toMatch(/^(br|gzip)$/);
  }
  const sum = [...files.values()].reduce((total, size) => total + size, 0);
  const list = [...files].map(([name, size]) => `${(size / 1024).toFixed(1)} kB ${name}`);
  console.log(`  First load: ${(sum / 1024).toFixed(1)} kB gzip\n    ${list.join("\n    ")}`);
  expect(files.size).toBeGreaterThan(2);
  expect(sum / 1024).toBeLessThan(limitKb);
});

test("what is opened later has come by itself, and waits for nothing", async ({ browser }) => {
  const bob = await signUp(stage, "Bob");
  const workspaceId = await openWorkspace(bob, "Hilltop Skates");
  await textFromPhone(bob, workspaceId, { from: "+12025550187", body: "Do you rent skates?" });
  const page = await openPage(browser, stage);
  let lastAtMs = Date.now();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!/\/assets\/.*\.js$/.test(request.url())) return;
    lastAtMs = Date.now();
    asked.push(new URL(request.url()).pathname);
  });
  await signInOnScreen(page, "Bob");
  await conversationRow(page, /0187/).click();
  await expect(thread(page)).toBeVisible();
  await expect.poll(() => Date.now() - lastAtMs, { timeout: 30_000 }).toBeGreaterThan(3_000);
  asked.length = 0;

  await conversationRow(page, /0187/).click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Mark as done" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Assign" }).click();
  await expect(page.getByRole("combobox", { name: "Assign to" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search and commands" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New conversation" }).first().click();
  await expect(page.getByRole("dialog", { name: "New conversation" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Contacts" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("navigation", { name: "Settings" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
  expect(asked).toEqual([]);
});

test("code that can't be loaded is said to be missing, and is there after another try", async ({
  browser,
}) => {
  const cleo = await signUp(stage, "Cleo");
  await openWorkspace(cleo, "Corner Books");
  const page = await openPage(browser, stage);
  let asked = 0;
  await page.route(/\/assets\/ContactsPage-.*\.js$/, (route) => {
    asked += 1;
    return route.abort();
  });
  await signInOnScreen(page, "Cleo");
  await page.getByRole("link", { name: "Contacts" }).click();
  await expect(page.getByRole("heading", { name: "This page could not be loaded" })).toBeVisible();
  expect(asked, "it is not asked for without end").toBeLessThan(5);
  await page.unroute(/\/assets\/ContactsPage-.*\.js$/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
});
