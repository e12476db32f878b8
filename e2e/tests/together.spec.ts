import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "../support/inspect.ts";
import {
  listPhoneTexts,
  openWorkspace,
  type Person,
  signUp,
  signUpAgent,
  textFromPhone,
} from "../support/people.ts";
import { answer, bubble, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const phone = "+12025550151";
const unreachable = "+12025550152";

let stage: Stage;
let alice: Person;
let bob: Person;
let workspaceId: string;
let annId: string;
let alicePage: Page;
let bobPage: Page;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  bob = await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  await textFromPhone(alice, workspaceId, { from: phone, body: "Is my bike ready?" });
  const { body } = await alice.api("GET", `/api/workspaces/${workspaceId}/contacts`);
  annId = (body as { items: { id: string }[] }).items[0]?.id ?? "";
  await alice.api("PATCH", `/api/workspaces/${workspaceId}/contacts/${annId}`, { name: "Ann Lee" });
  alicePage = await open(browser, alice);
  bobPage = await open(browser, bob);
});

test.afterAll(async () => {
  await stage?.close();
});

async function open(browser: Browser, person: Person): Promise<Page> {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, person.name);
  await expect(conversationRow(page, "Ann Lee")).toBeVisible();
  return page;
}

async function schedule(
  person: Person,
  message: string,
  inHours: number,
  cancelOnReply = false,
): Promise<void> {
  const answered = await person.api("POST", "/api/sms/send-sms", {
    workspaceId,
    contactId: annId,
    message,
    mediaUrls: [],
    scheduledFor: new Date(Date.now() + inHours * 3_600_000).toISOString(),
    cancelOnReply,
  });
  expect(answered.status).toBe(200);
}

test("everyone's scheduled texts stand on one page, live, and are changed there", async () => {
  await alicePage.getByRole("link", { name: "Scheduled" }).click();
  await expect(alicePage.getByText("Nothing is scheduled")).toBeVisible();
  await expectAccessible(alicePage, "nothing scheduled");
  await bobPage.keyboard.press("Control+k");
  await bobPage.getByRole("combobox", { name: "Search and commands" }).fill("scheduled");
  await bobPage.getByRole("option", { name: /Go to scheduled texts/ }).click();
  await expect(bobPage.getByRole("heading", { name: "Scheduled texts" })).toBeVisible();

  const row = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });
  await schedule(bob, "The later one", 72);
  await schedule(alice, "The sooner one", 48, true);
  for (const page of [alicePage, bobPage]) {
    await expect(page.getByRole("listitem")).toHaveCount(2);
    await expect(page.getByRole("listitem").first()).toContainText("The sooner one");
    await expect(row(page, "The sooner one")).toContainText("Canceled if they reply first");
    await expect(row(page, "The later one")).not.toContainText("Canceled if they reply first");
    await expect(row(page, "The later one")).toContainText(/from \(\d{3}\) \d{3}-\d{4}/);
  }
  await expect(row(alicePage, "The sooner one")).toContainText("By you");
  await expect(row(bobPage, "The sooner one")).toContainText("By Alice");
  await expectAccessible(alicePage, "scheduled texts");

  await test.step("bob changes words and order, and alice sees it", async () => {
    await row(bobPage, "The sooner one").getByRole("button", { name: /^Edit/ }).click();
    const edit = bobPage.getByRole("dialog", { name: "Change the scheduled text" });
    await edit.getByRole("textbox", { name: "Text" }).fill("Now the last one");
    const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    await edit.getByLabel("Day and time").fill(`${day}T10:30`);
    await edit.getByRole("button", { name: "Save" }).click();
    await expect(alicePage.getByRole("listitem").last()).toContainText("Now the last one");
    await expect(alicePage.getByRole("listitem").first()).toContainText("The later one");
  });

  await test.step("alice calls it off, bob's row goes, and undo brings it back", async () => {
    await row(alicePage, "Now the last one")
      .getByRole("button", { name: /^Cancel/ })
      .click();
    await expect(row(bobPage, "Now the last one")).toHaveCount(0);
    await alicePage.getByRole("button", { name: "Undo" }).click();
    for (const page of [alicePage, bobPage]) {
      await expect(row(page, "Now the last one")).toBeVisible();
    }
  });

  await test.step("an answer calls off what was to be, and only that", async () => {
    await textFromPhone(alice, workspaceId, { from: phone, body: "Never mind" });
    await expect(row(alicePage, "Now the last one")).toHaveCount(0);
    await expect(row(alicePage, "The later one")).toBeVisible();
  });

  await test.step("one is sent at once, and the row leads to the conversation", async () => {
    await schedule(alice, "Kept for later", 96);
    await row(bobPage, "The later one")
      .getByRole("button", { name: /^Send now/ })
      .click();
    await expect(row(alicePage, "The later one")).toHaveCount(0);
    await expect
      .poll(async () => {
        const { messages } = await listPhoneTexts(alice, workspaceId);
        return messages.filter(({ body }) => body === "The later one").length;
      })
      .toBe(1);
    await row(alicePage, "Kept for later").getByRole("link", { name: "Ann Lee" }).click();
    await alicePage.waitForURL(new RegExp(`/c/${annId}`));
    await expect(bubble(alicePage, "The later one")).toBeVisible();
  });

  await test.step("a phone has it too", async () => {
    await bobPage.setViewportSize({ width: 390, height: 844 });
    await bobPage.getByRole("button", { name: "Account: Bob" }).click();
    await bobPage.getByRole("menuitem", { name: "Scheduled texts" }).click();
    await expect(row(bobPage, "Kept for later")).toBeVisible();
    const overflow = await bobPage.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await bobPage.setViewportSize({ width: 1440, height: 900 });
  });
});

