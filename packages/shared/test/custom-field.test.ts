import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTimeZone, parseCustomFieldValue, parseLanguage } from "../src/index.ts";

const field = (kind: "text" | "number" | "date" | "choice") => ({
  kind,
  choices: kind === "choice" ? ["Gold", "Silver"] : [],
});

describe("values of custom fields", () => {
  it("takes what fits the kind and says why it refuses the rest", () => {
    const parse = (kind: Parameters<typeof field>[0], given: string | number) => {
      const parsed = parseCustomFieldValue(field(kind), given);
      return parsed.ok ? parsed.value : null;
    };
    expect(parse("text", "  a\u0000b \ud800")).toBe("ab \ufffd");
    expect(parse("text", " ")).toBeNull();
    expect(parse("text", "x".repeat(1001))).toBeNull();
    expect(["12", "-3.5", ".5", "1e3", 7].map((given) => parse("number", given))).toEqual([
      12, -3.5, 0.5, 1000, 7,
    ]);
    for (const given of ["", "1,5", "0x10", "Infinity", "NaN", "1e999"]) {
      expect(parse("number", given), given).toBeNull();
    }
    expect(parse("date", "2024-02-29")).toBe("2024-02-29");
    for (const given of ["2026-02-29", "0000-01-01", "2026-13-01", "31.1.2026", "2026-1-1"]) {
      expect(parse("date", given), given).toBeNull();
    }
    expect(parse("choice", "gold ")).toBe("Gold");
    expect(parse("choice", "bronze")).toBeNull();
  });

  it("reads its own values back unchanged", () => {
    const kinds = fc.constantFrom("text", "number", "date", "choice" as const);
    fc.assert(
      fc.property(kinds, fc.oneof(fc.string(), fc.double(), fc.integer()), (kind, given) => {
        const first = parseCustomFieldValue(field(kind), given);
        if (first.ok) expect(parseCustomFieldValue(field(kind), first.value)).toEqual(first);
      }),
    );
  });

  it("knows time zones and languages from what only looks like them", () => {
    expect(["America/New_York", "UTC", "Europe/Kyiv"].map(isTimeZone)).toEqual([true, true, true]);
    expect(["+02:00", "Mars/Base", "", "New York"].some(isTimeZone)).toBe(false);
    expect(["PT-br", "en", "zh-hans"].map(parseLanguage)).toEqual(["pt-BR", "en", "zh-Hans"]);
    expect(["", "english language", "_"].map(parseLanguage)).toEqual([null, null, null]);
  });
});
