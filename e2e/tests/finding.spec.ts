import { contactList } from "@livechat/shared";
import { shortcuts } from "../../apps/web/src/components/shortcuts/shortcut-list.ts";
import { expectAccessible } from "../support/inspect.ts";
import {
  openWorkspace,
  type Person,
  signUp,
  signUpAgent,
  textFromPhone,
} from "../support/people.ts";
import { buildPicture } from "../support/picture.ts";
import { bubble, conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

let stage: Stage;
let alice: Person;
let workspaceId: string;
const contactIds = new Map<string, string>();

const customers = [
  { from: "+12025550121", name: "Søren Lund", texts: ["Do you ship to Zürich?", "Great, thanks"] },
  {
    from: "+12025550122",
    name: "Ana Silva",
    texts: ["Is my bike ready?", "I did receive the invoice"],
  },
  { from: "+12025550123", name: "ليلى حداد", texts: ["مرحبا، هل لديكم خوذات للأطفال؟"] },
  {
    from: "+12025550124",
    name: "Maximiliane Charlotte Hohenstein-Oppenheimer",
    texts: ["Do you rent out tandems for a whole week in summer, with a trailer for two children?"],
  },
];

test.beforeAll(async () => {
  test.setTimeout(120_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  const base = `/api/workspaces/${workspaceId}`;
  for (const { from, name, texts } of customers) {
    for (const body of texts) await textFromPhone(alice, workspaceId, { from, body });
    const { body } = await alice.api("GET", `${base}/contacts?q=${encodeURIComponent(from)}`);
    const id = contactList.parse(body).items[0]?.id ?? "";
    contactIds.set(name, id);
    await alice.api("PATCH", `${base}/contacts/${id}`, { name });
  }
});

test.afterAll(async () => {
  await stage?.close();
});

test("a text is found by the beginning of a word, despite a typo, and opened in its place", async ({
  browser,
}) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();

  await page.keyboard.press("/");
  const field = page.getByRole("searchbox", { name: "Search conversations" });
  await expect(field).toBeFocused();
  await field.fill("zurich");
  const text = page.getByRole("link", { name: /Do you ship to Zürich/ });
  await expect(text).toBeVisible();
  await expect(text.locator("mark")).toHaveText("Zürich");

  await field.fill("recieve");
  await expect(page.getByText("No text has “recieve”. These have receive.")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/c/${contactIds.get("Ana Silva")}`));
  await expect(bubble(page, "I did receive the invoice")).toBeVisible();

  await field.fill("no such thing");
  await expect(page.getByText("Nothing has “no such thing”")).toBeVisible();
  await field.press("Escape");
  await expect(field).toHaveValue("");
  await field.fill("0121");
  await expect(page.getByRole("link", { name: /Søren Lund/ })).toBeVisible();
});

test("a list or a search without results leads on", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.goto(`/w/${workspaceId}?status=Pending&unread=1`);
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.goto(`/w/${workspaceId}?view=snoozed`);
  await page.getByRole("link", { name: "Show what is open" }).click();
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();

  await page.goto(`/w/${workspaceId}?q=Silva&in=notes&status=Done`);
  const empty = page.getByRole("heading", { name: "No results" });
  await expect(empty).toBeVisible();
  await page.getByRole("link", { name: "Search everywhere" }).click();
  await expect(page).not.toHaveURL(/in=notes/);
  await expect(empty).toBeVisible();
  await expect(page.getByRole("link", { name: "Search everywhere" })).toHaveCount(0);
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await expect(page.getByRole("link", { name: /Ana Silva/ }).first()).toBeVisible();
  await expect(page).toHaveURL(/\?q=Silva$/);
});

test("a conversation that the pointer or the keyboard rests on is loaded before it is opened", async ({
  browser,
}) => {
  const page = await openPage(browser, stage);
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    const [, contactId] = /\/contacts\/([^/]+)\/messages$/.exec(pathname) ?? [];
    if (contactId) asked.push(contactId);
  });
  await signInOnScreen(page, "Alice");
  const anaId = contactIds.get("Ana Silva") ?? "";
  const sorenId = contactIds.get("Søren Lund") ?? "";
  const row = conversationRow(page, /Ana Silva/);
  await expect(row).toBeVisible();
  // Loads ahead only once what is shown is live.
  await expect(async () => {
    await page.mouse.move(900, 500);
    await row.hover();
    await page.waitForTimeout(200);
    expect(asked).toEqual([anaId]);
  }).toPass({ timeout: 15_000 });
  await row.click();
  await expect(thread(page)).toBeVisible();
  await expect(page.locator(".lc-message").first()).toBeVisible();
  expect(asked).toEqual([anaId]);

  await page.mouse.move(900, 500);
  const other = conversationRow(page, /Søren Lund/);
  await page.keyboard.press("Escape");
  await other.focus();
  await expect.poll(() => asked).toEqual([anaId, sorenId]);
});

test("the palette goes anywhere by the keyboard alone, and the help tells how", async ({
  browser,
}) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("combobox", { name: "Search and commands" });
  await expect(palette).toBeFocused();
  await palette.fill("soren");
  await expect(page.getByRole("option", { name: /Søren Lund/, selected: true })).toBeVisible();
  await palette.press("Enter");
  await expect(page.getByRole("region", { name: "Messages with Søren Lund" })).toBeVisible();
  await expect(palette).toBeHidden();

  await page.keyboard.press("Control+k");
  await palette.fill("shortcuts");
  await expect(page.getByRole("option", { name: /Show the shortcuts/ })).toBeVisible();
  await palette.press("Enter");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await expect(help.getByText("Open the next conversation")).toBeVisible();

  await help.getByRole("switch", { name: /Shortcuts of a single key/ }).uncheck();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await thread(page).focus();
  await page.keyboard.press("?");
  await page.keyboard.press("Alt+k");
  await page.keyboard.press("Control+k");
  await expect(palette).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(palette).toBeHidden();
  await expect(help).toBeHidden();
  await expect(page.getByRole("region", { name: "Messages with Søren Lund" })).toBeVisible();
});

test("a note is found in the search and the palette, and opened in its place", async ({
  browser,
}) => {
  const contactId = contactIds.get("Ana Silva") ?? "";
  const noteId = crypto.randomUUID();
  await alice.api("POST", `/api/workspaces/${workspaceId}/contacts/${contactId}/notes`, {
    id: noteId,
    body: "Gave her a voucher for the wait",
  });
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search conversations" }).fill("voucher");
  await page.getByRole("link", { name: /Gave her a voucher/ }).click();
  const note = page.locator(`[data-message="${noteId}"]`);
  await expect(note).toHaveAttribute("data-flash", "true");
  await expect(page).toHaveURL(new RegExp(`/c/${contactId}\\?q=voucher$`));

  await page.goto(`/w/${workspaceId}`);
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("combobox", { name: "Search and commands" });
  await palette.fill("voucher");
  await page.getByRole("option", { name: /Gave her a voucher/ }).click();
  await expect(note).toHaveAttribute("data-flash", "true");

  await page.goto(`/w/${workspaceId}/c/${contactId}?n=${crypto.randomUUID()}`);
  await expect(page.getByText("This note is no longer here.")).toBeVisible();
});

test("a search and its filters are in the address, and the way back leads out of them", async ({
  browser,
}) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  const field = page.getByRole("searchbox", { name: "Search conversations" });
  await field.fill("thanks");
  await expect(page).toHaveURL(/\?q=thanks$/);
  await expect(page.getByRole("link", { name: /Great, thanks/ })).toBeVisible();
  await page.getByRole("link", { name: "Notes", exact: true }).click();
  await expect(page).toHaveURL(/q=thanks&in=notes/);
  await expect(page.getByText("Nothing has “thanks”: none of the internal notes.")).toBeVisible();
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByLabel("From").fill("2020-01-01");
  await page.getByLabel("Until").fill("2020-01-31");
  await page.keyboard.press("Escape");
  await expect(page.getByText("Only what fits the filters was searched.")).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue("thanks");
  await expect(page.getByText("Only what fits the filters was searched.")).toBeVisible();
  await page.getByRole("link", { name: /Any day instead/ }).click();
  await page.getByRole("link", { name: /Great, thanks/ }).click();
  await expect(bubble(page, "Great, thanks")).toBeVisible();
  await expect(page).toHaveURL(/\/c\/[^?]*\?q=thanks&in=messages$/);
  await field.press("Escape");
  await field.fill("");
  await expect(page).toHaveURL(/\/c\/[^?]*$/);

  await page.goto(`/w/${workspaceId}`);
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await field.fill("bike");
  await expect(page).toHaveURL(/q=bike/);
  await page.goBack();
  await expect(field).toHaveValue("");
  await expect(conversationRow(page, /Søren Lund/)).toBeVisible();
  await page.goForward();
  await expect(field).toHaveValue("bike");
});

test("keys move through the list, and rest while a person writes", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  const first = conversationRow(page, /Maximiliane/);
  await expect(first).toBeVisible();
  await page.keyboard.press("j");
  await expect(first).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(first).toBeFocused();
  await page.keyboard.press("Enter");
  const composer = page.getByRole("textbox", { name: /^Text message to / });
  await composer.fill("");
  await composer.pressSequentially("j?/k g i");
  await expect(composer).toHaveValue("j?/k g i");
  await page.keyboard.press("Escape");
  await expect(first).toBeFocused();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/settings/);
});

test("contacts come from a file, rehearsed first, and go back again", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.getByRole("link", { name: "Contacts" }).click();
  const list = page.getByRole("list", { name: "Contacts" });
  await expect(list.getByRole("listitem")).toHaveCount(customers.length);

  const lines = Array.from({ length: 450 }, (_, at) => `(303) 555-${1000 + at},Imported ${at}`);
  const file = Buffer.from(
    `\uFEFFMobile,Full name\r\n+12025550122,Ana Imported\r\nnonsense,Nobody\r\n${lines.join("\r\n")}\r\n`,
  );
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import contacts" });
  await dialog
    .locator("input[type=file]")
    .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: file });
  await expect(dialog.getByRole("combobox", { name: "Mobile" })).toHaveValue("phoneNumber");
  await dialog.getByLabel("Country of numbers without a country code").selectOption("US");
  await dialog.getByRole("button", { name: "Check the file" }).click();
  await expect(dialog.getByRole("button", { name: "Import 451 contacts" })).toBeVisible();
  await expect(dialog.getByText("Phone number is not a phone number")).toBeVisible();
  const [errors] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Download the rows with errors" }).click(),
  ]);
  expect(errors.suggestedFilename()).toBe("not-imported.csv");

  await dialog.getByRole("button", { name: "Import 451 contacts" }).click();
  // Long work with progress: it takes as long as the machine takes.
  await expect(dialog.getByText("The import is done.")).toBeVisible({ timeout: 90_000 });
  await expect(page.locator("main").getByText("Ana Imported")).toBeAttached();
  await dialog.getByRole("button", { name: "Undo the import" }).click();
  await expect(dialog.getByText("The import was taken back")).toBeVisible({ timeout: 90_000 });
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(list.getByRole("listitem")).toHaveCount(customers.length);
  await expect(list.getByText("Ana Silva")).toBeVisible();

  await page.getByRole("button", { name: "Import" }).click();
  await expect(
    dialog.getByRole("region", { name: "Earlier imports" }).getByText("Taken back"),
  ).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("searchbox", { name: "Search contacts" }).fill("soren");
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Search contacts" }).press("Escape");
  const [exported] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export" }).first().click(),
  ]);
  expect(exported.suggestedFilename()).toBe("contacts.csv");
  await list.getByRole("link", { name: /Ana Silva/ }).click();
  await expect(page.getByRole("region", { name: "Messages with Ana Silva" })).toBeVisible();
});

test("what one agent writes of a contact, the other sees at once", async ({ browser }) => {
  test.setTimeout(180_000);
  await textFromPhone(alice, workspaceId, {
    from: "+12025550122",
    body: "This is it",
    media: [{ contentType: "image/png", base64: buildPicture(320, 200).toString("base64") }],
  });
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.goto(`/w/${workspaceId}/settings/contact-fields`);
  await page.getByLabel("New field").fill("Plan");
  await page.getByLabel("Kind").selectOption("choice");
  await page.getByLabel("Choices, with commas between").fill("Gold, Silver");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByLabel("Name of the field Plan")).toBeVisible();

  const bobPage = await openPage(browser, stage);
  await signInOnScreen(bobPage, "Bob");
  for (const each of [page, bobPage]) {
    await each.goto(`/w/${workspaceId}/c/${contactIds.get("Ana Silva")}`);
    await expect(bubble(each, "I did receive the invoice")).toBeVisible();
  }
  const details = (of: typeof page) => of.getByRole("region", { name: "Contact details" });
  for (const each of [page, bobPage]) {
    if (!(await details(each).isVisible())) {
      await each.getByRole("button", { name: "Contact details" }).click();
    }
  }
  await details(page).getByRole("button", { name: "Edit contact" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit contact" });
  await dialog.getByLabel("Company").fill("Silva Cycling");
  await dialog.getByLabel("Time zone").fill("Mars/Base");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Choose one, such as America/New_York.")).toBeVisible();
  await dialog.getByLabel("Time zone").fill("Europe/Lisbon");
  await dialog.getByLabel("Plan").selectOption("Gold");
  await page.keyboard.press("Escape");
  const question = page.getByRole("alertdialog", { name: "Throw the changes away?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  for (const each of [page, bobPage]) {
    await expect(details(each).getByText("Silva Cycling")).toBeVisible();
    await expect(details(each).getByText("Gold")).toBeVisible();
    await expect(details(each).getByText(/, Lisbon$/)).toBeVisible();
    await expect(details(each).getByRole("heading", { name: "Photos" })).toBeVisible();
  }
});

test("a filtered list is saved under a name, counted live, shared, moved, and removed with undo", async ({
  browser,
}) => {
  const contactId = contactIds.get("Søren Lund") ?? "";
  const [page, bobPage] = [await openPage(browser, stage), await openPage(browser, stage)];
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await signInOnScreen(bobPage, "Bob");
  await expect(conversationRow(bobPage, /Ana Silva/)).toBeVisible();
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByLabel("Status").selectOption("Pending");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\?status=Pending$/);
  await expect(page.getByText("None fits the filters")).toBeVisible();
  await page.getByRole("button", { name: "Save view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save view" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Give the view a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("To call back");
  await dialog.getByRole("switch", { name: /For everyone/ }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  const view = page.getByRole("link", { name: /To call back/ });
  await expect(view).toHaveAttribute("aria-current", "true");
  const bobsView = bobPage.getByRole("link", { name: /To call back/ });
  await expect(bobsView).toBeVisible();

  await alice.api("PATCH", `/api/workspaces/${workspaceId}/contacts/${contactId}`, {
    conversationStatus: "Pending",
  });
  await expect(bobPage.getByRole("link", { name: "To call back , 1" })).toBeVisible();
  await expect(conversationRow(page, /Søren Lund/)).toBeVisible();
  await bobsView.click();
  await expect(conversationRow(bobPage, /Søren Lund/)).toBeVisible();
  await expect(conversationRow(bobPage, /Ana Silva/)).toHaveCount(0);

  // Bob may not change what Alice saved for everyone.
  await bobPage.getByRole("button", { name: "Manage saved views" }).click();
  await expect(bobPage.getByRole("button", { name: "Remove “To call back”" })).toBeDisabled();
  await bobPage.keyboard.press("Escape");

  await page.getByRole("button", { name: "Manage saved views" }).click();
  const manage = page.getByRole("dialog", { name: "Saved views" });
  await manage.getByLabel("Name of “To call back”").fill("Call back");
  await page.keyboard.press("Enter");
  await expect(bobPage.getByRole("link", { name: /^Call back/ })).toBeVisible();
  await manage.getByRole("button", { name: "Remove “Call back”" }).click();
  await expect(bobPage.getByRole("link", { name: /^Call back/ })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(bobPage.getByRole("link", { name: "Call back , 1" })).toBeVisible();

  // Who saw it: Bob opens the conversation, and Alice is told.
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await expect(bubble(page, "Great, thanks")).toBeVisible();
  await page.getByRole("button", { name: "Contact details" }).click();
  await bobPage.bringToFront();
  await conversationRow(bobPage, /Søren Lund/).click();
  await expect(bubble(bobPage, "Great, thanks")).toBeVisible();
  await expect(page.getByText(/^Seen by Bob/)).toBeVisible({ timeout: 75_000 });
});

test("the help and the palette show every shortcut of the registry", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, /Ana Silva/).click();
  await expect(bubble(page, "I did receive the invoice")).toBeVisible();
  await thread(page).focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  for (const { label } of Object.values(shortcuts)) {
    await expect(help.getByText(label, { exact: true })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  const commands = page.getByRole("listbox", { name: "Results" });
  // Moving in a list, opening its row and leaving it make sense only under the keys themselves.
  const underKeys = ["openPalette", "leave", "openRow", "nextRow", "previousRow"];
  for (const [id, { label }] of Object.entries(shortcuts)) {
    await expect(commands.getByText(label, { exact: true })).toHaveCount(
      underKeys.includes(id) ? 0 : 1,
    );
  }
});

test("what finds things has no accessibility fault", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search conversations" }).fill("receive");
  await expect(page.getByRole("link", { name: /I did receive the invoice/ })).toBeVisible();
  await expectAccessible(page, "search");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByLabel("From")).toBeVisible();
  await expectAccessible(page, "filter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).fill("soren");
  await expect(page.getByRole("option", { name: /Søren Lund/ })).toBeVisible();
  await expectAccessible(page, "palette");
  await page.goto(`/w/${workspaceId}/contacts`);
  await expect(page.getByRole("list", { name: "Contacts" }).getByText("Ana Silva")).toBeVisible();
  await expectAccessible(page, "contacts");
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText("Choose a CSV file, or drop it here")).toBeVisible();
  await expectAccessible(page, "import");
});
