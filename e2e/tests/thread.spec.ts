import { uploadedMedia } from "@livechat/shared";
import type { Locator, Page } from "@playwright/test";
import {
  ask,
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

const phone = "+12025550143";

let stage: Stage;
let alice: Person;
let bob: Person;
let workspaceId: string;
let contactId: string;
let alicePage: Page;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  bob = await signUpAgent(stage, "Bob", { admin: alice, workspaceId });
  await Promise.all(
    Array.from({ length: 10 }, async (_, group) => {
      for (let at = 0; at < 13; at += 1) {
        const lines = 1 + ((group + at) % 4);
        await receive(`Text ${group}-${at}: ${"word ".repeat(lines * 14)}`);
      }
    }),
  );
  contactId = await findContactId();
  alicePage = await openPage(browser, stage);
  await signInOnScreen(alicePage, "Alice");
  await alicePage.waitForURL(new RegExp(workspaceId));
});

test.afterAll(async () => {
  await stage?.close();
});

const receive = (body: string, from = phone) => textFromPhone(alice, workspaceId, { from, body });

async function findContactId(q = phone): Promise<string> {
  const path = `/api/workspaces/${workspaceId}/contacts?q=${encodeURIComponent(q)}`;
  const { body } = await alice.api("GET", path);
  const [first] = (body as { items: { id: string }[] }).items;
  if (!first) throw new Error("There is no such contact.");
  return first.id;
}

async function listThread(limit = 100, cursor = "") {
  const path = `/api/workspaces/${workspaceId}/contacts/${contactId}/messages?limit=${limit}`;
  const { body } = await alice.api("GET", path + (cursor && `&cursor=${cursor}`));
  return body as { items: { id: string; content: string }[]; olderCursor: string | null };
}

async function send(person: Person, message: string): Promise<void> {
  await person.api("POST", "/api/sms/send-sms", { workspaceId, contactId, message });
}

const readClipboard = () => alicePage.evaluate(() => navigator.clipboard.readText());

const isInView = (pane: Locator, inner: Locator) =>
  expect
    .poll(async () => {
      const [outer, box] = [await pane.boundingBox(), await inner.boundingBox()];
      return Boolean(
        outer && box && box.y >= outer.y - 1 && box.y + box.height <= outer.y + outer.height + 1,
      );
    })
    .toBe(true);

const toEndPx = (page: Page) =>
  thread(page).evaluate((pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight);

test("opens at the first unread text, and the mark stays until the conversation is left", async () => {
  await alice.api("POST", `/api/workspaces/${workspaceId}/contacts/${contactId}/read`, {});
  for (let n = 1; n <= 30; n += 1) await receive(`Unread ${n}.`);
  await alicePage.goto(`/w/${workspaceId}/c/${contactId}`);
  const mark = alicePage.getByText("New messages", { exact: true });
  await expect(mark).toBeVisible();
  await isInView(thread(alicePage), mark);
  const markPx = async () => {
    const [pane, box] = [await thread(alicePage).boundingBox(), await mark.boundingBox()];
    return pane && box ? box.y - pane.y : Number.NaN;
  };
  await expect.poll(markPx).toBeLessThan(240);
  expect(await toEndPx(alicePage), "the later texts are below the screen").toBeGreaterThan(300);
  await expect(bubble(alicePage, "Unread 1.")).toBeVisible();
  await expect(conversationRow(alicePage, /0143/)).toContainText("unread");
  const openedPx = await thread(alicePage).evaluate((pane) => pane.scrollTop);
  await thread(alicePage).focus();
  await alicePage.keyboard.press("End");
  await expect(bubble(alicePage, "Unread 30.")).toBeVisible();
  await expect(conversationRow(alicePage, /0143/)).not.toContainText("unread");
  await receive("Unread 31.");
  await expect(bubble(alicePage, "Unread 31.")).toBeVisible();
  await expect(conversationRow(alicePage, /0143/)).not.toContainText("unread");
  await thread(alicePage).evaluate((pane, topPx) => {
    pane.scrollTop = topPx;
  }, openedPx);
  await isInView(thread(alicePage), mark);
  await receive("Until six?", "+12025550187");
  await conversationRow(alicePage, /0187/).click();
  await expect(bubble(alicePage, "Until six?")).toBeVisible();
  await conversationRow(alicePage, /0143/).click();
  await expect(bubble(alicePage, "Unread 31.")).toBeVisible();
  await expect(mark).toHaveCount(0);
  await expect.poll(() => toEndPx(alicePage)).toBeLessThan(4);
});

test("does not move under the reader when earlier texts are loaded", async () => {
  const pane = thread(alicePage);
  let release: () => void = () => {};
  let asked = 0;
  await alicePage.route(/messages\?cursor=/, async (route) => {
    asked += 1;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    await route.continue();
  });
  for (const [page, fromPx, reducedMotion] of [
    [1, 300, "reduce"],
    [2, 0, "no-preference"],
  ] as const) {
    await alicePage.emulateMedia({ reducedMotion });
    await pane.evaluate((scroller, topPx) => {
      scroller.scrollTop = topPx;
    }, fromPx);
    await expect.poll(() => asked).toBe(page);
    const heightBefore = await pane.evaluate(async (scroller) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let settle = 0; settle < 20; settle += 1) await frame();
      const { top } = scroller.getBoundingClientRect();
      const line = [...scroller.querySelectorAll<HTMLElement>("[data-message]")].find(
        (each) => each.getBoundingClientRect().top >= top,
      );
      const start = line?.getBoundingClientRect().top ?? 0;
      const id = line?.dataset.message;
      scroller.dataset.drift = "0";
      scroller.dataset.watched = id;
      // Every frame until the page is told to stop: a jump that is mended at once counts too.
      const watch = () => {
        if (scroller.dataset.watched !== id) return;
        const now = scroller.querySelector(`[data-message="${id}"]`)?.getBoundingClientRect().top;
        const drift = now === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - start);
        scroller.dataset.drift = String(Math.max(Number(scroller.dataset.drift), drift));
        scroller.dataset.isThere = String(now !== undefined);
        requestAnimationFrame(watch);
      };
      watch();
      return scroller.scrollHeight;
    });
    release();
    await expect
      .poll(() => pane.evaluate((scroller) => scroller.scrollHeight))
      .toBeGreaterThan(heightBefore + 1000);
    await alicePage.waitForTimeout(300);
    const drift = Number(await pane.getAttribute("data-drift"));
    expect(drift).toBeLessThan(1);
    await expect(pane).toHaveAttribute("data-is-there", "true");
  }
  await alicePage.unroute(/messages\?cursor=/);
});

