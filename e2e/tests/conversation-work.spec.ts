import { contactList } from "@livechat/shared";
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
import {
  answer,
  bubble,
  conversationRow,
  openPage,
  signInOnScreen,
  thread,
} from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const phones = ["+12025550181", "+12025550182", "+12025550183", "+12025550184"] as const;
const names = ["Ann Archer", "Ben Baker", "Cleo Clark", "Dan Dyer"] as const;

let stage: Stage;
let alice: Person;
let bob: Person;
let workspaceId: string;

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  bob = await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
});

test.afterAll(async () => {
  await stage?.close();
});

test.beforeEach(async () => {
  // Every test begins with four open conversations that are nobody's.
  for (const [at, from] of phones.entries()) {
    await textFromPhone(alice, workspaceId, { from, body: `Hello from ${names[at]}` });
  }
  const { body } = await alice.api("GET", `/api/workspaces/${workspaceId}/contacts`);
  for (const row of contactList.parse(body).items) {
    const name = names[phones.findIndex((phone) => row.phoneNumber.includes(phone))];
    await alice.api("PATCH", `/api/workspaces/${workspaceId}/contacts/${row.id}`, { name });
    await change(row.id, { assignedTo: null, snoozedUntil: null, isBlocked: false });
    await change(row.id, { conversationStatus: "Open" });
  }
});

async function change(contactId: string, set: object): Promise<void> {
  const answered = await alice.api("POST", `/api/workspaces/${workspaceId}/conversations/changes`, {
    changes: [{ contactId, set }],
  });
  expect(answered.status).toBe(200);
}

async function open(browser: Browser, person: Person, width = 1440): Promise<Page> {
  const page = await openPage(browser, stage);
  if (width < 768) await page.setViewportSize({ width, height: 844 });
  await signInOnScreen(page, person.name);
  await expect(conversationRow(page, names[0])).toBeVisible();
  return page;
}

const view = (page: Page, name: string) =>
  page.getByRole("list", { name: "Views" }).getByRole("link", { name: new RegExp(`^${name}`) });

async function showView(page: Page, name: string): Promise<void> {
  await page.getByRole("list", { name: "Views" }).getByRole("button").click();
  await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
}

async function undo(page: Page): Promise<void> {
  // The one before leaves as the new one comes.
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  // The toast gives the focus back as it leaves.
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
}

