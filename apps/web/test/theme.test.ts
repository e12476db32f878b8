import { defaultConfig } from "@chakra-ui/react";
import { expect, test } from "vitest";
import { system } from "../src/app/theme.ts";

const sources = import.meta.glob<string>("../src/**/*.tsx", {
  query: "?raw",
  import: "default",
  eager: true,
});

const everyRecipe = new Set([
  ...Object.keys(defaultConfig.theme?.recipes ?? {}),
  ...Object.keys(defaultConfig.theme?.slotRecipes ?? {}),
]);

test("every component that we take from Chakra has its styles in our theme", () => {
  const used = new Set<string>();
  for (const source of Object.values(sources)) {
    for (const [, names = ""] of source.matchAll(/import \{([^}]*)\} from "@chakra-ui\/react"/g)) {
      for (const name of names.split(",")) {
        const component = name.replace("type ", "").trim();
        used.add(component.charAt(0).toLowerCase() + component.slice(1));
      }
    }
  }
  const wanted = [...used].filter((name) => everyRecipe.has(name));
  expect(wanted).toContain("button");
  expect(wanted.filter((name) => !system.isRecipe(name) && !system.isSlotRecipe(name))).toEqual([]);
});