test("says how many are new while the reader is elsewhere, and End leads there", async () => {
  const pane = thread(alicePage);
  const before = await pane.evaluate((scroller) => scroller.scrollTop);
  await receive("While away 1");
  await receive("While away 2");
  const pill = alicePage.getByRole("button", { name: /2 new, jump/ });
  await expect(pill).toBeVisible();
  expect(await pane.evaluate((scroller) => scroller.scrollTop)).toBe(before);
  await expect(
    alicePage.locator('[aria-live="polite"]', { hasText: "While away" }).first(),
  ).toBeAttached();
  await pane.focus();
  await alicePage.keyboard.press("End");
  await expect(bubble(alicePage, "While away 2")).toBeVisible();
  await expect(pill).toHaveCount(0);
  await expect.poll(() => toEndPx(alicePage)).toBeLessThan(4);
});

test("shows the day of what is in view, and where the conversation begins", async () => {
  await thread(alicePage).evaluate((scroller) => {
    scroller.scrollTop -= 500;
  });
  await expect(alicePage.locator(".lc-day-top")).toHaveText("Today");
  await thread(alicePage).focus();
  for (let tries = 0; tries < 12; tries += 1) {
    await thread(alicePage).evaluate((scroller) => {
      scroller.scrollTop = 0;
    });
    if (await alicePage.getByText(/begins here/).isVisible()) break;
    await alicePage.waitForTimeout(150);
  }
  await expect(alicePage.getByText(/The conversation with .* begins here/)).toBeVisible();
});

test("a link to a text leads there and flashes it, however far back it is", async () => {
  let page = await listThread();
  while (page.olderCursor) page = await listThread(100, page.olderCursor);
  const old = page.items[3];
  if (!old) throw new Error("The thread is too short.");
  await alicePage.goto(`/w/${workspaceId}/c/${contactId}?m=${old.id}`);
  const line = alicePage.locator(`[data-message="${old.id}"]`);
  await expect(line).toHaveAttribute("data-flash", "true");
  await isInView(thread(alicePage), line);
  await expect(alicePage).toHaveURL(new RegExp(`/c/${contactId}$`));
  await alicePage.getByRole("button", { name: "Jump to the latest" }).click();
  await expect(bubble(alicePage, "While away 2")).toBeVisible();
  await expect.poll(() => toEndPx(alicePage)).toBeLessThan(4);

  await alicePage.goto(`/w/${workspaceId}/c/${contactId}?m=${crypto.randomUUID()}`);
  await expect(alicePage.getByText("This message is no longer here.")).toBeVisible();
  await expect(bubble(alicePage, "While away 2")).toBeVisible();
});