test("what one agent does with a conversation, the other sees as it happens", async ({
  browser,
}) => {
  const alicePage = await open(browser, alice);
  const bobPage = await open(browser, bob);
  await expect(view(alicePage, "All")).toContainText("4");
  await expect(view(bobPage, "Unassigned")).toContainText("4");

  await test.step("alice takes one on, and it leaves bob's list of what is nobody's", async () => {
    await view(bobPage, "Unassigned").click();
    await expect(bobPage).toHaveURL(/view=unassigned/);
    await conversationRow(alicePage, names[1]).click();
    await alicePage.getByRole("button", { name: "Assign" }).click();
    await alicePage.getByRole("combobox", { name: "Assign to" }).fill("ali");
    await expect(alicePage.getByRole("option", { name: /Alice \(you\)/ })).toContainText("Online");
    await alicePage.keyboard.press("Enter");
    await expect(alicePage.getByText("assigned to you")).toBeVisible();
    await expect(thread(alicePage)).toContainText("You took this on");
    await expect(conversationRow(bobPage, names[1])).toHaveCount(0);
    await expect(view(bobPage, "Unassigned")).toContainText("3");
    await expect(view(alicePage, "Mine")).toContainText("1");
    await expect(view(bobPage, "Mine")).not.toContainText("1");
  });

  await test.step("bob sees who views and who replies, in head and row", async () => {
    await view(bobPage, "All").click();
    await conversationRow(bobPage, names[1]).click();
    await expect(bobPage.getByText("Alice is viewing", { exact: true })).toBeVisible();
    await alicePage.getByRole("textbox", { name: /^Text message to / }).pressSequentially("Hi");
    await expect(conversationRow(bobPage, names[1])).toContainText("Alice is replying");
  });

  await test.step("who was answered for is told before a text goes out twice", async () => {
    await bobPage.getByRole("textbox", { name: /^Text message to / }).fill("I am on it");
    await answer(alicePage, "Your bike is ready.");
    await expect(bubble(bobPage, "Your bike is ready.")).toBeVisible();
    await bobPage.getByRole("button", { name: "Send message" }).click();
    const guard = bobPage.getByRole("alertdialog", { name: /answered while you were typing/ });
    await expect(guard).toContainText("Your bike is ready.");
    await guard.getByRole("button", { name: "Keep writing" }).click();
    await expect(bubble(bobPage, "I am on it")).toHaveCount(0);
    await bobPage.getByRole("button", { name: "Send message" }).click();
    await expect(bubble(bobPage, "I am on it")).toBeVisible();
  });

  await test.step("done goes on to the next, is undone, and ends by the customer's text", async () => {
    await alicePage.getByRole("button", { name: "Done", exact: true }).click();
    await expect(conversationRow(alicePage, names[1])).toHaveCount(0);
    await expect(conversationRow(bobPage, names[1])).toHaveCount(0);
    await expect(thread(bobPage)).toContainText("Alice marked this as done");
    await expect(alicePage.getByRole("heading", { level: 2, name: names[1] })).toHaveCount(0);
    await undo(alicePage);
    await expect(conversationRow(bobPage, names[1])).toBeVisible();
    await expect(alicePage.getByRole("heading", { level: 2, name: names[1] })).toBeVisible();
    await alicePage.getByRole("button", { name: "Done", exact: true }).click();
    await expect(conversationRow(bobPage, names[1])).toHaveCount(0);
    await textFromPhone(alice, workspaceId, { from: phones[1], body: "One more thing" });
    await expect(conversationRow(bobPage, names[1])).toContainText("One more thing");
    await expect(thread(bobPage)).toContainText("Reopened by a new text");
  });
});

test("a note with a mention reaches the colleague and never the customer", async ({ browser }) => {
  const alicePage = await open(browser, alice);
  const bobPage = await open(browser, bob);
  await conversationRow(alicePage, names[0]).click();
  await alicePage.getByRole("tab", { name: "Internal note" }).click();
  const field = alicePage.getByRole("textbox", { name: "Internal note" });
  await field.pressSequentially("Ask @bo");
  await alicePage.getByRole("listbox", { name: "Members" }).getByRole("option").waitFor();
  await field.press("Enter");
  await field.pressSequentially("about the brakes");
  await expect(field).toHaveValue("Ask @Bob about the brakes");
  await expect(alicePage.getByRole("button", { name: "Send message" })).toHaveCount(0);
  await alicePage.getByRole("button", { name: "Add note" }).click();
  const note = alicePage.getByRole("region", { name: "Internal note by You" });
  await expect(note).toContainText("Ask @Bob about the brakes");

  await expect(bobPage.getByRole("button", { name: /1 unread mentions/ })).toBeVisible();
  await showView(bobPage, "Mentions");
  const mention = bobPage.getByRole("list", { name: "Mentions" }).getByRole("link");
  await expect(mention).toContainText("Ask @Bob about the brakes");
  await expect(mention).toContainText("unread");
  await mention.click();
  await expect(bobPage.getByRole("region", { name: "Internal note by Alice" })).toBeVisible();
  await expect(mention).not.toContainText("unread");

  await note.getByRole("button", { name: "Edit" }).click();
  await note.getByRole("textbox").fill("Ask @Bob about the chain");
  await note.getByRole("button", { name: "Save" }).click();
  await expect(bobPage.getByRole("region", { name: "Internal note by Alice" })).toContainText(
    "about the chain",
  );
  const { messages } = await listPhoneTexts(alice, workspaceId);
  expect(messages.filter((text) => text.body.includes("Ask @Bob"))).toEqual([]);
});

