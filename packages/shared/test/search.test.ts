import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutSnippet, findMatches, foldText, readPhoneDigits, splitWords } from "../src/index.ts";

describe("the words of a search", () => {
  it("parts a query at spaces and punctuation, once each", () => {
    expect(splitWords("  Ship-it, ship IT: anna@example.com\u0000")).toEqual([
      "Ship",
      "it",
      "ship",
      "IT",
      "anna",
      "example",
      "com",
    ]);
    expect(splitWords("'; drop table -- \\")).toEqual(["drop", "table"]);
    expect(splitWords(" !?… ")).toEqual(["…"]);
    expect(splitWords("👍 ok")).toEqual(["👍", "ok"]);
  });

  it("knows what can only be a phone number", () => {
    expect(readPhoneDigits("(202) 555-01")).toBe("20255501");
    expect(readPhoneDigits("+44 20")).toBe("4420");
    expect(readPhoneDigits("12")).toBeNull();
    expect(readPhoneDigits("Anna 202")).toBeNull();
  });

  it("finds a word at the beginning of words, whatever its case and accents", () => {
    const text = "Zoë’s café, CAFETERIA and decaf";
    const found = (words: string[], anywhere = false) =>
      findMatches(text, words, { anywhere }).map(([from, to]) => text.slice(from, to));
    expect(found(["cafe"])).toEqual(["café", "CAFE"]);
    expect(found(["caf"], true)).toEqual(["caf", "CAF", "caf"]);
    expect(found(["ZOE"])).toEqual(["Zoë"]);
    expect(findMatches("Zoe\u0308!", ["zoe"])).toEqual([[0, 4]]);
    expect(findMatches("👍🏽 ok 👍", ["ok", "👍"])).toEqual([
      [0, 2],
      [5, 7],
      [8, 10],
    ]);
  });

  it("cuts a long text around its match and parts no character", () => {
    const text = `${"🙂".repeat(100)} parcel ${"🙂".repeat(100)}`;
    const { text: cut, ranges } = cutSnippet(text, findMatches(text, ["parcel"]), 60);
    expect(cut.isWellFormed()).toBe(true);
    expect(ranges.map(([from, to]) => cut.slice(from, to))).toEqual(["parcel"]);
    expect(cut.startsWith("…") && cut.endsWith("…")).toBe(true);
    expect(cutSnippet("a\nb", [], 60).text).toBe("a b");
  });

  it("keeps every range inside the text, in order, and on what was looked for", () => {
    const word = fc.oneof(
      fc.constantFrom("é", "ab", "İ", "ß", "👍🏽", "e\u0301", "a", "  "),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    );
    const text = fc.array(word, { maxLength: 40 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(
        text,
        fc.array(word, { maxLength: 3 }),
        fc.boolean(),
        (whole, words, anywhere) => {
          const matches = findMatches(whole, words, { anywhere });
          const { text: cut, ranges } = cutSnippet(whole, matches, 20);
          for (const [list, within] of [
            [matches, whole],
            [ranges, cut],
          ] as const) {
            let end = 0;
            for (const [from, to] of list) {
              expect(from).toBeGreaterThanOrEqual(end);
              expect(to).toBeGreaterThan(from);
              expect(to).toBeLessThanOrEqual(within.length);
              end = to;
            }
          }
          for (const [from, to] of matches) {
            const part = foldText(whole.slice(from, to));
            expect(words.some((each) => part.includes(foldText(each)))).toBe(true);
          }
        },
      ),
    );
  });
});
