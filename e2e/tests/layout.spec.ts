import { type Browser, expect, type Page, test } from "@playwright/test";
import { openWorkspace, type Person, signUp, textFromPhone } from "../support/people.ts";
import { conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";

let stage: Stage;
let alice: Person;
let workspaceId: string;

const phoneOf = (at: number) => `+120255501${String(at).padStart(2, "0")}`;
const rowOf = (at: number) => new RegExp(`202.*01${String(at).padStart(2, "0")}`);

test.beforeAll(async () => {
  test.setTimeout(120_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  for (let at = 0; at < 24; at += 1) {
    await textFromPhone(alice, workspaceId, { from: phoneOf(at), body: `Text ${at}` });
  }
});

test.afterAll(async () => {
  await stage?.close();
});

test("on a phone, Back leads to the list where it was left", async ({ browser }) => {
  const page = await openInbox(browser, 390, 844);
  const list = page.locator(".lc-list-scroll");
  await conversationRow(page, rowOf(5)).scrollIntoViewIfNeeded();
  const offset = await list.evaluate((pane) => pane.scrollTop);
  expect(offset).toBeGreaterThan(200);
  await conversationRow(page, rowOf(5)).click();
  await expect(thread(page)).toBeVisible();
  await expect(conversationRow(page, rowOf(5))).toBeHidden();

  await page.goBack();
  await expect(conversationRow(page, rowOf(5))).toBeFocused();
  expect(await list.evaluate((pane) => pane.scrollTop)).toBe(offset);

  await page.keyboard.press("Enter");
  await expect(thread(page)).toBeVisible();
  await page.getByRole("link", { name: "Back to conversations" }).click();
  await expect(conversationRow(page, rowOf(5))).toBeFocused();
  // The arrow went back in the history, so one more step leaves the inbox.
  await page.goForward();
  await expect(thread(page)).toBeVisible();
  await page.context().close();
});

test("panes are widened, folded away and cycled by the keyboard, and stay so", async ({
  browser,
}) => {
  const page = await openInbox(browser, 1440, 900);
  await conversationRow(page, rowOf(23)).click();
  await page.getByRole("button", { name: "Contact details" }).click();

  await test.step("a splitter moves with the arrow keys and tells where it stands", async () => {
    const splitter = page.getByRole("separator", { name: "Width of the list" });
    await splitter.focus();
    const before = await widthOf(page, "#lc-list-pane");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await widthOf(page, "#lc-list-pane")).toBe(before + 32);
    await expect(splitter).toHaveAttribute("aria-valuenow", String(before + 32));
    await page.keyboard.press("End");
    await expect(splitter).toHaveAttribute("aria-valuenow", "440");
    const details = page.getByRole("separator", { name: "Width of the details" });
    await details.focus();
    await page.keyboard.press("ArrowLeft");
    await expect(details).toHaveAttribute("aria-valuenow", "316");
  });

  await test.step("a splitter is dragged", async () => {
    const box = await page.getByRole("separator", { name: "Width of the list" }).boundingBox();
    if (!box) throw new Error("The splitter has no place.");
    await page.mouse.move(box.x + box.width / 2, 400);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 100, 400, { steps: 4 });
    await page.mouse.up();
    expect(await widthOf(page, "#lc-list-pane")).toBe(340);
  });

  await test.step("F6 goes from pane to pane and back", async () => {
    const paneOfFocus = () =>
      page.evaluate(() => document.activeElement?.closest("[data-pane]")?.className ?? "");
    await conversationRow(page, rowOf(23)).focus();
    await page.keyboard.press("F6");
    expect(await paneOfFocus()).toContain("lc-main");
    await page.keyboard.press("F6");
    expect(await paneOfFocus()).toContain("lc-aside");
    await page.keyboard.press("Shift+F6");
    await page.keyboard.press("Shift+F6");
    await expect(conversationRow(page, rowOf(23))).toBeFocused();
  });

  await test.step("the list folds away, and all of it outlasts a reload", async () => {
    await page.getByRole("button", { name: "Hide the list" }).click();
    await expect(conversationRow(page, rowOf(23))).toBeHidden();
    await page.reload();
    await expect(thread(page)).toBeVisible();
    await expect(conversationRow(page, rowOf(23))).toBeHidden();
    await expect(page.getByRole("complementary", { name: "Details" })).toBeVisible();
    await page.getByRole("button", { name: "Show the list" }).click();
    await expect(conversationRow(page, rowOf(23))).toBeVisible();
    expect(await widthOf(page, "#lc-list-pane")).toBe(340);
  });
  await page.context().close();
});

test("a tablet has two panes and a drawer, which gives the focus back", async ({ browser }) => {
  const page = await openInbox(browser, 834, 1112);
  await conversationRow(page, rowOf(23)).click();
  await expect(conversationRow(page, rowOf(23))).toBeVisible();
  const opener = page.getByRole("button", { name: "Contact details" });
  await opener.click();
  await expect(page.getByRole("dialog", { name: "Contact details" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Contact details" })).toBeHidden();
  await expect(opener).toBeFocused();
  await page.context().close();
});

test("nothing needs scrolling in two directions at 320 px, nor at 200 % zoom", async ({
  browser,
}) => {
  // 1280 × 1024 at 200 % is a window of 640 × 512.
  for (const [width, height] of [
    [320, 568],
    [640, 512],
  ] as const) {
    const page = await openInbox(browser, width, height);
    await expectNoSidewaysScroll(page);
    await conversationRow(page, rowOf(23)).click();
    await expect(page.getByRole("textbox", { name: /^Text message to / })).toBeInViewport();
    await expectNoSidewaysScroll(page);
    for (const part of ["", "/appearance", "/notifications", "/people", "/twilio"]) {
      await page.goto(`/w/${workspaceId}/settings${part}`);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
      await expectNoSidewaysScroll(page);
    }
    await page.context().close();
  }
});

async function openInbox(browser: Browser, width: number, height: number): Promise<Page> {
  const page = await openPage(browser, stage);
  await page.setViewportSize({ width, height });
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, rowOf(23))).toBeVisible();
  return page;
}

async function widthOf(page: Page, selector: string): Promise<number> {
  return (await page.locator(selector).boundingBox())?.width ?? 0;
}

/** Neither the page nor any pane of it is wider than its place. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll("body *")]
          .filter((element) => {
            const { overflowX } = getComputedStyle(element);
            const isPane = element === document.documentElement || /auto|scroll/.test(overflowX);
            return isPane && element.scrollWidth > element.clientWidth + 1;
          })
          .map((element) => `${element.tagName}.${element.className}`),
      ),
    )
    .toEqual([]);
}
