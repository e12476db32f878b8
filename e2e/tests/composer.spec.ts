import { expect, type Page, test } from "@playwright/test";
import {
  listPhoneTexts,
  openWorkspace,
  type Person,
  signUp,
  textFromPhone,
} from "../support/people.ts";
import { buildPicture } from "../support/picture.ts";
import { bubble, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";

const phone = "+12025550143";

let stage: Stage;
let alice: Person;
let workspaceId: string;
let contactId: string;
let page: Page;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await textFromPhone(alice, workspaceId, { from: phone, body: "Are you open?" });
  const { body } = await alice.api("GET", `/api/workspaces/${workspaceId}/contacts`);
  contactId = (body as { items: { id: string }[] }).items[0]?.id ?? "";
  page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await page.waitForURL(new RegExp(workspaceId));
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await expect(bubble(page, "Are you open?")).toBeVisible();
});

test.afterAll(async () => {
  await stage?.close();
});

const field = () => page.getByRole("textbox", { name: /^Text message to/ });
const sendButton = () => page.getByRole("button", { name: "Send message" });
const onPhone = async () =>
  (await listPhoneTexts(alice, workspaceId)).messages
    .filter((text) => !text.fromPhone)
    .map((text) => text.body);

test("Shift and Enter begins a line, Enter sends, and the field grows to eight lines", async () => {
  await field().click();
  const before = (await field().boundingBox())?.height ?? 0;
  await page.keyboard.type("One");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("Two");
  await expect(field()).toHaveValue("One\nTwo");
  expect((await field().boundingBox())?.height ?? 0).toBeGreaterThan(before + 15);
  await field().fill(Array.from({ length: 30 }, (_, at) => `${at}`).join("\n"));
  expect((await field().boundingBox())?.height ?? 0).toBeLessThan(before + 8 * 20);
  await field().fill("One\nTwo");
  await page.keyboard.press("Enter");
  await expect(bubble(page, "One")).toContainText("Delivered");
  await expect(field()).toHaveValue("");
  await expect(field()).toBeFocused();
});

test("the other key sends when a person prefers it", async () => {
  await page.evaluate(() => {
    localStorage.setItem("livechat.preferences", JSON.stringify({ sendWith: "mod_enter" }));
    window.dispatchEvent(new StorageEvent("storage", { key: "livechat.preferences" }));
  });
  await field().fill("Kept");
  await page.keyboard.press("Enter");
  await expect(field()).toHaveValue("Kept\n");
  await page.keyboard.press("Control+Enter");
  await expect(bubble(page, "Kept")).toBeVisible();
  await page.evaluate(() => {
    localStorage.removeItem("livechat.preferences");
    window.dispatchEvent(new StorageEvent("storage", { key: "livechat.preferences" }));
  });
});

test("a begun text outlives a reload, and the list shows it", async () => {
  await field().fill("We are op");
  await page.reload();
  await expect(field()).toHaveValue("We are op");
  await page.goto(`/w/${workspaceId}`);
  await expect(conversationRow(page, /0143/)).toContainText("Draft: We are op");
  await conversationRow(page, /0143/).click();
  await expect(field()).toHaveValue("We are op");
  await field().fill("");
});

test("without a line a text waits in sight, can be called off, and goes once when it is back", async () => {
  await page.context().setOffline(true);
  await field().fill("Sent from a tunnel");
  await page.keyboard.press("Enter");
  const waiting = bubble(page, "Sent from a tunnel");
  await expect(waiting).toContainText("Will send when online");
  await field().fill("Never mind");
  await page.keyboard.press("Enter");
  await bubble(page, "Never mind").getByRole("button", { name: "Cancel" }).click();
  await expect(bubble(page, "Never mind")).toHaveCount(0);
  await page.context().setOffline(false);
  await expect(waiting).toContainText("Delivered", { timeout: 30_000 });
  expect((await onPhone()).filter((body) => body === "Sent from a tunnel")).toHaveLength(1);
  expect(await onPhone()).not.toContain("Never mind");
});

