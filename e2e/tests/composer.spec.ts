import type { Locator, Page } from "@playwright/test";
import {
  listPhoneTexts,
  openWorkspace,
  type Person,
  signUp,
  signUpAgent,
  textFromPhone,
} from "../support/people.ts";
import { buildPicture } from "../support/picture.ts";
import { answer, bubble, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

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
    localStorage.setItem(
      "livechat.preferences",
      JSON.stringify({ sendWith: "mod_enter", warnsInQuietHours: false }),
    );
    window.dispatchEvent(new StorageEvent("storage", { key: "livechat.preferences" }));
  });
  await field().fill("Kept");
  await page.keyboard.press("Enter");
  await expect(field()).toHaveValue("Kept\n");
  await page.keyboard.press("Control+Enter");
  await expect(bubble(page, "Kept")).toBeVisible();
  await page.evaluate(() => {
    localStorage.setItem("livechat.preferences", JSON.stringify({ warnsInQuietHours: false }));
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
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await field().click();
  await page.keyboard.type("/ho");
  const option = page.getByRole("option", { name: /\/hours/ });
  await expect(option).toHaveAttribute("aria-selected", "true");
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
  await page.getByRole("gridcell").filter({ hasText: "👍" }).click();
  await expect(field()).toHaveValue(/👍/u);
  expect(foreign).toEqual([]);

  const picker = page.getByRole("dialog", { name: "Emoji" });
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  const last = picker.getByRole("button", { name: /^👍/u });
  await expect(picker.getByRole("heading", { name: "Used last" })).toBeVisible();
  await expect(last.first()).toBeVisible();
  await picker.getByRole("searchbox").fill("zzzz");
  await expect(picker.getByText("No emoji is called so.")).toBeVisible();
  await expect(picker.getByRole("heading", { name: "Used last" })).toHaveCount(0);
  await picker.getByRole("button", { name: "Skin tone: none. Change it" }).click();
  await expect(picker.getByRole("button", { name: "Skin tone: light. Change it" })).toBeVisible();
  await picker.getByRole("searchbox").fill("thumbs up");
  await picker.getByRole("gridcell").filter({ hasText: "👍🏻" }).click();
  await expect(field()).toHaveValue(/👍🏻/u);
  await page.reload();
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await expect(picker.getByRole("button", { name: "Skin tone: light. Change it" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(picker).toHaveCount(0);
  await expect(field()).toBeFocused();
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

test("a screen reader is told the length once the writing rests, not at each key", async () => {
  const told = await page.evaluate(async () => {
    const area = document.querySelector<HTMLTextAreaElement>("#lc-composer-field");
    const region = document.querySelector('.lc-composer-foot [role="status"]');
    if (!area || !region) throw new Error("There is no field, or nothing that announces.");
    const words: string[] = [];
    const settled = new Promise<void>((resolve) => {
      new MutationObserver(() => {
        if (region.textContent) words.push(region.textContent);
        if (region.textContent?.startsWith("163")) resolve();
      }).observe(region, { childList: true, characterData: true, subtree: true });
    });
    const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
    for (const length of [161, 162, 163]) {
      write?.call(area, "x".repeat(length));
      area.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    await settled;
    return words;
  });
  expect(told).toEqual(["163 characters, 2 segments"]);
  await field().fill("");
});

/** Moves files over the window, or drops them, as a person's mouse does. */
async function dragFiles(
  act: "dragenter" | "dragover" | "dragleave" | "drop",
  files: { name: string; type: string; base64?: string; sizeBytes?: number }[],
): Promise<void> {
  await page.evaluate(
    ([kind, given]) => {
      const data = new DataTransfer();
      for (const { name, type, base64, sizeBytes } of given) {
        const content = base64
          ? Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))
          : new Uint8Array(sizeBytes ?? 1);
        data.items.add(new File([content], name, { type }));
      }
      document.body.dispatchEvent(
        new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }),
      );
    },
    [act, files] as const,
  );
}

test("files are dropped anywhere, with their progress, and each says what is wrong with it", async () => {
  const picture = {
    name: "wheel.png",
    type: "image/png",
    base64: buildPicture().toString("base64"),
  };
  const overlay = page.getByText(/^Drop /);
  await dragFiles("dragenter", [picture]);
  await expect(overlay).toBeVisible();
  await expect(page.locator(".lc-drop")).toContainText("Ann Lee");
  await dragFiles("dragleave", [picture]);
  await expect(overlay).toHaveCount(0);

  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/workspaces/*/media", async (route) => {
    await held;
    await route.continue();
  });
  await dragFiles("dragenter", [picture]);
  await dragFiles("drop", [
    picture,
    { name: "virus.exe", type: "application/x-msdownload", sizeBytes: 100 },
    { name: "film.mp4", type: "video/mp4", sizeBytes: 27_000_000 },
  ]);
  await expect(overlay).toHaveCount(0);
  const files = page.getByRole("list", { name: "Attached files" }).getByRole("listitem");
  await expect(files).toHaveCount(3);
  const wheel = files.filter({ hasText: "wheel.png" });
  await expect(wheel.getByRole("progressbar", { name: "Storing wheel.png" })).toBeVisible();
  await expect(wheel.locator("img")).toBeVisible();
  await expect(wheel.locator("img")).toHaveAttribute("alt", "");
  await expect(sendButton()).toHaveAttribute("aria-disabled", "true");
  await expect(files.filter({ hasText: "film.mp4" }).getByRole("alert")).toContainText(
    "Larger than 26.2 MB.",
  );
  release();
  await expect(wheel.getByRole("progressbar")).toHaveCount(0);
  await expect(files.filter({ hasText: "virus.exe" }).getByRole("alert")).not.toHaveText("");
  await page.unroute("**/api/workspaces/*/media");
  await field().fill("The wheel");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Remove the file that could not be stored.").first()).toBeVisible();
  await page.getByRole("button", { name: "Remove virus.exe" }).click();
  await page.getByRole("button", { name: "Remove film.mp4" }).click();
  await expect(files).toHaveCount(1);
  await field().press("Enter");
  await expect(bubble(page, "The wheel").getByRole("button", { name: /^Open / })).toBeVisible();
});

/** Pastes a picture where is written, as the browser reports it. */
async function pastePicture(where: Locator, name: string): Promise<void> {
  await where.evaluate(
    (area, [fileName, content]) => {
      const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], fileName, { type: "image/png" }));
      area.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    },
    [name, buildPicture().toString("base64")] as const,
  );
}

test("a picture is pasted, shown, taken away, and sent", async () => {
  const paste = () => pastePicture(field(), "bike.png");
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

test("a text is scheduled, changed, called off and taken up again", async () => {
  await field().fill("See you tomorow");
  await page.getByRole("button", { name: "Send later" }).click();
  const dialog = page.getByRole("dialog", { name: "Send later" });
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: /Tomorrow morning/ }).click();
  const summary = page.getByText(/^Scheduled for /);
  await expect(summary).toBeVisible();
  await expect(field()).toHaveValue("");
  await summary.click();
  const list = page.getByRole("list", { name: "Scheduled texts" });
  await expect(list).toContainText("See you tomorow");

  await list.getByRole("button", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Change the scheduled text" });
  await edit.getByRole("textbox", { name: "Text" }).fill("");
  await expect(edit.getByText("Write a text, or cancel it.")).toBeVisible();
  await edit.getByLabel("Day and time").fill("2020-01-01T09:00");
  await expect(edit.getByText("This time is over.")).toBeVisible();
  await expect(edit.getByRole("button", { name: "Save" })).toBeDisabled();
  await edit.getByRole("textbox", { name: "Text" }).fill("See you tomorrow");
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await edit.getByLabel("Day and time").fill(`${day}T16:45`);
  await edit.getByRole("switch", { name: "Cancel it if they reply first" }).click();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit).toHaveCount(0);
  await expect(list).toContainText("See you tomorrow");
  await expect(list).toContainText(/4:45\sPM · unless they reply first/);

  await list.getByRole("button", { name: "Cancel" }).click();
  await expect(summary).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await summary.click();
  await expect(list).toContainText("See you tomorrow");

  await textFromPhone(alice, workspaceId, { from: phone, body: "I am here already" });
  await expect(summary).toHaveCount(0);
  await expect(bubble(page, "See you tomorrow")).toContainText(
    "Called off, because the customer answered first.",
  );
  expect((await onPhone()).filter((body) => /^See you/.test(body))).toEqual([]);
});

test("a text that waited too long without a line asks before it goes", async ({ browser }) => {
  const tunnel = await openPage(browser, stage);
  await signInOnScreen(tunnel, "Alice");
  await tunnel.waitForURL(new RegExp(workspaceId));
  await tunnel.goto(`/w/${workspaceId}/c/${contactId}`);
  await expect(bubble(tunnel, "Are you open?")).toBeVisible();
  await tunnel.context().setOffline(true);
  const words = tunnel.getByRole("textbox", { name: /^Text message to/ });
  for (const text of ["On my way", "Drop this one"]) {
    await words.fill(text);
    await words.press("Enter");
    await expect(bubble(tunnel, text)).toContainText("Will send when online");
  }
  await tunnel.clock.setFixedTime(Date.now() + 6 * 60_000);
  await tunnel.context().setOffline(false);
  await expect(bubble(tunnel, "On my way")).toContainText(
    /Written at .* without a connection\. Send it now\?/,
    { timeout: 40_000 },
  );
  await expect(bubble(tunnel, "Drop this one")).toContainText("Send it now?");
  expect(await onPhone()).not.toContain("On my way");
  await bubble(tunnel, "Drop this one").getByRole("button", { name: "Delete" }).click();
  await expect(bubble(tunnel, "Drop this one")).toHaveCount(0);
  await bubble(tunnel, "On my way").getByRole("button", { name: "Send now" }).click();
  await expect(bubble(tunnel, "On my way")).toContainText("Delivered");
  expect((await onPhone()).filter((body) => body === "On my way")).toHaveLength(1);
  expect(await onPhone()).not.toContain("Drop this one");
});

test("a text into a likely night asks once, and offers the morning there", async ({ browser }) => {
  // Somewhere among these it is night, whenever this runs.
  const hourAt = (timeZone: string) =>
    Number(new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", hourCycle: "h23" }).format());
  const [sleeper] = (
    [
      ["+12125550119", "America/New_York"],
      ["+14155550119", "America/Los_Angeles"],
      ["+18085550119", "Pacific/Honolulu"],
      ["+819012345678", "Asia/Tokyo"],
      ["+919812345678", "Asia/Kolkata"],
      ["+447911123456", "Europe/London"],
    ] as const
  ).filter(([, zone]) => hourAt(zone) >= 22 || hourAt(zone) < 7);
  if (!sleeper) throw new Error("It is night nowhere.");
  const made = await alice.api("POST", `/api/workspaces/${workspaceId}/contacts`, {
    phoneNumber: sleeper[0],
    name: "Sam Sleeper",
  });
  const { id } = made.body as { id: string };
  const night = await openPage(browser, stage, {});
  await signInOnScreen(night, "Alice");
  await night.waitForURL(new RegExp(workspaceId));
  await night.goto(`/w/${workspaceId}/c/${id}`);
  const words = night.getByRole("textbox", { name: "Text message to Sam Sleeper" });
  const bar = night.getByRole("alertdialog", { name: "Send a text at night?" });
  await words.fill("Are you awake?");
  await words.press("Enter");
  await expect(bar).toContainText(/It is probably .* where Sam Sleeper lives, going by the number/);
  await expect(bar.getByRole("button", { name: "Keep writing" })).toBeFocused();
  await night.keyboard.press("Enter");
  await expect(bar).toHaveCount(0);
  await expect(words).toHaveValue("Are you awake?");
  await words.press("Enter");
  await bar.getByRole("button", { name: "Send at 8:00 there" }).click();
  await expect(night.getByText(/^Scheduled for /)).toBeVisible();
  await expect(words).toHaveValue("");

  await alice.api("PATCH", `/api/workspaces/${workspaceId}/contacts/${id}`, {
    timeZone: sleeper[1],
  });
  await words.fill("It is urgent");
  // The change of the contact comes by its own way.
  await expect(async () => {
    await words.press("Enter");
    await expect(bar).toContainText(/It is (?!probably)/, { timeout: 2000 });
  }).toPass();
  await bar.getByRole("button", { name: "Send anyway" }).click();
  await expect(bubble(night, "It is urgent")).toBeVisible();
  await words.fill("And one more");
  await words.press("Enter");
  await expect(bubble(night, "And one more")).toBeVisible();
  await expect(bar).toHaveCount(0);
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
});

test("a text for later stays one through what is asked about it", async ({ browser }) => {
  const bob = await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  const hourIn = (timeZone: string) =>
    Number(
      new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", hourCycle: "h23" }).format(
        morning,
      ),
    );
  const zone = ["America/New_York", "Pacific/Honolulu", "Asia/Tokyo", "Europe/London"].find(
    (each) => hourIn(each) >= 22 || hourIn(each) < 7,
  );
  const base = `/api/workspaces/${workspaceId}/contacts`;
  const made = await alice.api("POST", base, { phoneNumber: "+12125550133", name: "Nora Night" });
  const { id } = made.body as { id: string };
  await alice.api("PATCH", `${base}/${id}`, { timeZone: zone });
  const late = await openPage(browser, stage, {});
  await signInOnScreen(late, "Alice");
  await late.waitForURL(new RegExp(workspaceId));
  await late.goto(`/w/${workspaceId}/c/${id}`);
  const words = late.getByRole("textbox", { name: "Text message to Nora Night" });
  await words.fill("See you at nine");
  await bob.api("POST", "/api/sms/send-sms", { workspaceId, contactId: id, message: "From Bob" });
  await expect(bubble(late, "From Bob")).toBeVisible();
  await late.getByRole("button", { name: "Send later" }).click();
  await late.getByRole("button", { name: /Tomorrow morning.*there/ }).click();
  await late
    .getByRole("alertdialog", { name: "Someone answered while you were typing" })
    .getByRole("button", { name: "Schedule anyway" })
    .click();
  const night = late.getByRole("alertdialog", { name: "Send a text at night?" });
  await expect(night).toContainText(/Then it will be .* where Nora Night lives/);
  await night.getByRole("button", { name: "Schedule anyway" }).click();
  const summary = late.getByText(/^Scheduled for /);
  await summary.click();
  expect(await onPhone()).not.toContain("See you at nine");

  await late
    .getByRole("list", { name: "Scheduled texts" })
    .getByRole("button", { name: "Edit" })
    .click();
  const edit = late.getByRole("dialog", { name: "Change the scheduled text" });
  await edit.getByRole("textbox", { name: "Text" }).fill("Hi {{first_name}} of {{company}}");
  await expect(edit.getByText(/{{company}} can't be filled in/)).toBeVisible();
  await edit.getByRole("textbox", { name: "Text" }).fill("Hi {{first_name}}, nine it is");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(late.getByRole("list", { name: "Scheduled texts" })).toContainText(
    "Hi Nora, nine it is",
  );

  await page.goto(`/w/${workspaceId}/c/${id}`);
  await page.getByRole("textbox", { name: "Text message to Nora Night" }).fill("Begun before");
  await page.reload();
  await expect(bubble(page, "From Bob")).toBeVisible();
  await page.getByRole("textbox", { name: "Text message to Nora Night" }).press("Enter");
  await expect(bubble(page, "Begun before"), "an answer of before asks nothing").toBeVisible();
});

test("a note takes no files for the customer, and keys lead from one to the other", async () => {
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await page.getByRole("tab", { name: "Internal note" }).click();
  const note = page.getByRole("textbox", { name: "Internal note" });
  await expect(note).toBeFocused();
  await pastePicture(note, "secret.png");
  await note.fill("Not for her");
  await page.keyboard.press("Alt+l");
  await expect(field()).toBeFocused();
  await expect(page.getByRole("list", { name: "Attached files" })).toHaveCount(0);
  await page.keyboard.press("Alt+p");
  await expect(note).toBeFocused();
  await expect(note).toHaveValue("Not for her");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByRole("region", { name: "Internal note by You" }).last()).toContainText(
    "Not for her",
  );
  await expect(field()).toBeFocused();
});

test("what is sent from a page of the past is seen, and the conversation opens at the present", async () => {
  const from = "+12025550177";
  for (let n = 0; n < 120; n += 1) {
    await textFromPhone(alice, workspaceId, { from, body: `Line ${n} of many` });
  }
  const base = `/api/workspaces/${workspaceId}/contacts`;
  const found = await alice.api("GET", `${base}?q=${encodeURIComponent(from)}`);
  const id = (found.body as { items: { id: string }[] }).items[0]?.id;
  let cursor: string | null = "";
  let oldest = "";
  while (cursor !== null) {
    const { body } = await alice.api(
      "GET",
      `${base}/${id}/messages?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    const part = body as { items: { id: string }[]; olderCursor: string | null };
    oldest = part.items[0]?.id ?? oldest;
    cursor = part.olderCursor;
  }
  const link = `/w/${workspaceId}/c/${id}?m=${oldest}`;
  await page.goto(link);
  await expect(bubble(page, "Line 0 of many")).toBeVisible();
  await answer(page, "An answer to the past");
  await expect(bubble(page, "Line 119 of many")).toBeVisible();
  await expect(bubble(page, "An answer to the past")).toBeInViewport();

  await page.goto(link);
  await expect(bubble(page, "Line 0 of many")).toBeVisible();
  await conversationRow(page, /Nora Night/).click();
  await expect(bubble(page, "From Bob")).toBeVisible();
  await conversationRow(page, /0177/).click();
  await expect(bubble(page, "An answer to the past")).toBeInViewport();
  await expect(bubble(page, "Line 0 of many")).toHaveCount(0);
});
