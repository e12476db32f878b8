import { contactList } from "@livechat/shared";
import type { BrowserContext, Locator, Page } from "@playwright/test";
import {
  ask,
  openWorkspace,
  type Person,
  signUp,
  signUpAgent,
  textFromPhone,
} from "../support/people.ts";
import { bubble, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const ana = "+12025550143";
const ben = "+12025550187";
const row = (phone: string) => new RegExp(`${phone.slice(2, 5)}.*${phone.slice(-4)}`);

declare global {
  interface Window {
    notices: { title: string; body: string; tag: string; isClosed: boolean; click(): void }[];
    notes: number;
  }
}

let stage: Stage;
let alice: Person;
let workspaceId: string;

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await textFromPhone(alice, workspaceId, { from: ana, body: "Hello" });
  await textFromPhone(alice, workspaceId, { from: ben, body: "Hello" });
});

test.afterAll(async () => {
  await stage?.close();
});

test("a text is told once however many tabs are open, and its notification leads to it", async ({
  browser,
}) => {
  const page = await openPage(browser, stage);
  const context = page.context();
  await recordNotices(context);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, row(ana))).toBeVisible();

  await test.step("the browser is asked only from the button, after an explanation", async () => {
    await page.goto(`/w/${workspaceId}/settings/notifications`);
    await expect(page.getByText(/The browser will ask whether you allow/)).toBeVisible();
    await page.getByRole("button", { name: "Turn on notifications" }).click();
    await expect(page.getByRole("switch", { name: /Desktop notifications/ })).toBeChecked();
  });

  const other = await context.newPage();
  await other.goto(`/w/${workspaceId}`);
  await expect(conversationRow(other, row(ana))).toBeVisible();
  await page.goto(`/w/${workspaceId}`);
  await expect(conversationRow(page, row(ana))).toBeVisible();
  await lookAway(page, other);

  await test.step("one of the two tabs tells it, with a sound", async () => {
    await textFromPhone(alice, workspaceId, { from: ana, body: "Is my bike ready?" });
    await expect
      .poll(() => listNotices(page, other))
      .toMatchObject([{ title: "(202) 555-0143", body: "Is my bike ready?" }]);
    await expect.poll(() => countNotes(page, other)).toBeGreaterThan(0);
  });

  const leader = (await listNotices(page)).length > 0 ? page : other;
  await test.step("it opens the conversation, and goes once that is read", async () => {
    await leader.bringToFront();
    await leader.evaluate(() => {
      document.hasFocus = () => true;
      window.dispatchEvent(new Event("focus"));
      window.notices.at(-1)?.click();
    });
    await expect(bubble(leader, "Is my bike ready?")).toBeVisible();
    await expect.poll(async () => (await listNotices(page, other)).at(-1)?.isClosed).toBe(true);
    await expect(leader).toHaveTitle(/^\(1\) Lakeside Bikes/);
  });

  await test.step("what is being read neither rings nor notifies", async () => {
    const before = await countNotes(page, other);
    await textFromPhone(alice, workspaceId, { from: ana, body: "I am outside." });
    await expect(bubble(leader, "I am outside.")).toBeVisible();
    await textFromPhone(alice, workspaceId, { from: ben, body: "Me too." });
    await expect.poll(() => countNotes(page, other)).toBe(before + 2);
    expect(await listNotices(page, other)).toHaveLength(1);
  });
});

test("privacy mode, quiet hours and the switches are kept to", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await recordNotices(page.context(), "granted");
  await signInOnScreen(page, "Alice");
  await page.goto(`/w/${workspaceId}/settings/notifications`);
  await page.getByRole("switch", { name: /Desktop notifications/ }).check();
  await page.getByRole("switch", { name: /Hide the text/ }).check();
  await lookAway(page);
  await textFromPhone(alice, workspaceId, { from: ben, body: "My PIN is 4711" });
  await expect.poll(() => listNotices(page)).toHaveLength(1);
  expect(JSON.stringify(await listNotices(page))).not.toContain("4711");

  await page.getByRole("switch", { name: /Quiet hours/ }).check();
  await page.getByLabel("From").fill("00:00");
  await page.getByLabel("Until").fill("23:59");
  const notes = await countNotes(page);
  await textFromPhone(alice, workspaceId, { from: ben, body: "Still there?" });
  await expect(page).toHaveTitle(/^\(\d\) /);
  await page.getByRole("switch", { name: "In the window's title" }).uncheck();
  await expect(page).not.toHaveTitle(/^\(/);
  expect(await listNotices(page)).toHaveLength(1);
  expect(await countNotes(page)).toBe(notes);

  await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", "/icon-unread.svg");
  await page.getByRole("switch", { name: /On the icon/ }).uncheck();
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", "/icon.svg");
});

