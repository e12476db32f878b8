import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { furnish } from "../support/furnish.ts";
import { signUp } from "../support/people.ts";
import { conversationRow, openPage, signInOnScreen, thread } from "../support/screens.ts";
import { openStage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const folder = path.resolve(import.meta.dirname, "../../docs/screens");
const sizes = [
  { suffix: "", width: 1440, height: 900 },
  { suffix: "-834", width: 834, height: 1112 },
  { suffix: "-390", width: 390, height: 844 },
];
const largestKb = 150;

test("makes the pictures of the documentation", async ({ browser }) => {
  test.setTimeout(1_200_000);
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
    const desktop = sizes.slice(0, 1);
    const phone = sizes.slice(2);
    const deskAndPhone = [...desktop, ...phone];
    const open = async (name: string) => {
      await page.goto(`${base}/c/${contactIds.get(name)}`);
      await expect(thread(page)).toBeVisible();
    };
    await takeAll(
      page,
      "conversations",
      async () => {
        await page.goto(base);
        await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
      },
      phone,
    );
    await takeAll(page, "failed-text", () => open("Old landline"), deskAndPhone);
    await takeAll(page, "opted-out", () => open("Priya Raman"), deskAndPhone);
    await takeAll(page, "right-to-left", () => open("ليلى حداد"), deskAndPhone);
    await takeAll(
      page,
      "details",
      async () => {
        await open("Ana Silva");
        await page.getByRole("button", { name: "Contact details" }).click();
        await expect(page.getByText("ana.silva@example.com").first()).toBeVisible();
      },
      sizes.slice(1),
    );
    await takeAll(
      page,
      "canned-replies",
      async () => {
        await open("Ben Okafor");
        await page.getByRole("textbox", { name: /^Text message to / }).fill("");
        await page.getByRole("textbox", { name: /^Text message to / }).pressSequentially("/");
        await expect(page.getByRole("option", { name: /ready/ })).toBeVisible();
      },
      deskAndPhone,
    );
    await takeAll(
      page,
      "search",
      async () => {
        await page.goto(base);
        await page.getByRole("searchbox").first().fill("bike");
        await expect(page.locator(".lc-results .lc-row").first()).toBeVisible();
      },
      deskAndPhone,
    );
    await takeAll(
      page,
      "new-conversation",
      async () => {
        await page.goto(base);
        await expect(conversationRow(page, /Ana Silva/)).toBeVisible();
        await page.getByRole("button", { name: "New conversation" }).first().click();
        await expect(page.getByRole("dialog")).toBeVisible();
      },
      deskAndPhone,
    );
    await takeAll(
      page,
      "palette",
      async () => {
        await open("ليلى حداد");
        await page.keyboard.press("Control+k");
        await expect(page.getByRole("dialog")).toBeVisible();
      },
      deskAndPhone,
    );
    await takeAll(
      page,
      "contacts",
      async () => {
        await page.goto(`${base}/contacts`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.getByText("Ana Silva").first()).toBeVisible();
      },
      deskAndPhone,
    );
    for (const [name, part] of [
      ["phone-line", "twilio"],
      ["people", "people"],
    ] as const)
      await takeAll(
        page,
        name,
        async () => {
          await page.goto(`${base}/settings/${part}`);
          await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
        },
        deskAndPhone,
      );
    await takeAll(page, "connect", async () => {
      await page.goto(`${base}/connect`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    });
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
