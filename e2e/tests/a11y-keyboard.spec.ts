import type { Page } from "@playwright/test";
import {
  emailOf,
  openWorkspace,
  type Person,
  password,
  signUp,
  textFromPhone,
} from "../support/people.ts";
import { bubble, conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const ana = "+12025550143";
const ben = "+12025550187";

let stage: Stage;
let alice: Person;
let workspaceId: string;

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  await textFromPhone(alice, workspaceId, { from: ben, body: "Do you rent tandems?" });
  await textFromPhone(alice, workspaceId, { from: ana, body: "Is my bike ready?" });
});

test.afterAll(async () => {
  await stage?.close();
});

test("a day's work needs no mouse", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await page.emulateMedia({ reducedMotion: "reduce" });

  await test.step("sign in", async () => {
    await page.goto("/sign-in");
    await tabTo(page, "Email");
    await page.keyboard.type(emailOf("Alice"));
    await tabTo(page, "Password");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/w\//);
    await expect(conversationRow(page, /0143/)).toBeVisible();
  });

  await test.step("skip what is the same on every page", async () => {
    await page.reload();
    await expect(conversationRow(page, /0143/)).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  });

  await test.step("walk the list with the arrows, open, and answer", async () => {
    await tabUntil(page, () => conversationRow(page, /0143/));
    await page.keyboard.press("ArrowDown");
    await expect(conversationRow(page, /0187/)).toBeFocused();
    await page.keyboard.press("ArrowUp");
    await expect(conversationRow(page, /0143/)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(thread(page)).toBeVisible();
    const writer = page.getByRole("textbox", { name: /^Text message to / });
    await tabUntil(page, () => writer);
    await page.keyboard.type("It is. Come by until six.");
    await page.keyboard.press("Enter");
    await expect(bubble(page, "It is. Come by until six.")).toBeVisible();
    await expect(writer).toBeFocused();
    await expect(writer).toHaveValue("");
  });

  await test.step("go back to the list, and on by single keys", async () => {
    await page.keyboard.press("Escape");
    await expect(conversationRow(page, /0143/)).toBeFocused();
    await page.keyboard.press("j");
    await expect(conversationRow(page, /0187/)).toBeFocused();
    await page.keyboard.press("a");
    await expect(page.getByRole("combobox", { name: "Assign to" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(conversationRow(page, /0187/)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 2, name: /0187/ }).first()).toBeVisible();
  });

  await test.step("a dialog keeps the focus, and gives it back", async () => {
    const opener = page.getByRole("button", { name: "New conversation" }).first();
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press("Tab");
      expect(await dialog.evaluate((box) => box.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  });

  await test.step("go to the settings by keys, and choose dark", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL(/\/settings/);
    await tabUntil(page, () => page.getByRole("link", { name: "Appearance" }));
    await page.keyboard.press("Enter");
    await tabUntil(page, () => page.getByRole("radio", { name: "As the device" }));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
    await expect(page.locator("html")).toHaveClass(/dark/);
  });
});

test("Enter that accepts an input method's suggestion sends nothing", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, /0187/).click();
  const writer = page.getByRole("textbox", { name: /^Text message to / });
  await writer.fill("こんにちは");
  // Chromium and Firefox say that they compose; Safari sends the key's code 229 after it.
  for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
    await writer.evaluate((field, how) => {
      const key = { key: "Enter", bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent("keydown", { ...key, ...how }));
    }, init);
    await expect(writer).toHaveValue("こんにちは");
  }
  await writer.press("Enter");
  await expect(writer).toHaveValue("");
  await expect(bubble(page, "こんにちは")).toHaveCount(1);
});

