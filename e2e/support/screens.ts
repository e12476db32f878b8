import { type Browser, expect, type Locator, type Page } from "@playwright/test";
import { emailOf, password } from "./people.ts";
import type { Stage } from "./stage.ts";

/**
 * A page of someone who shares neither cookies nor storage with the others. It asks
 * nothing about the contacts' night unless told to: that depends on when the test runs.
 */
export async function openPage(
  browser: Browser,
  stage: Stage,
  preferences: Record<string, unknown> = { warnsInQuietHours: false },
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: stage.origin,
    viewport: { width: 1440, height: 900 },
  });
  await context.addInitScript((chosen) => {
    const key = "livechat.preferences";
    if (localStorage.getItem(key) === null) localStorage.setItem(key, JSON.stringify(chosen));
  }, preferences);
  return context.newPage();
}

/** Fills the form that makes an account, and sends it. */
export async function signUpOnScreen(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email").fill(emailOf(name));
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: /^(Continue|Create account( and join)?)$/ }).click();
}

/** Signs in to an account that is there; resolves once that is done. */
export async function signInOnScreen(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email").fill(emailOf(name));
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** From a fresh account to an inbox that the built-in simulator feeds. */
export async function setUpWorkspaceOnScreen(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name of the workspace").fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Use the simulator" }).click();
  await page.waitForURL(/\/w\/[0-9a-f-]{36}$/);
}

/** The row of a conversation in the list. */
export function conversationRow(page: Page, contact: string | RegExp): Locator {
  return page
    .getByRole("navigation", { name: "Conversations" })
    .getByRole("option", { name: contact });
}

/** The open thread. */
export function thread(page: Page): Locator {
  return page.getByRole("region", { name: /^Messages with / });
}

/** A text's bubble in the open thread. */
export function bubble(page: Page, text: string): Locator {
  return thread(page).getByRole("listitem").filter({ hasText: text });
}

/** Writes an answer in the open conversation and sends it. */
export async function answer(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Text message to / }).fill(text);
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(bubble(page, text)).toBeVisible();
}
