import path from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { contactList } from "@livechat/shared";
import { expect, type Page, test } from "@playwright/test";
import { openWorkspace, type Person, signUp, textFromPhone } from "../support/people.ts";
import { buildPicture } from "../support/picture.ts";
import { answer, conversationRow, openPage, signInOnScreen } from "../support/screens.ts";
import { openStage, type Stage } from "../support/stage.ts";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../docs/screens");
const widths = [1440, 834, 390];

let stage: Stage;
let alice: Person;
let workspaceId: string;

const base = () => `/api/workspaces/${workspaceId}`;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  const texts = [
    { from: "+12025550121", body: "🎉🎉", name: null },
    { from: "+12025550162", body: "مرحبا، هل لديكم خوذات للأطفال؟", name: "ليلى حداد" },
    {
      from: "+12025550114",
      body: "Do you rent out tandems?",
      name: "Maximiliane Charlotte Hohenstein-Oppenheimer",
    },
    { from: "+12025550187", body: "The brake squeaks again 😬", name: "Ben Okafor" },
    { from: "+12025550143", body: "Hi, is my bike ready?", name: "Ana Silva" },
  ];
  for (const { name, ...text } of texts) {
    await textFromPhone(alice, workspaceId, text);
    const { body } = await alice.api(
      "GET",
      `${base()}/contacts?q=${encodeURIComponent(text.from)}`,
    );
    const [contact] = contactList.parse(body).items;
    if (name) await alice.api("PATCH", `${base()}/contacts/${contact?.id}`, { name });
  }
  const page = await openPage(browser, stage);
  await signInOnScreen(page, "Alice");
  await conversationRow(page, /Ana Silva/).click();
  await answer(page, "It is! New chain, new cables. Come by until six.");
  await textFromPhone(alice, workspaceId, {
    from: "+12025550143",
    body: "Great. Is this the lock you meant?",
    media: [{ contentType: "image/png", base64: buildPicture(320, 200).toString("base64") }],
  });
  await page.context().close();
});

test.afterAll(async () => {
  await stage?.close();
});

for (const scheme of ["light", "dark"] as const) {
  test(`no screen has an accessibility fault in ${scheme}`, async ({ browser }) => {
    test.setTimeout(180_000);
    const page = await openPage(browser, stage);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });

    await page.goto("/");
    await expect(page.getByLabel("Email")).toBeVisible();
    await inspect(page, "sign-in", scheme);

    await signInOnScreen(page, "Alice");
    await page.waitForURL(/\/w\//);
    await page.goto(`/w/${workspaceId}`);
    await conversationRow(page, /Ana Silva/).click();
    await expect(page.getByText("Is this the lock you meant?").first()).toBeVisible();
    await inspect(page, "inbox", scheme);

    await page.goto(`/w/${workspaceId}/settings`);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await inspect(page, "settings", scheme);

    await page.goto(`/w/${workspaceId}/simulator`);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await inspect(page, "simulator", scheme);
    await page.context().close();
  });
}

/** Expects that axe finds nothing at any width, nor a page that scrolls sideways. */
async function inspect(page: Page, name: string, scheme: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width > 800 ? 900 : 844 });
    await page.waitForTimeout(400);
    const { violations } = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
      .analyze();
    const faults = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
    expect.soft(faults, `${name}, ${scheme}, ${width} px`).toEqual([]);
    const overhangPx = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(overhangPx, `${name} at ${width} px does not scroll sideways`).toBeLessThan(1);
    if (process.env.UPDATE_SCREENS === "1") {
      const suffix = width === 1440 ? "" : `-${width}`;
      await page.screenshot({ path: path.join(folder, `${name}-${scheme}${suffix}.png`) });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
