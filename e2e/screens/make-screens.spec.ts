import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import sharp from "sharp";
import { furnish } from "../support/furnish.ts";
import { signUp } from "../support/people.ts";
import { conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage } from "../support/stage.ts";

const folder = path.resolve(import.meta.dirname, "../../docs/screens");
const sizes = [
  { suffix: "", width: 1440, height: 900 },
  { suffix: "-834", width: 834, height: 1112 },
  { suffix: "-390", width: 390, height: 844 },
];
const largestKb = 150;

test("makes the pictures of the documentation", async ({ browser }) => {
  test.setTimeout(600_000);
  const stage = await openStage();
  try {
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(folder))
      if (file.endsWith(".png")) await rm(path.join(folder, file));
    const alice = await signUp(stage, "Alice");
    const { workspaceId, contactIds } = await furnish(alice, "Lakeside Bikes");
    const base = `/w/${workspaceId}`;
    const page = await openPage(browser, stage);

    await takeAll(page, "sign-in", async () => {
      await page.goto("/sign-in");
      await expect(page.getByLabel("Email")).toBeVisible();
    });
    await signInOnScreen(page, "Alice");
    await page.waitForURL(/\/w\//);
    await takeAll(page, "inbox", async (width) => {
      await page.goto(`${base}/c/${contactIds.get("Ana Silva")}`);
      await expect(thread(page)).toBeVisible();
      if (width > 1200 && !(await page.getByRole("complementary").first().isVisible()))
        await page.getByRole("button", { name: "Contact details" }).click();
    });
    await takeAll(page, "settings", async () => {
      await page.goto(`${base}/settings/notifications`);
      await expect(page.getByRole("heading", { name: "Notifications" }).first()).toBeVisible();
    });
    await takeAll(page, "simulator", async () => {
      await page.goto(`${base}/simulator`);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    });
    await takeAll(
      page,
      "conversations",
      async () => {
        await page.goto(base);
        await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
      },
      sizes.slice(2),
    );
    await takeAll(
      page,
      "failed-text",
      async () => {
        await page.goto(`${base}/c/${contactIds.get("Old landline")}`);
        await expect(thread(page)).toBeVisible();
      },
      sizes.slice(0, 1),
    );
    await takeAll(
      page,
      "palette",
      async () => {
        await page.goto(`${base}/c/${contactIds.get("ليلى حداد")}`);
        await expect(thread(page)).toBeVisible();
        await page.keyboard.press("Control+k");
        await expect(page.getByRole("dialog")).toBeVisible();
      },
      sizes.slice(0, 1),
    );
    await takeAll(
      page,
      "phone-line",
      async () => {
        await page.goto(`${base}/settings/twilio`);
        await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
      },
      sizes.slice(0, 1),
    );
  } finally {
    await stage.close();
  }
});

async function takeAll(
  page: Page,
  name: string,
  show: (width: number) => Promise<void>,
  at = sizes,
): Promise<void> {
  for (const { suffix, width, height } of at) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await show(width);
      await page.waitForLoadState("networkidle");
      const picture = await sharp(await page.screenshot({ animations: "disabled" }))
        .png({ palette: true, compressionLevel: 9, effort: 10 })
        .toBuffer();
      expect(picture.length / 1024, `${name} is small enough`).toBeLessThan(largestKb);
      await writeFile(path.join(folder, `${name}-${colorScheme}${suffix}.png`), picture);
    }
  }
}
