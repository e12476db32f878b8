import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { countSegments, plainQuotes, suggestPlainText } from "../src/index.ts";

const gsm = "Abz 09@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n".split("");
const doubled = [..."^{}\\[~]|€"];
const wide = ["á", "“", "”", "Я", "你", "👋", "🎂", "❤️", "👨‍👩‍👧", "🇩🇪", "👍🏽", "ê"];

const text = (pool: string[]) =>
  fc.array(fc.constantFrom(...pool), { maxLength: 400 }).map((parts) => parts.join(""));
const any = fc.oneof(text(gsm), text([...gsm, ...doubled]), text([...gsm, ...doubled, ...wide]));

describe("counting segments", () => {
  it("agrees with Twilio's own calculator", () => {
    fc.assert(
      fc.property(any, (body) => {
        const theirs = new SegmentedMessage(body);
        expect(countSegments(body)).toMatchObject({
          encoding: theirs.encodingName,
          segments: theirs.segmentsCount,
        });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["", "GSM-7", 1, 160],
    ["x".repeat(160), "GSM-7", 1, 0],
    ["x".repeat(161), "GSM-7", 2, 145],
    ["x".repeat(306), "GSM-7", 2, 0],
    ["x".repeat(307), "GSM-7", 3, 152],
    ["€".repeat(80), "GSM-7", 1, 0],
    // The two halves of an extension character stay together.
    [`${"x".repeat(152)}€${"x".repeat(10)}`, "GSM-7", 2, 141],
    ["á".repeat(70), "UCS-2", 1, 0],
    ["á".repeat(71), "UCS-2", 2, 63],
    ["👋".repeat(35), "UCS-2", 1, 0],
    ["👋".repeat(36), "UCS-2", 2, 61],
  ] as const)("%j is %s in %i", (body, encoding, segments, left) => {
    expect(countSegments(body)).toMatchObject({ encoding, segments, left });
  });

  it("names what forces UCS-2, once and whole", () => {
    expect(countSegments("“Hi” 👨‍👩‍👧 “you”").forcedBy).toEqual(["“", "”", "👨‍👩‍👧"]);
    expect(countSegments("plain [text] €").forcedBy).toEqual([]);
  });
});

describe("plain quotes", () => {
  it("takes the place of look-alikes only", () => {
    expect(plainQuotes("“It’s” – really… 👍 «no»")).toBe('"It\'s" - really... 👍 "no"');
    expect(countSegments(plainQuotes("“It’s” – really…")).encoding).toBe("GSM-7");
  });

  it("are offered when they save a segment", () => {
    expect(suggestPlainText(`“${"x".repeat(90)}”`)).toBe(`"${"x".repeat(90)}"`);
    expect(suggestPlainText("“Hi”")).toBeNull();
    expect(suggestPlainText(`“${"x".repeat(90)}” 👍`)).toBeNull();
    expect(suggestPlainText("plain")).toBeNull();
  });
});