test("what happened to a text is told in full, attempt by attempt", async () => {
  const made = await alice.api("POST", `/api/workspaces/${workspaceId}/contacts`, {
    phoneNumber: unreachable,
    name: "Ben Baker",
  });
  const { id } = made.body as { id: string };
  await alicePage.goto(`/w/${workspaceId}/c/${id}`);
  await answer(alicePage, "It’s ready");
  await expect(bubble(alicePage, "ready")).toContainText("Delivered");
  await bubble(alicePage, "ready").getByText("It’s ready").click({ button: "right" });
  await alicePage.getByRole("menuitem", { name: "Details" }).click();
  const details = alicePage.getByRole("dialog", { name: "Details of the text" });
  await expect(details).toContainText("Written byYou");
  await expect(details).toContainText(/From\(\d{3}\) \d{3}-\d{4}/);
  await expect(details).toContainText("10 characters · 1 segment · Unicode (UCS-2)");
  const story = details.getByRole("region", { name: "What happened" });
  await expect(
    story.getByRole("listitem").filter({ hasText: "Handed to the carrier" }),
  ).toHaveCount(1);
  await expect(story.getByRole("listitem").filter({ hasText: "Delivered" })).toHaveCount(1);
  await expect(story.locator("time")).not.toHaveCount(0);
  const sid = (await story.locator("code").textContent()) ?? "";
  expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
  await alicePage.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await story.getByRole("button", { name: `Copy ${sid}` }).click();
  expect(await alicePage.evaluate(() => navigator.clipboard.readText())).toBe(sid);
  await expectAccessible(alicePage, "details of a text");
  await alicePage.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
});

test("a contact card shows whom it is of, and begins a conversation", async () => {
  const card = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    "FN:Cleo Clark",
    "ORG:Clark & Co",
    "TEL;TYPE=CELL:+1 202 555 0153",
    "TEL;TYPE=WORK:555",
    "URL:javascript:alert(1)",
    "END:VCARD",
    "",
  ].join("\r\n");
  await alicePage.goto(`/w/${workspaceId}/c/${annId}`);
  await textFromPhone(alice, workspaceId, {
    from: phone,
    body: "",
    media: [{ contentType: "text/x-vcard", base64: Buffer.from(card).toString("base64") }],
  });
  const person = alicePage.getByRole("region", { name: "Contact card of Cleo Clark" });
  await expect(person).toContainText("Clark & Co");
  await expect(person.getByRole("listitem").first()).toContainText("(202) 555-0153");
  await expect(person.getByRole("listitem").first()).toContainText("Mobile");
  await expect(person.getByRole("listitem").last()).toContainText("555");
  await expect(alicePage.locator('a[href^="javascript:"]')).toHaveCount(0);
  await expectAccessible(alicePage, "a contact card");
  await alicePage.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await person.getByRole("button", { name: "Copy (202) 555-0153" }).click();
  expect(await alicePage.evaluate(() => navigator.clipboard.readText())).toBe("+12025550153");
  await person.getByRole("button", { name: /^New conversation with Cleo Clark/ }).click();
  const dialog = alicePage.getByRole("dialog", { name: "New conversation" });
  await expect(dialog.getByLabel("Name (optional)")).toHaveValue("Cleo Clark");
  await dialog.getByRole("button", { name: "Start" }).click();
  await expect(alicePage.getByRole("heading", { level: 2, name: "Cleo Clark" })).toBeVisible();
});

