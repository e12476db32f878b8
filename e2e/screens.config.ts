import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

/** Makes docs/screens: the same browser as the tests', another folder. */
export default defineConfig({ ...tests, testDir: "./screens", reporter: "list" });
