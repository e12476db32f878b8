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

const home = "+12025550161";
const work = "+12025550162";

let stage: Stage;
let alice: Person;
let bob: Person;
let workspaceId: string;
const ids = new Map<string, string>();

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  bob = await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  await textFromPhone(alice, workspaceId, { from: home, body: "Hello from home" });
  await textFromPhone(alice, workspaceId, { from: work, body: "Hello from work" });
  const base = `/api/workspaces/${workspaceId}/contacts`;
  const { body } = await alice.api("GET", base);
  for (const row of contactList.parse(body).items) ids.set(row.phoneNumber, row.id);
  await alice.api("PATCH", `${base}/${ids.get(home)}`, { name: "Ann Archer", email: "ann@a.test" });
  await alice.api("PATCH", `${base}/${ids.get(work)}`, {
    name: "A. Archer",
    email: "ANN@a.test",
    company: "Archer & Co",
  });
});

test.afterAll(async () => {
  await stage?.close();
});

async function open(
  browser: Browser,
  person: Person,
  contact: string | RegExp = "Ann Archer",
): Promise<Page> {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, person.name);
  await expect(conversationRow(page, contact)).toBeVisible();
  return page;
}

const dialog = (page: Page) => page.getByRole("dialog");
const details = (page: Page) => page.getByRole("region", { name: "Contact details" });

test("two cards of one person become one conversation, live for two agents", async ({
  browser,
}) => {
  const alicePage = await open(browser, alice);
  const bobPage = await open(browser, bob);

  await test.step("bob begins an answer in the second conversation", async () => {
    await conversationRow(bobPage, "A. Archer").click();
    await expect(bubble(bobPage, "Hello from work")).toBeVisible();
    await bobPage.getByLabel(/^Text message to/).fill("Begun by Bob");
  });

  await test.step("alice is told of the likely duplicate, and compares both with the keyboard", async () => {
    await conversationRow(alicePage, "Ann Archer").click();
    await alicePage.getByRole("button", { name: "Contact details" }).click();
    await expect(details(alicePage)).toContainText("This may be the same person as A. Archer.");
    await details(alicePage).getByRole("button", { name: "Merge with…" }).click();
    const field = alicePage.getByRole("combobox", { name: "Find the other contact" });
    await field.fill("0162");
    await expect(dialog(alicePage).getByRole("option", { name: /A\. Archer/ })).toBeVisible();
    await expectAccessible(alicePage, "finding the other contact");
    await field.press("Enter");
    await expect(dialog(alicePage)).toContainText("Merges into it");
    await expect(dialog(alicePage)).toContainText("1 text");
    await expect(dialog(alicePage)).toContainText(
      "Texts from (202) 555-0162 land in this conversation from now on.",
    );
    await expectAccessible(alicePage, "comparing two contacts");
    await alicePage.reload();
    await expect(alicePage.locator("textarea")).toBeAttached();
    await expect(dialog(alicePage), "the page behind takes it away from nobody").toContainText(
      "Merges into it",
    );
    await alicePage.getByRole("radio", { name: "A. Archer" }).check();
    await alicePage.getByRole("button", { name: "Merge", exact: true }).press("Enter");
    await expect(dialog(alicePage)).toHaveCount(0);
  });

  await test.step("both texts stand in one thread, with a line that says who did it", async () => {
    await expect(bubble(alicePage, "Hello from home")).toBeVisible();
    await expect(bubble(alicePage, "Hello from work")).toBeVisible();
    await expect(thread(alicePage)).toContainText(
      "You merged \u2068A. Archer\u2069, (202) 555-0162, into this conversation",
    );
    await expect(details(alicePage)).toContainText("(202) 555-0162");
    await expect(details(alicePage)).toContainText("Archer & Co");
    await expect(conversationRow(alicePage, "Ann Archer")).toHaveCount(0);
  });

  await test.step("bob lands in it, is told why, and has his draft", async () => {
    await expect(bobPage).toHaveURL(new RegExp(`/c/${ids.get(home)}`));
    await expect(bobPage.getByText("Alice merged this conversation")).toBeVisible();
    await expect(bobPage.getByLabel(/^Text message to/)).toHaveValue("Begun by Bob");
    await expect(bubble(bobPage, "Hello from home")).toBeVisible();
    await expect(bubble(bobPage, "Hello from work")).toBeVisible();
  });
});

