import { describe, expect, it } from "vitest";
import { describeCost } from "../src/features/livechat/describe-cost.ts";

describe("what a text cost", () => {
  it("is said as far as it is known", () => {
    const say = (numSegments: number | null, price: string | null, priceUnit: string | null) =>
      describeCost({ numSegments, price, priceUnit });
    expect(say(null, null, null)).toBeNull();
    expect(say(1, null, null)).toBe("1 segment");
    expect(say(3, "0.0237", "USD")).toMatch(/^3 segments, .*0.0237/);
    expect(say(null, "0.0079", "EUR")).toMatch(/0.0079/);
    expect(say(2, "0.01", null)).toBe("2 segments, 0.01");
  });
});
