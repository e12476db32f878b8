import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isCharacterKey,
  type KeyPlace,
  type KeyPress,
  matchesStep,
} from "../src/components/shortcuts/match-keys.ts";
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

const onPage: KeyPlace = { isTyping: false, isMac: false };
const inText: KeyPlace = { isTyping: true, isMac: false };
const inTextOfMac: KeyPlace = { isTyping: true, isMac: true };

describe("the keys of a shortcut", () => {
  it("takes a letter alone, and not with a modifier", () => {
    expect(matchesStep("j", press("j"), onPage)).toBe(true);
    for (const modifier of ["altKey", "ctrlKey", "metaKey", "shiftKey"] as const) {
      expect(matchesStep("j", press("j", { [modifier]: true }), onPage), modifier).toBe(false);
    }
    expect(matchesStep("?", press("?", { shiftKey: true }), onPage)).toBe(true);
  });

  it("goes by the place of a key where the letter is another", () => {
    expect(matchesStep("Alt+J", press("∆", { code: "KeyJ", altKey: true }), onPage)).toBe(true);
    expect(matchesStep("j", press("о", { code: "KeyJ" }), onPage)).toBe(true);
    // Where the letter exists it counts, wherever it is: z and y change places in German.
    expect(matchesStep("z", press("y", { code: "KeyZ" }), onPage)).toBe(false);
    expect(matchesStep("Mod+k", press("л", { code: "KeyK", ctrlKey: true }), onPage)).toBe(true);
  });

  it("knows ⌘ and Ctrl as one, but not both, nor with Shift", () => {
    expect(matchesStep("Mod+k", press("k", { metaKey: true }), onPage)).toBe(true);
    expect(matchesStep("Mod+k", press("K", { ctrlKey: true }), onPage)).toBe(true);
    expect(matchesStep("Mod+k", press("k", { ctrlKey: true, metaKey: true }), onPage)).toBe(false);
    expect(matchesStep("Mod+k", press("k", { ctrlKey: true, shiftKey: true }), onPage)).toBe(false);
  });

  it("leaves to the writer what Alt types", () => {
    const at = press("@", { code: "KeyL", altKey: true });
    const accent = press("Dead", { code: "KeyE", altKey: true });
    for (const place of [inText, inTextOfMac]) {
      expect(matchesStep("Alt+L", at, place)).toBe(false);
      expect(matchesStep("Alt+E", accent, place)).toBe(false);
      // A keyboard that types nothing with Alt names the letter.
      expect(matchesStep("Alt+L", press("l", { altKey: true }), place)).toBe(true);
    }
    expect(matchesStep("Alt+L", at, { isTyping: false, isMac: true })).toBe(true);
  });

  it("leaves Ctrl to the writer on a Mac", () => {
    const withCtrl = press("k", { ctrlKey: true });
    expect(matchesStep("Mod+k", withCtrl, inTextOfMac)).toBe(false);
    expect(matchesStep("Mod+k", withCtrl, { isTyping: false, isMac: true })).toBe(true);
    expect(matchesStep("Mod+k", withCtrl, inText)).toBe(true);
    expect(matchesStep("Mod+k", press("k", { metaKey: true }), inTextOfMac)).toBe(true);
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
        const given = steps.filter(({ step }) => matchesStep(step, pressed, onPage));
        expect(new Set(given.map(({ id }) => id)).size).toBeLessThanOrEqual(1);
      }),
    );
    expect(new Set(shortcutEntries.flatMap(([, { keys }]) => keys)).size).toBe(
      shortcutEntries.flatMap(([, { keys }]) => keys).length,
    );
  });

  it("tells keys that type, which may be switched off, from the others", () => {
    expect(["j", "?", "g i", "/", "Alt+J"].every(isCharacterKey)).toBe(true);
    expect(["Mod+k", "Escape", "Enter"].some(isCharacterKey)).toBe(false);
  });
});
