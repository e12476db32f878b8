import { defineConfig } from "@playwright/test";
import { findChromium } from "./support/find-chromium.ts";

const quiet = [
  "--disable-gpu",
  // Debian's Chromium turns it on, which without a graphics card is the slow way to draw.
  "--disable-gpu-rasterization",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  globalSetup: "./support/global-setup.ts",
  // Every file starts its own server: one at a time keeps a small machine honest about time.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: process.env.E2E_REPORT || "test-results/e2e.json" }]],
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    // Recording costs a fifth of the time. `--trace retain-on-failure` turns it on.
    trace: "off",
    screenshot: "only-on-failure",
    // A worker of an earlier test must not answer for the server of a later one.
    serviceWorkers: "block",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      // Chromium refuses its sandbox to root.
      args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet,
    },
  },
});
