import { describe, expect, it } from "vitest";
import type { Attachment } from "../src/features/livechat/attachments.ts";
import { formatCopied } from "../src/features/livechat/copy-selection.ts";
import { findEmoji, listEmojiNames } from "../src/features/livechat/emoji-names.ts";
import { explainBlocked } from "../src/features/livechat/explain-blocked.ts";
import { findToken, replaceToken } from "../src/features/livechat/find-token.ts";
import { findQuietHour, findZone } from "../src/features/livechat/quiet-hours.ts";
import { rankMatches } from "../src/features/livechat/rank-matches.ts";
import {
  listScheduleTimes,
  readLocalTime,
  writeLocalTime,
} from "../src/features/livechat/schedule-times.ts";
import { explainUnresolved, readTextValues } from "../src/features/livechat/text-values.ts";

describe("the word at the caret", () => {
  const find = (text: string, caret = text.length) => {
    const token = findToken(text, caret);
    return token && `${token.kind} ${token.query} ${token.from}-${token.to}`;
  };
  it("asks for a canned reply after a slash, for an emoji after a colon", () => {
    expect(find("/")).toBe("canned  0-1");
    expect(find("Hi /Ho")).toBe("canned ho 3-6");
    expect(find("a\n/ho")).toBe("canned ho 2-5");
    expect(find("see :smi")).toBe("emoji smi 4-8");
    expect(find("/hours later", 4)).toBe("canned hou 0-4");
  });
  it.each(["1/2", "https://x", "and/or", "12:30", "note: ", ":)", "::", "/a b"])(
    "asks for nothing in %j",
    (text) => expect(find(text)).toBeNull(),
  );
  it("is replaced, with the caret behind what took its place", () => {
    const text = "Hi /ho there";
    const token = findToken(text, 6);
    if (!token) throw new Error("no token");
    expect(replaceToken(text, token, "Open till six.")).toEqual({
      text: "Hi Open till six. there",
      caret: 17,
    });
  });
});

describe("what can't go out", () => {
  const file = (sizeBytes: number): Attachment => ({
    key: String(sizeBytes),
    name: "photo.jpg",
    sizeBytes,
    preview: null,
    progress: 1,
    stored: {
      id: "018f0000-0000-7000-8000-000000000001",
      url: "https://example.test/media/1",
      contentType: "image/jpeg",
      fileName: "photo.jpg",
      sizeBytes,
      widthPx: 1,
      heightPx: 1,
    },
    error: null,
    abort: new AbortController(),
  });
  it("is told before it is sent: files that are too large together", () => {
    expect(explainBlocked("", [file(2_500_000), file(2_500_000)], [])).toBeNull();
    expect(explainBlocked("", [file(2_500_000), file(2_500_001)], [])).toContain("5.0 MB together");
    expect(explainBlocked("", [file(3_100_000), file(3_000_000)], [])).toContain("6.1 MB together");
  });
});

describe("suggestions", () => {
  const rank = (names: string[], query: string) => rankMatches(names, query, (name) => ({ name }));
  it("come in the order of what was likely meant", () => {
    expect(rank(["opening_hours", "hours-late", "hours", "ghours", "h-o-u-r-s"], "hours")).toEqual([
      "hours",
      "hours-late",
      "opening_hours",
      "ghours",
      "h-o-u-r-s",
    ]);
    expect(rank(["bye", "hello"], "x")).toEqual([]);
    expect(rank(["b", "a"], "")).toEqual(["b", "a"]);
  });
  it("also find words of the text, last", () => {
    const replies = [
      { name: "directions", text: "Take the bus to the lake." },
      { name: "bus", text: "" },
    ];
    expect(rankMatches(replies, "bus", (each) => each).map(({ name }) => name)).toEqual([
      "bus",
      "directions",
    ]);
  });
  it("know an emoji by each of its names, and show it once", () => {
    const all = listEmojiNames({
      "1F44D": ["+1", "thumbsup"],
      "1F1FA-1F1F8": "us",
      "1F44E": "-1",
    });
    expect(findEmoji(all, "thumb")).toEqual([{ emoji: "👍", name: "thumbsup" }]);
    expect(findEmoji(all, "us")[0]?.emoji).toBe("🇺🇸");
    expect(findEmoji(all, "1").map(({ emoji }) => emoji)).toHaveLength(2);
  });
});

