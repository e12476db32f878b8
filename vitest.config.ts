import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,packages}/**/test/**/*.test.{ts,tsx}", "supabase/tests/**/*.test.ts"],
    globalSetup: "apps/server/test/support/test-postgres.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