test("who was slower is told, and overwrites nothing", async () => {
  await bobPage.goto(`/w/${workspaceId}/c/${annId}`);
  await expect(bobPage.getByRole("button", { name: "Done", exact: true })).toBeVisible();
  // Alice is faster by the moment in which bob's request is on its way.
  await bobPage.route("**/conversations/changes", async (route) => {
    const faster = await alice.api("POST", `/api/workspaces/${workspaceId}/conversations/changes`, {
      changes: [{ contactId: annId, set: { assignedTo: alice.userId } }],
    });
    expect(faster.status).toBe(200);
    await route.continue();
  });
  await bobPage.getByRole("button", { name: "Assign" }).click();
  await bobPage.getByRole("combobox", { name: "Assign to" }).fill("bob");
  await expect(bobPage.getByRole("option")).toHaveCount(1);
  await bobPage.keyboard.press("Enter");
  await expect(bobPage.getByText("Someone else changed Ann Lee first")).toBeVisible();
  await expect(
    bobPage.getByText("It is assigned to Alice now. Nothing was overwritten."),
  ).toBeVisible();
  await expect(bobPage.getByText("assigned to Alice").first()).toBeVisible();
  await bobPage.unroute("**/conversations/changes");
});

test("a colleague who left the screen is away, and back with the first touch", async () => {
  // On this page five minutes without a touch are over in three seconds.
  await bobPage.addInitScript(() => {
    const wait = window.setTimeout.bind(window);
    window.setTimeout = ((act: () => void, ms?: number) =>
      wait(act, ms === 300_000 ? 3000 : ms)) as typeof window.setTimeout;
  });
  await bobPage.goto(`/w/${workspaceId}/c/${annId}`);
  await expect(bubble(bobPage, "Is my bike ready?")).toBeVisible();
  await alicePage.goto(`/w/${workspaceId}/c/${annId}`);
  const becomes = (words: string, act: () => Promise<void>) =>
    expect(async () => {
      await act();
      await alicePage.getByRole("button", { name: "Assign" }).click();
      await alicePage.getByRole("combobox", { name: "Assign to" }).fill("bob");
      try {
        await expect(alicePage.getByRole("option", { name: /Bob/ })).toContainText(words, {
          timeout: 2500,
        });
      } finally {
        await alicePage.keyboard.press("Escape");
      }
    }).toPass({ timeout: 60_000 });
  await becomes("Away", async () => {});
  let x = 300;
  await becomes("Online", async () => {
    x += 10;
    await bobPage.mouse.move(x, 300);
  });
  await becomes("Away", async () => {});
});

test("settings with unsaved changes ask once before they are left", async () => {
  await alicePage.goto(`/w/${workspaceId}/settings/profile`);
  const name = alicePage.getByLabel("Your name");
  await name.fill("Alice Unsaved");
  const ask = alicePage.getByRole("alertdialog", { name: "Leave without saving?" });
  await alicePage.getByRole("link", { name: "Contacts", exact: true }).click();
  await expect(ask.getByRole("button", { name: "Keep editing" })).toBeFocused();
  await alicePage.keyboard.press("Enter");
  await expect(ask).toHaveCount(0);
  await expect(name).toHaveValue("Alice Unsaved");
  await expect(alicePage).toHaveURL(/settings\/profile/);
  await alicePage.getByRole("link", { name: "Contacts", exact: true }).click();
  await ask.getByRole("button", { name: "Leave" }).click();
  await expect(alicePage.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();

  await alicePage.goto(`/w/${workspaceId}/settings/replies`);
  await alicePage.getByRole("button", { name: "Add a reply" }).click();
  await alicePage.getByLabel("Shortcut").fill("hours");
  await alicePage.getByRole("link", { name: "Inbox", exact: true }).click();
  await expect(ask).toBeVisible();
  await ask.getByRole("button", { name: "Keep editing" }).click();
  await alicePage.getByRole("button", { name: "Cancel" }).click();
  await alicePage.getByRole("link", { name: "Inbox", exact: true }).click();
  await expect(conversationRow(alicePage, "Ann Lee")).toBeVisible();
  await expect(ask).toHaveCount(0);
});