describe("quiet hours", () => {
  const contact = (timeZone: string | null, phoneNumber = "+12025550143") => ({
    timeZone,
    phoneNumber,
  });
  const at = (iso: string) => new Date(iso);
  it("are from 21:00 to 8:00 where the contact lives", () => {
    const newYork = contact("America/New_York");
    expect(findQuietHour(newYork, at("2026-06-01T00:59:00Z"))).toBeNull();
    const late = findQuietHour(newYork, at("2026-06-01T01:00:30Z"));
    expect(late?.morning.toISOString()).toBe("2026-06-01T12:00:00.000Z");
    expect(findQuietHour(newYork, at("2026-06-01T11:59:00Z"))?.morning.toISOString()).toBe(
      "2026-06-01T12:00:00.000Z",
    );
    expect(findQuietHour(newYork, at("2026-06-01T12:00:00Z"))).toBeNull();
  });
  it("end at eight also where the clock is changed in the night", () => {
    const berlin = contact("Europe/Berlin");
    expect(findQuietHour(berlin, at("2026-03-28T22:00:00Z"))?.morning.toISOString()).toBe(
      "2026-03-29T06:00:00.000Z",
    );
    expect(findQuietHour(berlin, at("2026-10-24T20:30:00Z"))?.morning.toISOString()).toBe(
      "2026-10-25T07:00:00.000Z",
    );
  });
  it("follow the number where no zone is set, and say that this is a guess", () => {
    const guess = (phoneNumber: string) => findZone(contact(null, phoneNumber));
    expect(findZone(contact("Europe/Paris", "+12025550143"))).toEqual({
      zone: "Europe/Paris",
      isGuess: false,
    });
    expect(guess("+442079460018")).toEqual({ zone: "Europe/London", isGuess: true });
    expect(findZone(contact("Nowhere/Land", "+353151234567"))?.zone).toBe("Europe/Dublin");
    for (const [number, zone] of [
      ["+12025550143", "America/New_York"],
      ["+13125550143", "America/Chicago"],
      ["+13035550143", "America/Denver"],
      ["+14155550143", "America/Los_Angeles"],
      ["+16025550143", "America/Phoenix"],
      ["+18085550143", "Pacific/Honolulu"],
      ["+19075550143", "America/Anchorage"],
      ["+14165550143", "America/Toronto"],
      ["+17095550143", "America/St_Johns"],
      ["+17875550143", "America/Puerto_Rico"],
    ] as const) {
      expect(guess(number), number).toEqual({ zone, isGuess: true });
    }
    for (const number of [
      "+18005550143",
      "+12005550143",
      "+1202555014",
      "SUPPORT",
      "+5511987654321",
    ])
      expect(guess(number), number).toBeNull();
    const night = findQuietHour(contact(null), at("2026-06-01T03:00:00Z"));
    expect(night).toMatchObject({ zone: "America/New_York", isGuess: true });
    expect(findQuietHour(contact(null, "+18005550143"), at("2026-06-01T03:00:00Z"))).toBeNull();
  });
  it("know only zones that this browser knows", () => {
    for (let area = 200; area < 1000; area += 1) {
      const zone = findZone(contact(null, `+1${area}5550143`))?.zone;
      if (zone) expect(() => new Intl.DateTimeFormat("en", { timeZone: zone })).not.toThrow();
    }
  });
});

describe("the values of variables", () => {
  const contact = { name: "Ann van Dam", phoneNumber: "+12025550143", email: null, company: null };
  it("are those of contact, agent and workspace", () => {
    expect(readTextValues(contact, "Bob Brown", "Bikes")).toMatchObject({
      first_name: "Ann",
      last_name: "Dam",
      name: "Ann van Dam",
      agent: "Bob Brown",
      agent_first_name: "Bob",
      workspace: "Bikes",
      email: null,
    });
    expect(readTextValues({ ...contact, name: null }, "Bob", "B").first_name).toBeNull();
  });
  it("that are missing are named with what to do", () => {
    expect(explainUnresolved([])).toBeNull();
    expect(explainUnresolved(["first_name"])).toMatch(/first name of this contact is not known/);
    expect(explainUnresolved(["order"])).toMatch(/no variable/);
  });
});

describe("times to send later", () => {
  it("lie ahead, each once", () => {
    for (const now of [at2(2026, 5, 1, 7), at2(2026, 5, 1, 17), at2(2026, 5, 7, 23)]) {
      const times = listScheduleTimes(now).map(({ at }) => at.getTime());
      expect(Math.min(...times)).toBeGreaterThan(now.getTime());
      expect(new Set(times).size).toBe(times.length);
    }
  });
  it("survive the field that they are written in", () => {
    const at = at2(2026, 5, 1, 7);
    expect(readLocalTime(writeLocalTime(at))).toEqual(at);
    expect(readLocalTime("")).toBeNull();
    expect(readLocalTime("soon")).toBeNull();
  });
  function at2(year: number, month: number, day: number, hour: number) {
    return new Date(year, month, day, hour);
  }
});

it("a copied piece of a thread says who wrote what when", () => {
  expect(
    formatCopied([
      { author: "Ann", time: "Monday 9:00", text: "Is it ready?" },
      { author: "You", time: "Monday 9:01", text: "Yes,\ncome by." },
    ]),
  ).toBe("Ann — Monday 9:00: Is it ready?\nYou — Monday 9:01: Yes,\ncome by.");
});
