import type { Browser, Page } from "@playwright/test";
import { ask, openWorkspace, type Person, signUp, textFromPhone } from "../support/people.ts";
import { conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

let stage: Stage;
let alice: Person;
let workspaceId: string;

const phoneOf = (at: number) => `+120255501${String(at).padStart(2, "0")}`;
const rowOf = (at: number) => new RegExp(`202.*01${String(at).padStart(2, "0")}`);

test.beforeAll(async () => {
  test.setTimeout(240_000);
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
});

test("panes are widened, folded away and cycled by the keyboard, and stay so", async ({
  browser,
}) => {
  const page = await openInbox(browser, 1440, 900);
  // Nothing else would be on the screen.
  await page.getByRole("separator", { name: "Width of the list" }).press("Enter");
  await conversationRow(page, rowOf(23)).click();
  await expect(page.getByRole("button", { name: "Hide the list" })).toBeVisible();
  await expect(conversationRow(page, rowOf(23))).toBeVisible();
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

  await test.step("a pane that is folded away hands the focus to what brings it back", async () => {
    for (const [pane, toggle] of [
      ["list", "Show the list"],
      ["details", "Contact details"],
    ]) {
      const splitter = page.getByRole("separator", { name: `Width of the ${pane}` });
      await splitter.press("Enter");
      await expect(splitter).toBeHidden();
      await expect(page.getByRole("button", { name: toggle })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(splitter).toBeVisible();
    }
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
});

test("a phone's header gives the name its room and keeps every way on", async ({ browser }) => {
  const page = await openInbox(browser, 390, 844);
  await conversationRow(page, rowOf(23)).click();
  const name = page.getByRole("heading", { level: 2, name: rowOf(23) });
  await expect(name).toBeVisible();
  expect(await name.evaluate((each) => each.scrollWidth <= each.clientWidth)).toBe(true);
  const place = await page.locator(".lc-chat-who").boundingBox();
  expect(place?.width).toBeGreaterThan(190);

  await test.step("the name leads to the details", async () => {
    await page.getByRole("button", { name: "Contact details" }).click();
    const drawer = page.getByRole("dialog", { name: "Contact details" });
    await expect(drawer).toBeVisible();
    // A strip of the conversation stays, to tap on.
    await expect.poll(async () => (await drawer.boundingBox())?.x).toBeGreaterThanOrEqual(36);
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
  });

  await test.step("what has no room is in the menu", async () => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Search in the conversation" }).click();
    await expect(page.getByRole("searchbox", { name: /conversation/ })).toBeFocused();
    await page.getByRole("searchbox", { name: /conversation/ }).press("Escape");
    await page.getByRole("button", { name: "More actions" }).click();
    await expect(page.getByRole("menuitem", { name: "Assign…" })).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("a finger hits everything in it", async () => {
    const targets = page.locator(".lc-chat-head").locator("a, button").filter({ visible: true });
    for (const box of await targets.evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect().toJSON()),
    ))
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
  });
});

test("a dialog is a sheet at a phone's lower edge", async ({ browser }) => {
  const page = await openInbox(browser, 390, 844);
  await page.getByRole("button", { name: "New conversation" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await expect
    .poll(async () => {
      const box = await dialog.boundingBox();
      return box && { x: box.x, width: box.width, end: Math.round(box.y + box.height) };
    })
    .toEqual({ x: 0, width: 390, end: 844 });
});

test("the scheduled texts of a conversation can be read on a phone", async ({ browser }) => {
  const page = await openInbox(browser, 390, 844);
  await conversationRow(page, rowOf(22)).click();
  const words = "Your bike is ready, come by any time until six.";
  const contactId = new URL(page.url()).pathname.split("/").at(-1);
  await ask(alice, "POST", "/api/sms/send-sms", {
    workspaceId,
    contactId,
    message: words,
    scheduledFor: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await page.locator(".lc-scheduled summary").click();
  const text = page.locator(".lc-scheduled").getByText(words);
  await expect(text).toBeVisible();
  expect((await text.boundingBox())?.width).toBeGreaterThan(250);
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

test("on a phone, Back finds the row of a long list that moved to its top", async ({ browser }) => {
  test.setTimeout(240_000);
  for (let at = 24; at < 100; at += 1) {
    await textFromPhone(alice, workspaceId, { from: phoneOf(at), body: `Text ${at}` });
  }
  for (let at = 0; at < 10; at += 1) {
    await textFromPhone(alice, workspaceId, { from: `+1202555020${at}`, body: `Late ${at}` });
  }
  const page = await openPage(browser, stage);
  await page.setViewportSize({ width: 390, height: 844 });
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Late 9/)).toBeVisible();
  const list = page.locator(".lc-list-scroll");
  const row = conversationRow(page, rowOf(50));
  // Page by page, until more than a hundred rows stand.
  await expect(async () => {
    await list.evaluate((pane) => {
      pane.scrollTop = pane.scrollHeight;
    });
    await expect(conversationRow(page, rowOf(0))).toBeVisible({ timeout: 500 });
  }).toPass();
  await list.evaluate((pane) => {
    pane.scrollTop = 50 * 72;
  });
  await row.click();
  await expect(thread(page)).toBeVisible();
  await textFromPhone(alice, workspaceId, { from: phoneOf(50), body: "Once more" });
  await expect(thread(page)).toContainText("Once more");
  await page.goBack();
  await expect(row).toBeFocused();
  await expect(row).toBeInViewport();
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