test("a canned reply is made in the settings, found by a slash and filled in", async () => {
  await page.goto(`/w/${workspaceId}/settings/replies`);
  await page.getByRole("button", { name: "Add a reply" }).click();
  await page.getByLabel("Shortcut").fill("hours");
  await page.getByLabel("Text").fill("Hi {{first_name}}, {{workspace}} is open until six.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("/hours")).toBeVisible();
  await page.screenshot({ path: "/tmp/c-replies.png" });
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await field().click();
  await page.keyboard.type("/ho");
  const option = page.getByRole("option", { name: /\/hours/ });
  await expect(option).toHaveAttribute("aria-selected", "true");
  await page.screenshot({ path: "/tmp/c-canned.png" });
  await page.keyboard.press("Enter");
  await expect(field()).toHaveValue("Hi {{first_name}}, Lakeside Bikes is open until six.");
  // The contact has no name: the text can't go out as it is.
  await page.keyboard.press("Enter");
  await expect(page.getByText(/first name of this contact is not known/).first()).toBeVisible();
  await expect(field()).toHaveValue(/first_name/);
  await alice.api("PATCH", `/api/workspaces/${workspaceId}/contacts/${contactId}`, {
    name: "Ann Lee",
  });
  await expect(page.getByRole("heading", { name: "Ann Lee" }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(bubble(page, "Hi Ann, Lakeside Bikes is open until six.")).toBeVisible();
});

test("an emoji comes by its shortcode and from the picker, with data of our own", async () => {
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(stage.origin) && !/^(data|blob):/.test(request.url())) {
      foreign.push(request.url());
    }
  });
  await field().click();
  await page.keyboard.type("Nice :bicyc");
  const emoji = page.getByRole("listbox", { name: "Emoji" }).getByRole("option");
  await expect(emoji.first()).toContainText("bicyc");
  await page.keyboard.press("Enter");
  await expect(field()).toHaveValue(/^Nice \p{Emoji}/u);
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search emoji" }).fill("thumbs up");
  await page.getByRole("gridcell").first().click();
  await expect(field()).toHaveValue(/👍/u);
  expect(foreign).toEqual([]);
  await field().fill("");
});

test("the counter names what makes a text dear, and mends it", async () => {
  await field().fill("It’s “ready”");
  await expect(page.getByText(/make segments shorter/)).toBeVisible();
  await page.getByRole("button", { name: "Use plain characters" }).click();
  await expect(field()).toHaveValue('It\'s "ready"');
  await field().fill("x".repeat(161));
  await expect(page.getByText(/161 · 2 segments · GSM/)).toBeVisible();
  await field().fill("x".repeat(1601));
  await expect(page.getByText(/1601 \/ 1600/)).toBeVisible();
  await expect(sendButton()).toHaveAttribute("aria-disabled", "true");
  await field().fill("");
});

test("a picture is pasted, shown, taken away, and sent", async () => {
  const base64 = buildPicture().toString("base64");
  const paste = () =>
    field().evaluate((area, content) => {
      const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], "bike.png", { type: "image/png" }));
      area.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, base64);
  await paste();
  await page.getByRole("button", { name: "Remove bike.png" }).click();
  await expect(page.getByText("bike.png")).toHaveCount(0);
  await paste();
  await expect(page.getByText("bike.png")).toBeVisible();
  await field().fill("The bike");
  await expect(sendButton()).not.toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Enter");
  await expect(bubble(page, "The bike").getByRole("button", { name: /^Open / })).toBeVisible();
});

test("a text is scheduled, shown, and called off", async () => {
  await field().fill("See you tomorrow");
  await page.getByRole("button", { name: "Send later" }).click();
  const dialog = page.getByRole("dialog", { name: "Send later" });
  await expect(dialog).toBeVisible();
  await page.screenshot({ path: "/tmp/c-schedule.png" });
  await dialog.getByRole("button", { name: /Tomorrow morning/ }).click();
  const summary = page.getByText(/^Scheduled for /);
  await expect(summary).toBeVisible();
  await expect(field()).toHaveValue("");
  await summary.click();
  const list = page.getByRole("list", { name: "Scheduled texts" });
  await expect(list).toContainText("See you tomorrow");
  await list.getByRole("button", { name: "Cancel" }).click();
  await expect(summary).toHaveCount(0);
  expect(await onPhone()).not.toContain("See you tomorrow");
});

test("a contact who opted out can't be written to, and the screen says why", async () => {
  await textFromPhone(alice, workspaceId, { from: phone, body: "STOP" });
  await expect(page.getByText(/has opted out, so no text/).first()).toBeVisible();
  await expect(field()).toHaveCount(0);
  await textFromPhone(alice, workspaceId, { from: phone, body: "START" });
  await expect(field()).toBeVisible();
});

test("fits a phone", async ({ browser }) => {
  const small = await openPage(browser, stage);
  await small.setViewportSize({ width: 390, height: 844 });
  await signInOnScreen(small, "Alice");
  await small.waitForURL(new RegExp(workspaceId));
  await small.goto(`/w/${workspaceId}/c/${contactId}`);
  const button = small.getByRole("button", { name: "Send message" });
  await expect(button).toBeVisible();
  expect((await button.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(43);
  await small.getByRole("textbox", { name: /^Text message to/ }).fill("/");
  await expect(small.getByRole("option", { name: /\/hours/ })).toBeVisible();
  const overflow = await small.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  await small.emulateMedia({ colorScheme: "dark" });
  await small.screenshot({ path: "/tmp/c-composer-phone.png" });
});