test("what has the focus shows it by a ring of two pixels at least", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, /0143/).click();
  await expect(thread(page)).toBeVisible();
  const seen = new Set<string>();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      // A field shows it on the frame that it stands in.
      const chain = [focused, focused.parentElement, focused.parentElement?.parentElement];
      const widths = chain.flatMap((element) => {
        if (!element) return [];
        const looks = [getComputedStyle(element), getComputedStyle(element, "::after")];
        return looks.map(({ outlineStyle, outlineWidth, boxShadow, content, width }) => {
          if (outlineStyle !== "none") return Number.parseFloat(outlineWidth);
          if (boxShadow !== "none") return 2;
          // A splitter is a line that gets thicker.
          return content === '""' && focused.getAttribute("role") === "separator"
            ? Number.parseFloat(width)
            : 0;
        });
      });
      const label = focused.getAttribute("aria-label") ?? focused.textContent ?? focused.tagName;
      return { label: label.slice(0, 40), widthPx: Math.max(...widths) };
    });
    if (!ring || seen.has(ring.label)) continue;
    seen.add(ring.label);
    expect.soft(ring.widthPx, `the ring of "${ring.label}"`).toBeGreaterThanOrEqual(2);
  }
  expect(seen.size).toBeGreaterThan(8);
});

test("news is spoken by live regions, once and politely", async ({ browser }) => {
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, /0143/).click();
  await expect(thread(page)).toBeVisible();
  await recordSpeech(page);

  await test.step("a text for another conversation, with who wrote it", async () => {
    await textFromPhone(alice, workspaceId, { from: ben, body: "Are you open on Sunday?" });
    await expect
      .poll(() => listSpeech(page))
      .toContainEqual(expect.stringMatching(/New message from .*0187.*Are you open on Sunday\?/));
  });

  await test.step("a burst is one sentence, not one for each text", async () => {
    const before = (await listSpeech(page)).filter((words) =>
      /New message|new messages/.test(words),
    );
    await Promise.all(
      ["One", "Two", "Three"].map((body) =>
        textFromPhone(alice, workspaceId, { from: ben, body: `${body} bikes` }),
      ),
    );
    await expect
      .poll(async () => (await listSpeech(page)).join("\n"))
      .toMatch(/new messages|bikes/);
    await page.waitForTimeout(1500);
    const after = (await listSpeech(page)).filter((words) =>
      /New message|new messages/.test(words),
    );
    expect(after.length - before.length).toBeLessThanOrEqual(2);
  });

  await test.step("that the line is gone and back", async () => {
    await page.context().setOffline(true);
    await expect
      .poll(() => listSpeech(page))
      .toContainEqual(expect.stringContaining("You are offline"));
    await page.context().setOffline(false);
    await expect.poll(() => listSpeech(page)).toContainEqual("Up to date again.");
  });

  await test.step("the thread itself is no live region: older pages must not be read out", async () => {
    const live = await page.locator(".lc-thread, .lc-thread *").evaluateAll((all) =>
      all
        .filter((each) => {
          const role = each.getAttribute("role");
          const isLive = each.getAttribute("aria-live") ?? "off";
          return role === "log" || (isLive !== "off" && each.querySelector(".lc-message") !== null);
        })
        .map((each) => each.className),
    );
    expect(live).toEqual([]);
  });
});

/** Keeps what each polite or assertive region says, as a screen reader would hear it. */
async function recordSpeech(page: Page): Promise<void> {
  await page.evaluate(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    const regions =
      '[aria-live="polite"], [aria-live="assertive"], [role="status"], [role="alert"]';
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region =
          element?.closest(regions) ??
          [...addedNodes].find((node) => node instanceof Element && node.matches(regions));
        const words = (region?.textContent ?? "").trim();
        if (words !== "" && spoken.at(-1) !== words) spoken.push(words);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

async function listSpeech(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
}

async function tabTo(page: Page, label: string): Promise<void> {
  await tabUntil(page, () => page.getByLabel(label, { exact: true }));
}

/** Presses Tab until this has the focus. Throws when it is not reached. */
async function tabUntil(page: Page, find: () => ReturnType<Page["locator"]>): Promise<void> {
  await expect(find()).toBeVisible();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await find().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not lead there.");
}