test("several at once, by mouse and by keys alone, with one undo", async ({ browser }) => {
  const alicePage = await open(browser, alice);
  const bobPage = await open(browser, bob);
  await conversationRow(alicePage, names[3]).click({ modifiers: ["ControlOrMeta"] });
  await conversationRow(alicePage, names[1]).click({ modifiers: ["Shift"] });
  const bar = alicePage.getByRole("toolbar", { name: "Selected conversations" });
  await expect(bar).toContainText("3 selected");
  await bar.getByRole("button", { name: "Snooze" }).click();
  await alicePage.getByRole("option", { name: /Tomorrow/ }).click();
  await expect(conversationRow(bobPage, names[3])).toHaveCount(0);
  await expect(view(bobPage, "All")).toContainText("1");
  await showView(bobPage, "Snoozed");
  await expect(bobPage).toHaveURL(/view=snoozed/);
  await expect(conversationRow(bobPage, names[3])).toContainText("Snoozed until");
  await undo(alicePage);
  await expect(conversationRow(bobPage, names[3])).toHaveCount(0);
  await expect(view(bobPage, "All")).toContainText("4");

  await conversationRow(alicePage, names[3]).focus();
  await alicePage.keyboard.press("x");
  await alicePage.keyboard.press("ArrowDown");
  await alicePage.keyboard.press("x");
  await expect(bar).toContainText("2 selected");
  await alicePage.keyboard.press("e");
  await expect(view(bobPage, "All")).toContainText("2");
  await undo(alicePage);
  await expect(view(bobPage, "All")).toContainText("4");
});

test("a tag is made, worn, looked at alone and removed", async ({ browser }) => {
  const alicePage = await open(browser, alice);
  const bobPage = await open(browser, bob);
  await alicePage.goto(`/w/${workspaceId}/settings/conversations`);
  await alicePage.getByLabel("New tag").fill("Urgent");
  await alicePage.getByRole("button", { name: "Add", exact: true }).click();
  await expect(alicePage.getByLabel("Name of the tag Urgent")).toBeVisible();
  await conversationRow(bobPage, names[2]).click({ button: "right" });
  await bobPage.getByRole("menuitem", { name: "Tags…" }).click();
  await bobPage.getByRole("option", { name: "Urgent" }).click();
  await bobPage.keyboard.press("Escape");
  await expect(conversationRow(bobPage, names[2])).toContainText("tagged Urgent");
  await showView(bobPage, "Urgent");
  await expect(bobPage).toHaveURL(/tag=/);
  await expect(conversationRow(bobPage, names[0])).toHaveCount(0);
  await expect(conversationRow(bobPage, names[2])).toBeVisible();
  await alicePage.getByRole("button", { name: "Remove the tag Urgent" }).click();
  await alicePage.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(conversationRow(bobPage, names[2])).toHaveCount(0);
});

test("who is blocked calls nobody; what is deleted is gone for all and comes back by undo", async ({
  browser,
}) => {
  const alicePage = await open(browser, alice);
  const bobPage = await open(browser, bob);
  await conversationRow(alicePage, names[0]).click({ button: "right" });
  await alicePage.getByRole("menuitem", { name: "Block" }).click();
  await expect(conversationRow(bobPage, names[0])).toHaveCount(0);
  await textFromPhone(alice, workspaceId, { from: phones[0], body: "Cheap watches" });
  await showView(bobPage, "Blocked");
  await expect(conversationRow(bobPage, names[0])).toContainText("Cheap watches");
  await expect(conversationRow(bobPage, names[0])).not.toContainText("unread");
  await conversationRow(bobPage, names[0]).click();
  await expect(bobPage.getByText("This contact is blocked")).toBeVisible();
  await expect(bobPage.getByRole("menuitem", { name: "Delete…" })).toHaveCount(0);

  await conversationRow(alicePage, names[2]).click({ button: "right" });
  await alicePage.getByRole("menuitem", { name: "Delete…" }).click();
  const question = alicePage.getByRole("alertdialog", { name: `Delete ${names[2]}?` });
  await expect(question).toContainText("all texts, pictures and files, notes");
  await view(bobPage, "All").click();
  await expect(conversationRow(bobPage, names[2])).toBeVisible();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(conversationRow(bobPage, names[2])).toHaveCount(0);
  await undo(alicePage);
  await expect(conversationRow(bobPage, names[2])).toBeVisible();
});

