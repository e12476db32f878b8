import { openWorkspace, type Person, signUp, textFromPhone } from "../support/people.ts";
import { conversationRow, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const phone = "+12025550143";
const phoneOnScreen = /202.*555.*0143/;

let stage: Stage;
let alice: Person;

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  const workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await textFromPhone(alice, workspaceId, { from: phone, body: "Is my bike ready?" });
});

test.afterAll(async () => {
  await stage?.close();
});

test("the product can be installed, opens without a line, and keeps nothing of the inbox", async ({
  browser,
}) => {
  const context = await browser.newContext({
    baseURL: stage.origin,
    serviceWorkers: "allow",
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, phoneOnScreen)).toBeVisible();

  await test.step("the manifest names icons that are there, a maskable one among them", async () => {
    const link = await page.locator('link[rel="manifest"]').getAttribute("href");
    const response = await page.request.get(link ?? "");
    expect(response.headers()["content-type"]).toContain("application/manifest+json");
    const manifest = await response.json();
    expect(manifest).toMatchObject({ start_url: "/", display: "standalone" });
    expect(manifest.icons.some(({ purpose }: { purpose?: string }) => purpose === "maskable")).toBe(
      true,
    );
    for (const { src } of manifest.icons) expect((await page.request.get(src)).ok()).toBe(true);
  });

  await test.step("what the worker keeps is only the frame", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect(async () => {
      await page.reload();
      await expect(conversationRow(page, phoneOnScreen)).toBeVisible();
      expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    }).toPass();
    await page.reload();
    await expect(conversationRow(page, phoneOnScreen)).toBeVisible();
    const kept = await page.evaluate(async () => {
      const lists = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      );
      return lists.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).toContain("/");
    expect(kept.filter((path) => path.startsWith("/assets/")).length).toBeGreaterThan(3);
    expect(kept.filter((path) => /^\/(api|auth|media|socket\.io)/.test(path))).toEqual([]);
  });

  await test.step("without a server it opens, says so, and goes on when the server is back", async () => {
    await stage.stop("SIGKILL");
    await page.reload();
    await expect(page.getByRole("heading", { name: "Livechat cannot be reached" })).toBeVisible();
    await stage.start();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(conversationRow(page, phoneOnScreen)).toBeVisible();
  });
  expect(refused).toEqual([]);
});
