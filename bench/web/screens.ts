import path from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "@playwright/test";
import { findChromium } from "../../e2e/support/find-chromium.ts";
import { type Measurement, median, quantile, type Result, show } from "../measurement.ts";
import { type Inbox, openInbox } from "./inbox.ts";

const smallList = 100;
const largeList = 10_000;
const longThread = 10_000;
const starts = 5;

/** The screens in a real browser: what they weigh, and how they feel with a little and with a lot. */
export const screens: Measurement = {
  name: "screens",
  async run() {
    const inbox = await openInbox({ smallList, largeList, longThread });
    const browser = await chromium.launch({
      executablePath: findChromium() ?? undefined,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      const results = await measureStart(browser, inbox);
      const page = await signIn(browser, inbox);
      const small = await scrollList(page, inbox.smallId, smallList);
      results.push(...(await measureTyping(page)));
      const large = await scrollList(page, inbox.largeId, largeList);
      results.push(...(await measureSwitch(page)));
      results.push({
        id: "web/5 list",
        what: `Frames while the list scrolls with ${largeList.toLocaleString("en-US")} contacts ÷ with ${smallList}`,
        value: large / small,
        unit: "×",
        limit: { atMost: 1.2 },
        detail: `p95 ${show(large)} ms against ${show(small)} ms`,
      });
      results.push(...(await measureThread(page, inbox)));
      return results;
    } finally {
      await browser.close();
      await inbox.close();
    }
  },
};

const inPage = path.join(import.meta.dirname, "in-page.js");
const list = ".lc-list-scroll";
const row = `${list} a[data-contact]`;

async function signIn(browser: Browser, inbox: Inbox): Promise<Page> {
  const context = await browser.newContext({
    baseURL: inbox.origin,
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    serviceWorkers: "block",
  });
  await context.addInitScript({ path: inPage });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(inbox.email);
  await page.getByLabel("Password", { exact: true }).fill(inbox.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/w\//);
  return page;
}

/** Fresh browsers, nothing kept: until the first conversation of the list is on the screen. */
async function measureStart(browser: Browser, inbox: Inbox): Promise<Result[]> {
  const first = await signIn(browser, inbox);
  const storageState = await first.context().storageState();
  await first.context().close();
  const times: number[] = [];
  let bytes = 0;
  for (let start = 0; start < starts; start += 1) {
    const context = await browser.newContext({
      baseURL: inbox.origin,
      storageState,
      viewport: { width: 1440, height: 900 },
      serviceWorkers: "block",
    });
    await context.addInitScript({ path: inPage });
    const page = await context.newPage();
    const startedMs = performance.now();
    await page.goto(`/w/${inbox.smallId}`, { waitUntil: "commit" });
    await page.locator(row).first().waitFor();
    times.push(performance.now() - startedMs);
    const paths = await page.evaluate<string[]>("bench.listCode()");
    const sizes = await Promise.all(
      [...new Set(paths)].map(async (file) => {
        const content = await (await fetch(inbox.origin + file)).arrayBuffer();
        return gzipSync(Buffer.from(content), { level: 9 }).length;
      }),
    );
    bytes = sizes.reduce((sum, size) => sum + size, 0);
    await context.close();
  }
  return [
    {
      id: "web/1 first load",
      what: "Code that is loaded until the list stands, gzip",
      value: bytes / 1024,
      unit: "kB",
      limit: { atMost: 260, aim: 250 },
      detail: "scripts and styles, nothing kept from before",
    },
    {
      id: "web/2 first load time",
      what: "From the address to the first conversation on the screen",
      value: median(times),
      range: [Math.min(...times), Math.max(...times)],
      unit: "ms",
      limit: { atMost: 2_500, aim: 1_000 },
      detail: `median of ${starts} fresh browsers on the server's own machine`,
    },
  ];
}

/** The 95th percentile of the frames while the list scrolls through what is loaded. */
async function scrollList(page: Page, workspaceId: string, contacts: number): Promise<number> {
  await page.goto(`/w/${workspaceId}`);
  await page.locator(row).first().waitFor();
  await page.evaluate(`bench.loadAll("${list}", ${contacts})`);
  const rounds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    rounds.push(quantile(await page.evaluate<number[]>(`bench.scroll("${list}")`), 0.95));
  }
  return median(rounds);
}

/** From the key to the frame that shows its letter. */
async function measureTyping(page: Page): Promise<Result[]> {
  await page.locator(row).first().click();
  const writer = page.getByRole("textbox", { name: /^Text message to / });
  await writer.click();
  await page.evaluate("bench.watchKeys()");
  await writer.pressSequentially("Your bike is ready, come by until six today. ", { delay: 40 });
  const times = await page.evaluate<number[]>("bench.keyTimes");
  await writer.fill("");
  return [
    {
      id: "web/4 typing",
      what: "From a key to its letter on the screen, median",
      value: median(times),
      unit: "ms",
      limit: { atMost: 50 },
      detail: `p95 ${show(quantile(times, 0.95))} ms, ${times.length} keys`,
    },
  ];
}

/** Two conversations that were open before, back and forth. */
async function measureSwitch(page: Page): Promise<Result[]> {
  const rows = page.locator(row);
  for (const at of [2, 3]) {
    await rows.nth(at).click();
    await page.locator(".lc-bubble").first().waitFor();
  }
  const times = await page.evaluate<number[]>(`bench.switchBetween("${row}", 2, 3)`);
  return [
    {
      id: "web/3 switch",
      what: "From a click on a conversation that was open before to its texts, median",
      value: median(times),
      unit: "ms",
      limit: { atMost: 100 },
      detail: `p95 ${show(quantile(times, 0.95))} ms, among ${largeList.toLocaleString("en-US")} contacts`,
    },
  ];
}

/** Reads a long thread upwards to its begin: what stands still while older texts come, and the frames. */
async function measureThread(page: Page, inbox: Inbox): Promise<Result[]> {
  await page.goto(`/w/${inbox.largeId}/c/${inbox.longContactId}`);
  await page.locator(".lc-bubble").first().waitFor();
  const { drifts, frames, heightPx, nodes } = await page.evaluate<{
    drifts: number[];
    frames: number[];
    heightPx: number;
    nodes: number;
  }>("bench.readUpwards(40)");
  return [
    {
      id: "web/6 drift",
      what: "How far the text that is being read moves when older ones come, largest",
      value: Math.max(...drifts, 0),
      unit: "px",
      limit: { atMost: 1 },
      detail: `${drifts.length} pages of a thread of ${longThread.toLocaleString("en-US")} texts`,
    },
    {
      id: "web/7 long thread",
      what: "Frames while a long thread loads and is scrolled, p95",
      value: quantile(frames, 0.95),
      unit: "ms",
      limit: { atMost: 50 },
      detail: `${heightPx.toLocaleString("en-US")} px loaded, ${nodes} nodes`,
    },
  ];
}