test("finds words in the conversation and goes from one to the next", async () => {
  await thread(alicePage).focus();
  await alicePage.keyboard.press("ControlOrMeta+f");
  const field = alicePage.getByRole("searchbox", { name: "Words in this conversation" });
  await expect(field).toBeFocused();
  await field.fill("0-1");
  await expect(alicePage.getByText("1 of 2")).toBeVisible();
  await expect(alicePage.locator("mark").first()).toBeVisible();
  const flashing = alicePage.locator("[data-flash]");
  // Both have the words, and which of them came last is chance.
  await expect(flashing).toContainText(/Text (0-1|1-0):/);
  const newest = (await flashing.textContent())?.includes("Text 0-1:") ? "0-1" : "1-0";
  await field.press("Enter");
  await expect(alicePage.getByText("2 of 2")).toBeVisible();
  await expect(flashing).toContainText(newest === "0-1" ? "Text 1-0:" : "Text 0-1:");
  await field.fill("whille");
  await expect(alicePage.getByText("1 of 2 for “while”")).toBeVisible();
  await expect(alicePage.locator("mark", { hasText: "While" }).first()).toBeVisible();
  await field.fill("no such words");
  await expect(alicePage.getByText("Nothing found")).toBeVisible();
  await field.press("Escape");
  await expect(field).toHaveCount(0);
  await expect(alicePage.locator("mark")).toHaveCount(0);
});

test("walks the texts by keyboard, and copies one and the link to it", async ({ browserName }) => {
  expect(browserName).toBe("chromium");
  await alicePage.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await alicePage.goto(`/w/${workspaceId}/c/${contactId}`);
  await expect(bubble(alicePage, "While away 2")).toBeVisible();
  await thread(alicePage).focus();
  await alicePage.keyboard.press("ArrowUp");
  await expect(bubble(alicePage, "While away 2")).toBeFocused();
  await alicePage.keyboard.press("ArrowUp");
  await expect(bubble(alicePage, "While away 1")).toBeFocused();
  await alicePage.keyboard.press("Enter");
  await alicePage.getByRole("menuitem", { name: "Copy text" }).click();
  await expect.poll(readClipboard).toBe("While away 1");
  await bubble(alicePage, "While away 2").locator(".lc-bubble").click({ button: "right" });
  await alicePage.getByRole("menuitem", { name: "Copy link to message" }).click();
  await expect.poll(readClipboard).toMatch(new RegExp(`/c/${contactId}\\?m=[0-9a-f-]{36}$`));

  // A selection across texts says who wrote what when.
  await alicePage.evaluate(() => {
    const find = (text: string) =>
      [...document.querySelectorAll(".lc-text")].find((each) => each.textContent === text);
    const [from, to] = [find("While away 1"), find("While away 2")];
    if (!from || !to) throw new Error("The texts are not on the screen.");
    document.getSelection()?.setBaseAndExtent(from, 0, to, to.childNodes.length);
  });
  await alicePage.keyboard.press("ControlOrMeta+c");
  await expect
    .poll(readClipboard)
    .toMatch(/^\(202\) 555-0143 — .*: While away 1\n\(202\) 555-0143 — .*: While away 2$/);
});

test("shows links, numbers, emoji, long and right-to-left texts as what they are", async () => {
  const long = Array.from({ length: 40 }, (_, at) => `Line ${at}`).join("\n");
  await receive("See https://example.com/a and call (202) 555-0199 or ann@example.com");
  await receive("🎉👍🏽");
  const arabic = "مرحبا بك في متجرنا 123";
  const markup = "<b>x</b><img src=x onerror=\"document.title='run'\">";
  await receive(arabic);
  await receive(markup);
  await receive(long);
  const link = alicePage.getByRole("link", { name: "https://example.com/a" });
  await expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
  await expect(alicePage.getByRole("link", { name: "(202) 555-0199" })).toHaveAttribute(
    "href",
    "tel:2025550199",
  );
  await expect(alicePage.getByRole("link", { name: "ann@example.com" })).toHaveAttribute(
    "href",
    "mailto:ann@example.com",
  );
  await expect(alicePage.locator(".lc-emoji")).toHaveText("🎉👍🏽");
  const words = (text: string) => bubble(alicePage, text).locator(".lc-text");
  await expect(words(arabic)).toHaveCSS("direction", "rtl");
  await expect(words(markup)).toHaveCSS("direction", "ltr");
  await expect(words(markup)).toHaveText(markup);
  await expect(words(markup).locator("*")).toHaveCount(0);
  await expect(alicePage).not.toHaveTitle("run");
  const folded = bubble(alicePage, "Line 39");
  const more = folded.getByRole("button", { name: "Show more" });
  const heightBefore = (await folded.boundingBox())?.height ?? 0;
  await more.click();
  await expect(folded.getByRole("button", { name: "Show less" })).toBeVisible();
  expect((await folded.boundingBox())?.height ?? 0).toBeGreaterThan(heightBefore + 200);
});