test("news is told on every page, once, and leads to its conversation", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, row(ana))).toBeVisible();
  await page.getByRole("link", { name: "Settings" }).click();
  const toasts = page.locator('[data-scope="toast"][data-part="root"]');

  await test.step("a burst is one toast, and each toast is spoken as it is", async () => {
    for (const body of ["Still open?", "Hello?", "Never mind."]) {
      await textFromPhone(alice, workspaceId, { from: ana, body });
    }
    await expect(toasts).toContainText("3 new messages from (202) 555-0143");
    await expect(toasts).toHaveCount(1);
    await expect(toasts).toHaveRole("status");
    await expect(page.getByText(/messages? from \(202\) 555-0143/)).toHaveCount(1);
  });

  await test.step("it leads to the conversation, whose texts are in its thread and said", async () => {
    await toasts.getByRole("button", { name: "Open" }).click();
    await expect(bubble(page, "Never mind.")).toBeVisible();
    await expect(toasts).toHaveCount(0);
    await textFromPhone(alice, workspaceId, { from: ana, body: "Found it." });
    await expect(page.locator("[aria-live]", { hasText: /^New message from/ })).toHaveText(
      "New message from (202) 555-0143: Found it.",
    );
    await expect(toasts).toHaveCount(0);
  });

  await test.step("a note that calls the reader is told like a text", async () => {
    const bob = await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
    const { items } = await listContacts();
    const contactId = items.find(({ phoneNumber }) => phoneNumber === ben)?.id ?? "";
    await page.getByRole("link", { name: "Settings" }).click();
    await ask(bob, "POST", `/api/workspaces/${workspaceId}/contacts/${contactId}/notes`, {
      id: crypto.randomUUID(),
      body: "Ask @Alice about the brakes",
      mentionedIds: [alice.userId],
    });
    await expect(toasts).toContainText("Bob mentioned you in a note");
    await toasts.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(new RegExp(`/c/${contactId}`));
    await expect(page.getByText("about the brakes").last()).toBeVisible();
  });
});

test("the count of unread conversations stays in the title, whatever page is shown", async ({
  browser,
}) => {
  await textFromPhone(alice, workspaceId, { from: "+12025550111", body: "One" });
  await textFromPhone(alice, workspaceId, { from: "+12025550111", body: "Two" });
  const { counts } = await listContacts();
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(page).toHaveTitle(`(${counts.unread}) Lakeside Bikes · Livechat SMS`);
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveTitle(`(${counts.unread}) Lakeside Bikes · Livechat SMS`);
  await page.getByRole("link", { name: "Workspace", exact: true }).click();
  await page.getByLabel("Name").fill("Hillside Bikes");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveTitle(`(${counts.unread}) Hillside Bikes · Livechat SMS`);
});

test("a toast lies beside what is written in and pressed", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, row(ana)).click();
  const composer = page.getByRole("button", { name: /Attach/ });
  await expect(composer).toBeVisible();
  const toast = page.locator('[data-scope="toast"][data-part="root"]');
  const places = async (other: Locator) => {
    await expect(toast).toBeVisible();
    await expect(toast).toHaveCSS("translate", /^0px/);
    return { toast: await place(toast), other: await place(other) };
  };

  await test.step("a narrow list", async () => {
    await page.getByRole("separator", { name: "Width of the list" }).press("Home");
    await textFromPhone(alice, workspaceId, { from: ben, body: "One" });
    const at = await places(page.locator(".lc-list-pane"));
    expect(at.toast.right).toBeLessThanOrEqual(at.other.right);
    await toast.getByRole("button", { name: "Close" }).click();
    await expect(toast).toHaveCount(0);
  });

  await test.step("selected rows", async () => {
    await page.getByRole("option", { name: row(ana) }).focus();
    await page.keyboard.press("x");
    const bar = page.getByRole("toolbar", { name: "Selected conversations" });
    await textFromPhone(alice, workspaceId, { from: ben, body: "Two" });
    const at = await places(bar);
    expect(at.toast.bottom).toBeLessThanOrEqual(at.other.top);
    await toast.getByRole("button", { name: "Close" }).click();
    await expect(toast).toHaveCount(0);
    await page.keyboard.press("Escape");
  });

  await test.step("no list", async () => {
    await page.getByRole("button", { name: "Hide the list" }).click();
    await textFromPhone(alice, workspaceId, { from: ben, body: "Three" });
    const at = await places(composer);
    expect(at.toast.bottom).toBeLessThanOrEqual(at.other.top);
  });
});

/** The edges of what is shown, in pixels. */
async function place(shown: Locator): Promise<DOMRect> {
  return shown.evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);
}

async function listContacts() {
  return contactList.parse(await ask(alice, "GET", `/api/workspaces/${workspaceId}/contacts`));
}

/** Stands in for the desktop, which a browser without a window has not got. */
async function recordNotices(
  context: BrowserContext,
  permission: "default" | "granted" = "default",
): Promise<void> {
  await context.addInitScript((start) => {
    window.notices = [];
    window.notes = 0;
    const key = "test.permission";
    class RecordedNotification {
      static get permission() {
        return localStorage.getItem(key) ?? start;
      }
      static async requestPermission() {
        localStorage.setItem(key, "granted");
        return "granted";
      }
      onclick: (() => void) | null = null;
      record: Window["notices"][number];
      constructor(title: string, options: { body: string; tag: string }) {
        this.record = {
          title,
          body: options.body,
          tag: options.tag,
          isClosed: false,
          click: () => this.onclick?.(),
        };
        window.notices.push(this.record);
      }
      close() {
        this.record.isClosed = true;
      }
    }
    Object.defineProperty(window, "Notification", { value: RecordedNotification });
    const start_ = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      window.notes += 1;
      start_.call(this, when);
    };
  }, permission);
}

/** As if these tabs had lost the focus to another program. */
async function lookAway(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    await page.evaluate(() => {
      document.hasFocus = () => false;
      window.dispatchEvent(new Event("blur"));
    });
  }
}

async function listNotices(...pages: Page[]) {
  const lists = await Promise.all(
    pages.map((page) =>
      page.evaluate(() =>
        window.notices.map(({ title, body, tag, isClosed }) => ({ title, body, tag, isClosed })),
      ),
    ),
  );
  return lists.flat();
}

async function countNotes(...pages: Page[]): Promise<number> {
  const counts = await Promise.all(pages.map((page) => page.evaluate(() => window.notes)));
  return counts.reduce((sum, count) => sum + count, 0);
}