test("a conversation with two numbers answers either, and becomes two conversations again", async ({
  browser,
}) => {
  const alicePage = await open(browser, alice, "A. Archer");
  const bobPage = await open(browser, bob, "A. Archer");
  await conversationRow(alicePage, "A. Archer").click();
  await alicePage.getByRole("button", { name: "Contact details" }).click();
  await conversationRow(bobPage, "A. Archer").click();

  await test.step("an answer goes to the number they wrote from last, or the chosen one", async () => {
    const to = bobPage.getByLabel("To", { exact: true });
    await expect(to).toHaveValue(work);
    await answer(bobPage, "To your work number");
    await textFromPhone(alice, workspaceId, { from: home, body: "Home again" });
    await expect(bubble(bobPage, "Home again")).toContainText("(202) 555-0161");
    await expect(to).toHaveValue(home);
    await to.selectOption(work);
    await answer(bobPage, "To work, as chosen");
    await expect(bubble(bobPage, "To work, as chosen")).toContainText("to (202) 555-0162");
    await expect
      .poll(async () =>
        (await listPhoneTexts(alice, workspaceId)).messages
          .filter((text) => !text.fromPhone && text.phone === work)
          .map((text) => text.body)
          .sort(),
      )
      .toEqual(["To work, as chosen", "To your work number"]);
  });

  await test.step("a STOP from one number closes that one alone", async () => {
    await textFromPhone(alice, workspaceId, { from: work, body: "STOP" });
    const to = bobPage.getByLabel("To", { exact: true });
    await expect(to.locator("option", { hasText: "opted out" })).toHaveCount(1);
    await to.selectOption(home);
    await answer(bobPage, "Still fine at home");
    await expect(bubble(bobPage, "Still fine at home")).toBeVisible();
  });

  await test.step("an old link leads to it", async () => {
    await bobPage.goto(`${stage.origin}/w/${workspaceId}/c/${ids.get(work)}`);
    await expect(bobPage).toHaveURL(new RegExp(`/c/${ids.get(home)}`));
    await expect(bubble(bobPage, "Hello from work")).toBeVisible();
  });

  await test.step("and each goes its own way again, with what came since", async () => {
    await details(alicePage)
      .getByRole("button", { name: "Separate (202) 555-0162 from this contact" })
      .click();
    await expect(bubble(alicePage, "Hello from work")).toHaveCount(0);
    await expect(bubble(alicePage, "Home again")).toBeVisible();
    await expect(conversationRow(alicePage, "Ann Archer")).toBeVisible();
    await conversationRow(bobPage, "A. Archer").click();
    await expect(bubble(bobPage, "To work, as chosen")).toBeVisible();
    await expect(bubble(bobPage, "Home again")).toHaveCount(0);
  });
});

test("possible duplicates are reviewed from the contacts, merged, and undone from the toast", async ({
  browser,
}) => {
  const page = await open(browser, alice);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${stage.origin}/w/${workspaceId}/contacts`);
  await page.getByRole("button", { name: "Possible duplicates" }).click();
  await expect(dialog(page)).toContainText("Same e-mail");
  await expectAccessible(page, "possible duplicates");
  await dialog(page).getByRole("button", { name: "Review…" }).click();
  await expect(dialog(page)).toContainText("Merge contacts");
  await expectAccessible(page, "comparing on a phone");
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(page.getByText("Merged", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect
    .poll(async () => {
      const { body } = await alice.api("GET", `/api/workspaces/${workspaceId}/contacts`);
      return contactList.parse(body).items.length;
    })
    .toBe(2);
  await page.goto(`${stage.origin}/w/${workspaceId}/contacts`);
  await page.getByRole("button", { name: "Possible duplicates" }).click();
  await dialog(page).getByRole("button", { name: "Not the same" }).click();
  await expect(dialog(page)).toContainText("No duplicates");
});

test("what was written offline goes to its number once, from the conversation that it became part of", async ({
  browser,
}) => {
  const [mobile, desk] = ["+12025550171", "+12025550172"];
  await textFromPhone(alice, workspaceId, { from: mobile, body: "Cleo here" });
  await textFromPhone(alice, workspaceId, { from: desk, body: "Cleo again" });
  const base = `/api/workspaces/${workspaceId}/contacts`;
  const { body } = await alice.api("GET", base);
  const find = (number: string) =>
    contactList.parse(body).items.find((row) => row.phoneNumber === number)?.id;
  const page = await open(browser, bob, /0172/);
  await conversationRow(page, /0172/).click();
  await expect(bubble(page, "Cleo again")).toBeVisible();
  await page.context().setOffline(true);
  await answer(page, "From the tunnel");
  await expect(bubble(page, "From the tunnel")).toContainText("Will send when online");
  const merged = await alice.api("POST", `${base}/${find(mobile)}/merge`, {
    absorbedId: find(desk),
  });
  expect(merged.status).toBe(200);
  await page.context().setOffline(false);
  await expect(page).toHaveURL(new RegExp(`/c/${find(mobile)}`));
  await expect(bubble(page, "Cleo here")).toBeVisible();
  await expect(bubble(page, "From the tunnel")).toContainText("to (202) 555-0172");
  const sent = (await listPhoneTexts(alice, workspaceId)).messages.filter(
    (text) => text.body === "From the tunnel",
  );
  expect(sent.map((text) => text.phone)).toEqual([desk]);
});