test("the list stays where it is read while texts come in, and says how many are new", async ({
  browser,
}) => {
  for (let n = 10; n < 30; n += 1) {
    await textFromPhone(alice, workspaceId, { from: `+120255502${n}`, body: `Row ${n}` });
  }
  const page = await openPage(browser, stage);
  await signInOnScreen(page, alice.name);
  const list = page.getByRole("listbox", { name: /^Conversations/ });
  const rows = list.getByRole("option");
  await expect(rows.first()).toHaveAttribute("aria-setsize", "24");
  await expect(rows.first()).toHaveAttribute("aria-posinset", "1");
  const pane = list.locator("xpath=..");
  await pane.evaluate((element) => {
    element.scrollTop = 400;
  });
  const read = conversationRow(page, /Row 20/);
  const before = await read.boundingBox();
  await textFromPhone(alice, workspaceId, { from: phones[0], body: "From below" });
  const pill = page.getByRole("button", { name: "1 new" });
  await expect(pill).toBeVisible();
  expect(Math.abs(((await read.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
  await pill.click();
  await expect(rows.first()).toContainText("From below");
  await expect(rows.first()).toBeInViewport();
  await expect(pill).toHaveCount(0);

  await test.step("though it is the row at the very top that gets a text", async () => {
    await pane.evaluate((element) => {
      element.scrollTop = 400;
    });
    const top = conversationRow(page, /Row 25/);
    const paneTopPx = (await pane.boundingBox())?.y ?? 0;
    await expect
      .poll(async () => {
        const box = await top.boundingBox();
        return box && box.y < paneTopPx && box.y + box.height > paneTopPx;
      })
      .toBe(true);
    const others = [24, 23, 20, 18].map((n) => conversationRow(page, new RegExp(`Row ${n}`)));
    const placesPx = () =>
      Promise.all(others.map(async (row) => Math.round((await row.boundingBox())?.y ?? 0)));
    const placesBefore = await placesPx();
    await textFromPhone(alice, workspaceId, { from: "+12025550225", body: "From the edge" });
    await expect(rows.first()).toContainText("From the edge");
    await expect(pill).toBeVisible();
    expect(await placesPx()).toEqual(placesBefore);
  });

  await test.step("only what comes into this list from above is new", async () => {
    const shown = contactList.parse(
      (await alice.api("GET", `/api/workspaces/${workspaceId}/contacts`)).body,
    );
    const ann = shown.items.find((row) => row.name === names[0]);
    if (!ann) throw new Error("Ann is not there.");
    await change(ann.id, { assignedTo: bob.userId });
    await view(page, "Unassigned").click();
    await expect(rows.first()).toHaveAttribute("aria-setsize", "23");
    const scrollDown = () =>
      pane.evaluate((element) => {
        element.scrollTop = 400;
      });
    await scrollDown();
    await textFromPhone(alice, workspaceId, { from: phones[0], body: "Not for this list" });
    await textFromPhone(alice, workspaceId, { from: phones[1], body: "For this list" });
    await expect(page.getByRole("button", { name: /^\d new$/ })).toHaveText("1 new");
    await page.goto(`/w/${workspaceId}?sort=waiting`);
    await expect(rows.first()).toHaveAttribute("aria-setsize", "24");
    await scrollDown();
    const waiting = rows.nth(8);
    const name = (await waiting.locator(".lc-row-name").textContent()) ?? "";
    const phone = shown.items.find((row) => row.name === name)?.phoneNumber;
    const from = phone ?? `+1${name.replaceAll(/\D/g, "").slice(-10)}`;
    await textFromPhone(alice, workspaceId, { from, body: "Still waiting" });
    await expect(waiting).toContainText("Still waiting");
    await expect(page.getByRole("button", { name: /^\d new$/ })).toHaveCount(0);
  });
});

test("among the unread, what is read stays until the next is opened, and leads on to it", async ({
  browser,
}) => {
  const page = await open(browser, alice);
  await showView(page, "Unread");
  await expect(page).toHaveURL(/view=unread/);
  const title = (name: string) => page.getByRole("heading", { level: 2, name });
  const [ann, ben, cleo] = names;
  await conversationRow(page, cleo).click();
  await expect(title(cleo)).toBeVisible();
  await expect(conversationRow(page, cleo)).not.toContainText("unread");
  await page.keyboard.press("Escape");
  await expect(conversationRow(page, cleo)).toBeFocused();
  await page.keyboard.press("e");
  await expect(title(ben)).toBeVisible();
  await expect(conversationRow(page, cleo)).toHaveCount(0);
  await expect(conversationRow(page, ben)).not.toContainText("unread");
  await page.keyboard.press("Alt+J");
  await expect(title(ann)).toBeVisible();
  await expect(conversationRow(page, ben)).toHaveCount(0);
});

for (const opensNext of [true, false]) {
  test(`what is marked as unread stays so, ${opensNext ? "" : "not "}going on to the next one`, async ({
    browser,
  }) => {
    const page = await openPage(browser, stage, { warnsInQuietHours: false, opensNext });
    await signInOnScreen(page, alice.name);
    const [, ben, cleo, dan] = names.map((name) => conversationRow(page, name));
    if (!ben || !cleo || !dan) throw new Error("A row is missing.");
    await cleo.click();
    await expect(cleo).not.toContainText("unread");
    await cleo.focus();
    await page.keyboard.press("u");
    await expect(cleo).toContainText("1 unread");
    // Twice as long as a conversation that is open needs to be read.
    await page.waitForTimeout(2500);
    await expect(page).toHaveURL(new RegExp(`/w/${workspaceId}$`));
    await expect(cleo).toContainText("1 unread");
    for (const row of [ben, dan]) await expect(row).toContainText("unread");
  });
}

test("a glance that is cut short does not count towards a second of reading", async ({
  browser,
}) => {
  const page = await open(browser, alice);
  const setFocused = (isFocused: boolean) =>
    page.evaluate((hasIt) => {
      document.hasFocus = () => hasIt;
      window.dispatchEvent(new Event(hasIt ? "focus" : "blur"));
    }, isFocused);
  await setFocused(false);
  await conversationRow(page, names[2]).click();
  await expect(bubble(page, `Hello from ${names[2]}`).last()).toBeVisible();
  const marked = page.waitForRequest(/\/read$/).then(() => Date.now());
  await setFocused(true);
  await page.waitForTimeout(600);
  await setFocused(false);
  const backAt = Date.now();
  await setFocused(true);
  expect((await marked) - backAt).toBeGreaterThan(900);
  await expect(conversationRow(page, names[2])).not.toContainText("unread");
});

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`a list that takes its time is drawn in outline, with motion ${reducedMotion}`, async ({
    browser,
  }) => {
    const page = await openPage(browser, stage, { density: "compact" });
    await page.emulateMedia({ reducedMotion });
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        const row = document.querySelector(".lc-skeleton");
        if (!row) return;
        observer.disconnect();
        document.documentElement.dataset.firstOpacity = getComputedStyle(row).opacity;
      }).observe(document, { childList: true, subtree: true });
    });
    await page.route(/\/contacts\?/, () => {});
    await signInOnScreen(page, alice.name);
    const row = page.locator(".lc-skeleton").first();
    await expect(row).toHaveCSS("height", "56px");
    await expect(page.locator("html")).toHaveAttribute("data-first-opacity", "0");
    await expect
      .poll(() => row.evaluate((element) => Number(getComputedStyle(element).opacity)))
      .toBeGreaterThan(0.4);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
}

