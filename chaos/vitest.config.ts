import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["tests/**/*.test.ts"],
    globalSetup: "stage/global-setup.ts",
    // Each file runs several processes, which mostly wait.
    maxWorkers: 2,
    // Programs that start take their time on a busy machine; no test waits for its limit.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
