import { describe, expect, it } from "vitest";
import { isEmojiOnly, linkify } from "../src/features/livechat/linkify.ts";

const links = (text: string) =>
  linkify(text).flatMap((piece) => (piece.kind === "link" ? [piece.text] : []));

describe("links in a text", () => {
  it("finds http and https and leaves the sentence's punctuation outside", () => {
    expect(links("See https://example.com/a?b=1#c. And (http://example.org/x)!")).toEqual([
      "https://example.com/a?b=1#c",
      "http://example.org/x",
    ]);
    expect(links("https://en.wikipedia.org/wiki/Text_(a)")).toEqual([
      "https://en.wikipedia.org/wiki/Text_(a)",
    ]);
  });

  it("loses no character of the text", () => {
    const text = "a https://example.com/x, b\nhttp://example.com c";
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "https://bank.example@evil.example/",
    "https://",
    "http://localhost/admin",
  ])("leaves %s as words", (text) => {
    expect(links(text)).toEqual([]);
  });

  it("ends a link at a character that turns the direction of writing", () => {
    expect(links("https://example.com/\u202egpj.exe")).toEqual(["https://example.com/"]);
  });
});

describe("a text of emoji", () => {
  it.each(["👍", "❤️", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏽🎉", "😀 😀 😀", "1️⃣"])(
    "sees %s as emoji only",
    (text) => {
      expect(isEmojiOnly(text)).toBe(true);
    },
  );
  it.each(["", " ", "1", "123", "ok 👍", "😀😀😀😀", "#", "©a"])(
    "does not see %s as emoji only",
    (text) => {
      expect(isEmojiOnly(text)).toBe(false);
    },
  );
});
