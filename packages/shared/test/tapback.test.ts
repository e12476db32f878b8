import { describe, expect, it } from "vitest";
import { isQuoteOf, parseTapback } from "../src/index.ts";

describe("a text that a phone wrote about another", () => {
  it.each([
    ["Liked “See you at nine”", "👍", false],
    ["Loved “See you at nine”", "❤️", false],
    ["Disliked “See you at nine”", "👎", false],
    ["Laughed at “See you at nine”", "😂", false],
    ["Emphasized “See you at nine”", "‼️", false],
    ["Emphasised “See you at nine”", "‼️", false],
    ["Questioned “See you at nine”", "❓", false],
    ["Reacted 🎉 to “See you at nine”", "🎉", false],
    ["Reacted 👩🏽‍💻 to “See you at nine”", "👩🏽‍💻", false],
    ["Reacted 🇨🇭 to “See you at nine”", "🇨🇭", false],
    ['Liked "See you at nine"', "👍", false],
    ["👍 to “See you at nine”", "👍", false],
    ["\u200a\u200b👍\u200b to “\u200aSee you at nine\u200a”", "👍", false],
    ["Removed a like from “See you at nine”", "👍", true],
    ["Removed a heart from “See you at nine”", "❤️", true],
    ["Removed a laugh from “See you at nine”", "😂", true],
    ["Removed an exclamation from “See you at nine”", "‼️", true],
    ["Removed a question mark from “See you at nine”", "❓", true],
    ["Removed a dislike from “See you at nine”", "👎", true],
    ["Removed 🎉 from “See you at nine”", "🎉", true],
  ])("%s", (body, emoji, isRemoval) => {
    expect(parseTapback(body)).toEqual({ emoji, isRemoval, quoted: "See you at nine" });
  });

  it.each([
    "Liked it very much",
    "Liked an image",
    "Loved a movie",
    "I liked “See you at nine”",
    "Liked “See you at nine”, thanks",
    "Reacted badly to “See you at nine”",
    "Removed a stain from “the sofa”",
    "See you at nine",
    "",
  ])("is no other: %s", (body) => {
    expect(parseTapback(body)).toBeNull();
  });

  it("names the text that it quotes, as carriers change it on the way", () => {
    expect(isQuoteOf("It's  “fine”", "It’s “fine”")).toBe(true);
    expect(isQuoteOf("Cafe\u0301\nat nine", "Café at nine")).toBe(true);
    expect(isQuoteOf("Your table is booked f…", "Your table is booked for two")).toBe(true);
    expect(isQuoteOf("See you…", "See you at nine")).toBe(false);
    expect(isQuoteOf("See you", "See you at nine")).toBe(false);
    expect(isQuoteOf("…", "")).toBe(false);
    expect(isQuoteOf("", "")).toBe(false);
  });

  it("is read in no time, however long and odd", () => {
    const startedAt = performance.now();
    for (const body of [
      `Reacted ${"👍".repeat(800)}`,
      `${"👍\ufe0f".repeat(500)} to “`,
      `Liked “${"a ".repeat(700)}`,
      `${"1".repeat(1600)}`,
    ]) {
      expect(parseTapback(body)).toBeNull();
    }
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
