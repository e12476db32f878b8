import { test as base } from "@playwright/test";

export { expect } from "@playwright/test";

/**
 * Playwright's, and what a test opened is closed when it ends: an inbox that nobody looks
 * at any more stays live, and every later test would pay for it.
 */
export const test = base.extend<{ closesWhatItOpened: undefined }>({
  closesWhatItOpened: [
    async ({ browser }, use) => {
      const before = new Set(browser.contexts());
      await use(undefined);
      const opened = browser.contexts().filter((context) => !before.has(context));
      await Promise.all(opened.map((context) => context.close()));
    },
    { auto: true },
  ],
});