test("on a phone the same is done with a thumb", async ({ browser }) => {
  const page = await open(browser, alice, 390);
  const bobPage = await open(browser, bob);
  await conversationRow(page, names[3]).click();
  await page
    .getByRole("button", { name: "Mark as done" })
    .or(page.getByTitle("Mark as done"))
    .first()
    .click();
  await expect(conversationRow(bobPage, names[3])).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/w/${workspaceId}$`));
  await undo(page);
  await expect(conversationRow(bobPage, names[3])).toBeVisible();
  await page.goto(`/w/${workspaceId}`);
  await swipe(page, names[1], -160);
  await expect(conversationRow(bobPage, names[1])).toHaveCount(0);
  await swipe(page, names[2], 160);
  await expect(conversationRow(bobPage, names[2])).not.toContainText("unread");
});

for (const width of [1440, 390]) {
  test(`what one works with has no fault for anyone at ${width} px`, async ({ browser }) => {
    const page = await open(browser, alice, width);
    const seen: string[] = [];
    const look = async (name: string) => {
      seen.push(name);
      await expectAccessible(page, name);
    };
    await conversationRow(page, names[3]).focus();
    await page.keyboard.press("x");
    await look("rows selected");
    await page.keyboard.press("z");
    await expect(page.getByRole("listbox", { name: "Snooze until" })).toBeVisible();
    await look("snooze picker");
    // At once: the focus that the first one gives back must not close the second.
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await expect(page.getByRole("combobox", { name: "Assign to" })).toBeFocused();
    await look("assign picker");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Select none" }).click();
    await page.getByRole("list", { name: "Views" }).getByRole("button").click();
    await expect(page.getByRole("menuitem", { name: "Snoozed" })).toBeVisible();
    await look("views");
    await page.keyboard.press("Escape");
    await conversationRow(page, names[0]).click();
    await page.getByRole("tab", { name: "Internal note" }).click();
    const field = page.getByRole("textbox", { name: "Internal note" });
    await field.pressSequentially("Ask @bo");
    await expect(page.getByRole("listbox", { name: "Members" })).toBeVisible();
    await look("writing a note");
    await field.press("Enter");
    await page.getByRole("button", { name: "Add note" }).click();
    await expect(page.getByRole("region", { name: "Internal note by You" }).last()).toBeVisible();
    if (width < 768) {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Assign…" }).click();
    } else await page.getByRole("button", { name: "Assign" }).click();
    await page.getByRole("option", { name: /Alice/ }).click();
    await expect(thread(page)).toContainText("You took this on");
    await look("note and line");
    expect(seen).toHaveLength(6);
  });
}

/** A finger's swipe over a row, as the browser reports it. */
async function swipe(page: Page, name: string, byPx: number): Promise<void> {
  const row = conversationRow(page, name);
  await expect(row).toBeVisible();
  await row.evaluate((element, px) => {
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const send = (type: string, dx: number) =>
      element.dispatchEvent(
        new PointerEvent(type, {
          bubbles: true,
          pointerId: 1,
          pointerType: "touch",
          isPrimary: true,
          clientX: x + dx,
          clientY: y,
        }),
      );
    // Only a real pointer can be captured.
    element.setPointerCapture = () => {};
    send("pointerdown", 0);
    for (let step = 1; step <= 8; step += 1) send("pointermove", (px * step) / 8);
    send("pointerup", px);
  }, byPx);
}
