import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

/**
 * A Chromium that starts on this machine: the one that `CHROMIUM_PATH` names,
 * the system's, or Playwright's own. Null when there is none.
 */
export function findChromium(): string | null {
  const candidates = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    chromium.executablePath(),
  ];
  return candidates.find((file) => file && existsSync(file) && doesStart(file)) ?? null;
}

/** Some systems keep a stub in its place, and some lack the libraries that a Chromium needs. */
function doesStart(file: string): boolean {
  return spawnSync(file, ["--version", "--no-sandbox"], { timeout: 20_000 }).status === 0;
}