test("opens pictures large, goes on with the arrows and closes with Escape", async () => {
  const base64 = buildPicture().toString("base64");
  const media = [{ contentType: "image/png", base64 }];
  await textFromPhone(alice, workspaceId, { from: phone, body: "First picture", media });
  await textFromPhone(alice, workspaceId, { from: phone, body: "Second picture", media });
  const open = bubble(alicePage, "First picture").getByRole("button", { name: /^Open / });
  await expect(open).toBeVisible();
  await expect(
    bubble(alicePage, "Second picture").getByRole("button", { name: /^Open / }),
  ).toBeVisible();
  await open.click();
  const dialog = alicePage.locator(".yarl__portal");
  await expect(dialog.locator("img").first()).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Later picture" })).toBeEnabled();
  await alicePage.keyboard.press("ArrowRight");
  await expect(dialog.getByRole("button", { name: "Later picture" })).toBeDisabled();
  await alicePage.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("plays recordings and films, and offers other files by what they are and their size", async () => {
  const attach = (body: string, contentType: string, bytes: Buffer) =>
    textFromPhone(alice, workspaceId, {
      from: phone,
      body,
      media: [{ contentType, base64: bytes.toString("base64") }],
    });
  await attach("The invoice", "application/pdf", Buffer.from(`%PDF-1.4\n${" ".repeat(1991)}`));
  // The box that every such film begins with, and no picture in it.
  const film = Buffer.alloc(64);
  film.write("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1");
  await attach("The film", "video/mp4", film);
  await attach("The recording", "audio/wav", buildSilence());
  const invoice = bubble(alicePage, "The invoice").locator(".lc-file");
  await expect(invoice).toHaveText(/^PDF document\s*2 kB$/);
  await expect(invoice.getByRole("link", { name: "Download PDF document" })).toHaveAttribute(
    "href",
    /\/media\//,
  );
  for (const [text, name] of [
    ["The film", /^Video, from/],
    ["The recording", /^Audio, from/],
  ] as const) {
    const player = bubble(alicePage, text).getByLabel(name);
    await expect(player).toBeVisible();
    await expect(player).toHaveAttribute("controls");
    await expect(player).toHaveAttribute("src", /\/media\//);
  }
  const upload = await fetch(`${stage.origin}/api/workspaces/${workspaceId}/media`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${alice.token}`,
      "content-type": "application/pdf",
      "x-file-name": "receipt.pdf",
    },
    body: `%PDF-1.4\n${" ".repeat(2991)}`,
  });
  const { url } = uploadedMedia.parse(await upload.json());
  await ask(alice, "POST", "/api/sms/send-sms", {
    workspaceId,
    contactId,
    message: "Your receipt",
    mediaUrls: [url],
  });
  await expect(bubble(alicePage, "Your receipt").locator(".lc-file")).toHaveText(
    /^receipt\.pdf\s*PDF document · 3 kB$/,
  );
});

test("copies notes and files along with the texts between them", async () => {
  const base64 = buildPicture().toString("base64");
  await receive("Copied from here");
  await ask(alice, "POST", `/api/workspaces/${workspaceId}/contacts/${contactId}/notes`, {
    id: crypto.randomUUID(),
    body: "Ask the workshop",
    mentionedIds: [],
  });
  await textFromPhone(alice, workspaceId, {
    from: phone,
    body: "",
    media: [{ contentType: "image/png", base64 }],
  });
  await receive("Copied up to here");
  await expect(bubble(alicePage, "Copied up to here")).toBeVisible();
  await expect(alicePage.locator(".lc-line").last().locator(".lc-text")).toBeVisible();
  await alicePage.evaluate(() => {
    const find = (text: string) =>
      [...document.querySelectorAll(".lc-text")].find((each) => each.textContent === text);
    const [from, to] = [find("Copied from here"), find("Copied up to here")];
    if (!from || !to) throw new Error("The texts are not on the screen.");
    document.getSelection()?.setBaseAndExtent(from, 0, to, to.childNodes.length);
  });
  await alicePage.keyboard.press("ControlOrMeta+c");
  await expect
    .poll(async () => (await readClipboard()).split("\n"))
    .toEqual([
      expect.stringMatching(/^\(202\) 555-0143 — .*: Copied from here$/),
      expect.stringMatching(/^You \(internal note\) — .*: Ask the workshop$/),
      expect.stringMatching(/^\(202\) 555-0143 — .*: \[Photo\]$/),
      expect.stringMatching(/^\(202\) 555-0143 — .*: Copied up to here$/),
    ]);
});

test("groups texts by who wrote them and says which agent that was", async () => {
  await send(alice, "From Alice");
  await send(bob, "From Bob");
  const label = (text: string) => bubble(alicePage, text).locator(".lc-meta");
  await expect(label("From Alice")).toContainText("You · ");
  await expect(label("From Bob")).toContainText("Bob · ");
  await expect(label("From Bob")).toContainText("Delivered");
  await expect(label("From Bob")).toBeVisible();
});

test("says why a text failed, and offers what helps", async () => {
  // The carrier says of this number that it can't be reached.
  const from = "+15005550002";
  await receive("Hello", from);
  const unreachable = await findContactId(from);
  const body = { workspaceId, contactId: unreachable, message: "Your bike is ready" };
  await alice.api("POST", "/api/sms/send-sms", body);
  await alicePage.goto(`/w/${workspaceId}/c/${unreachable}`);
  const failed = bubble(alicePage, "Your bike is ready");
  await expect(failed).toContainText("Failed");
  await expect(failed.locator(".lc-reason")).not.toBeEmpty();
  await failed.getByRole("button", { name: "Edit" }).click();
  const field = alicePage.getByRole("textbox", { name: /^Text message to/ });
  await expect(field).toHaveValue("Your bike is ready");
  await expect(field).toBeFocused();
  await field.fill("");

  // Who opts out would be sent nothing again, neither what failed nor what waits for the line.
  await expect(failed.getByRole("button", { name: "Retry" })).toBeVisible();
  await alicePage.context().setOffline(true);
  await field.fill("It is ready, really");
  await field.press("Enter");
  const waiting = bubble(alicePage, "It is ready, really");
  await expect(waiting).toContainText("Will send when online");
  const optOut = `/api/workspaces/${workspaceId}/contacts/${unreachable}/opt-out`;
  await ask(alice, "POST", optOut, {});
  await alicePage.context().setOffline(false);
  await expect(waiting).toContainText("This customer has opted out");
  await expect(waiting.getByRole("button")).toHaveText(["Edit", "Delete"]);
  await expect(failed.getByRole("button", { name: "Retry" })).toHaveCount(0);
  await ask(alice, "POST", `${optOut}/undo`, {});
  await expect(failed.getByRole("button", { name: "Retry" })).toBeVisible();

  // Written anew, a text takes its pictures along.
  await alicePage.getByLabel("Files to attach").setInputFiles({
    name: "bike.png",
    mimeType: "image/png",
    buffer: buildPicture(),
  });
  await field.fill("Here it is");
  await expect(alicePage.getByRole("progressbar")).toHaveCount(0);
  await field.press("Enter");
  const withPicture = bubble(alicePage, "Here it is");
  await expect(withPicture).toContainText("Failed");
  await withPicture.getByRole("button", { name: "Edit" }).click();
  await expect(alicePage.getByRole("list", { name: "Attached files" })).toContainText("bike.png");
  await expect(field).toHaveValue("Here it is");
});

test("gives a finger room on a tablet", async ({ browser }) => {
  const context = await browser.newContext({
    baseURL: stage.origin,
    viewport: { width: 834, height: 1112 },
    hasTouch: true,
  });
  const page = await context.newPage();
  await signInOnScreen(page, "Alice");
  await page.waitForURL(new RegExp(workspaceId));
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await expect(bubble(page, "From Bob")).toBeVisible();
  for (const name of ["Send message", "Attach files"]) {
    const box = await page.getByRole("button", { name }).boundingBox();
    expect(box?.width, name).toBeGreaterThanOrEqual(43);
    expect(box?.height, name).toBeGreaterThanOrEqual(43);
  }
});

test("fits a phone", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await page.setViewportSize({ width: 390, height: 844 });
  await signInOnScreen(page, "Alice");
  await page.waitForURL(new RegExp(workspaceId));
  await page.goto(`/w/${workspaceId}/c/${contactId}`);
  await expect(bubble(page, "From Bob")).toBeVisible();
  await expect.poll(() => toEndPx(page)).toBeLessThan(4);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});

/** A second of silence, as a telephone records it. */
function buildSilence(): Buffer {
  const rate = 8000;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + rate, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(rate, 40);
  return Buffer.concat([header, Buffer.alloc(rate, 128)]);
}
