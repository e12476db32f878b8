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

describe("phone numbers and e-mail addresses in a text", () => {
  const addresses = (text: string) =>
    linkify(text).flatMap((piece) => (piece.kind === "address" ? [piece.href] : []));

  it("can be called and written to", () => {
    expect(
      addresses("Call (202) 555-0143, +44 20 7946 0018 or 202-555-0199. Or ann.b+x@example.co.uk!"),
    ).toEqual([
      "tel:2025550143",
      "tel:+442079460018",
      "tel:2025550199",
      "mailto:ann.b%2Bx@example.co.uk",
    ]);
  });

  it.each(["Order 20255501", "1234-5678-9012-3456", "2026-11-24", "a@b", "$1,202,555,0143"])(
    "are not seen in %s",
    (text) => {
      expect(addresses(text)).toEqual([]);
    },
  );

  it("lose no character of the text", () => {
    const text = "x (202) 555-0143 y a@example.com https://example.com/a@b z";
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});
