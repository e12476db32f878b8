import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A test of the server waits about as long as it computes.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "rules and screens",
          include: ["packages/**/test/**/*.test.ts", "apps/web/test/**/*.test.{ts,tsx}"],
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["apps/server/test/**/*.test.ts", "supabase/tests/**/*.test.ts"],
          globalSetup: "apps/server/test/support/global-setup.ts",
        },
      },
    ],
  },
});
