import { describe, expect, it } from "vitest";
import { formatDay, formatListTime } from "../src/features/livechat/format-time.ts";

const now = new Date(2026, 5, 17, 12, 0);
const iso = (year: number, month: number, day: number, hour = 12) =>
  new Date(year, month, day, hour).toISOString();

describe("times for people", () => {
  it("names a day as the reader thinks of it", () => {
    expect(formatDay(iso(2026, 5, 17, 0), now)).toBe("Today");
    expect(formatDay(iso(2026, 5, 16, 23), now)).toBe("Yesterday");
    expect(formatDay(iso(2026, 5, 13), now)).toBe("Saturday");
    expect(formatDay(iso(2026, 4, 1), now)).toBe("Fri, May 1");
    expect(formatDay(iso(2025, 4, 1), now)).toBe("Thu, May 1, 2025");
  });

  it("shows the time today and a day before that", () => {
    expect(formatListTime(iso(2026, 5, 17, 9), now)).toMatch(/9:00/);
    expect(formatListTime(iso(2026, 5, 16), now)).toBe("Yesterday");
    expect(formatListTime(iso(2026, 5, 12), now)).toBe("Friday");
    expect(formatListTime(iso(2026, 5, 1), now)).toMatch(/1.*26/);
  });

  it("does not take a clock that runs behind for the future", () => {
    expect(formatListTime(new Date(now.getTime() + 90_000).toISOString(), now)).toMatch(/12:01/);
  });
});
