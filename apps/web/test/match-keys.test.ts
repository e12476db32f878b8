import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSingleKey, type KeyPress, matchesStep } from "../src/components/shortcuts/match-keys.ts";
import { shortcutEntries } from "../src/components/shortcuts/shortcut-list.ts";

const press = (key: string, rest: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "",
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...rest,
});

describe("the keys of a shortcut", () => {
  it("takes a letter alone, and not with a modifier", () => {
    expect(matchesStep("j", press("j"))).toBe(true);
    for (const modifier of ["altKey", "ctrlKey", "metaKey", "shiftKey"] as const) {
      expect(matchesStep("j", press("j", { [modifier]: true })), modifier).toBe(false);
    }
    expect(matchesStep("?", press("?", { shiftKey: true }))).toBe(true);
  });

  it("goes by the place of a key where the letter is another", () => {
    expect(matchesStep("Alt+J", press("∆", { code: "KeyJ", altKey: true }))).toBe(true);
    expect(matchesStep("j", press("о", { code: "KeyJ" }))).toBe(true);
    // Where the letter exists it counts, wherever it is: z and y change places in German.
    expect(matchesStep("z", press("y", { code: "KeyZ" }))).toBe(false);
    expect(matchesStep("Mod+k", press("л", { code: "KeyK", ctrlKey: true }))).toBe(true);
  });

  it("knows ⌘ and Ctrl as one, but not both, nor with Shift", () => {
    expect(matchesStep("Mod+k", press("k", { metaKey: true }))).toBe(true);
    expect(matchesStep("Mod+k", press("K", { ctrlKey: true }))).toBe(true);
    expect(matchesStep("Mod+k", press("k", { ctrlKey: true, metaKey: true }))).toBe(false);
    expect(matchesStep("Mod+k", press("k", { ctrlKey: true, shiftKey: true }))).toBe(false);
  });

  it("gives no press to two shortcuts", () => {
    const steps = shortcutEntries.flatMap(([id, { keys }]) =>
      keys.filter((each) => !each.includes(" ")).map((step) => ({ id, step })),
    );
    const flag = fc.boolean();
    const presses = fc.record({
      key: fc.constantFrom(...steps.map(({ step }) => step.split("+").at(-1) ?? ""), "x", "о"),
      code: fc.constantFrom(..."ABEFIJKLMNPRUXZ".split("").map((letter) => `Key${letter}`)),
      altKey: flag,
      ctrlKey: flag,
      metaKey: flag,
      shiftKey: flag,
    });
    fc.assert(
      fc.property(presses, (pressed) => {
        const given = steps.filter(({ step }) => matchesStep(step, pressed));
        expect(new Set(given.map(({ id }) => id)).size).toBeLessThanOrEqual(1);
      }),
    );
    expect(new Set(shortcutEntries.flatMap(([, { keys }]) => keys)).size).toBe(
      shortcutEntries.flatMap(([, { keys }]) => keys).length,
    );
  });

  it("tells single keys, which may be switched off, from combinations", () => {
    expect(["j", "?", "g i", "/"].every(isSingleKey)).toBe(true);
    expect(["Mod+k", "Alt+J", "Escape", "Enter"].some(isSingleKey)).toBe(false);
  });
});
