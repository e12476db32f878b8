import { describe, expect, it } from "vitest";
import { decideNotice, type NoticeChoices } from "../src/features/notifications/decide-notice.ts";
import { isQuietAt } from "../src/features/notifications/quiet-hours.ts";

const choices: NoticeChoices = {
  notifyOnDesktop: true,
  notifyWithSound: true,
  hidesTextInNotices: false,
  isQuietAtTimes: false,
  quietFrom: "21:00",
  quietTo: "08:00",
};
const away = { isOnConversation: false, isOnWorkspace: false };
const noon = new Date(2026, 5, 1, 12, 0);
const night = new Date(2026, 5, 1, 23, 30);

function decide(
  content: string,
  change: Partial<NoticeChoices> = {},
  attention = away,
  now = noon,
  name: string | null = "Ana Silva",
) {
  const contact = { name, phoneNumber: "+12025550143" };
  const news = { kind: "text", message: { content }, contact } as const;
  return decideNotice(news, { ...choices, ...change }, attention, now);
}

describe("a text that arrives", () => {
  it("rings and shows who wrote what, shortened", () => {
    expect(decide("Is my\nbike   ready?")).toEqual({
      desktop: { title: "Ana Silva", body: "Is my bike ready?" },
      rings: true,
    });
    expect(decide("x".repeat(500)).desktop?.body).toHaveLength(140);
    expect(decide("", {}, away, noon, null).desktop).toEqual({
      title: "(202) 555-0143",
      body: "Attachment",
    });
  });

  it("shows neither name nor text in privacy mode", () => {
    const { desktop } = decide("My PIN is 4711", { hidesTextInNotices: true });
    expect(JSON.stringify(desktop)).not.toMatch(/4711|Ana/);
  });

  it("is silent for the conversation that is being read", () => {
    expect(decide("Hi", {}, { isOnConversation: true, isOnWorkspace: true })).toEqual({
      desktop: null,
      rings: false,
    });
  });

  it("rings but brings no window up for someone who looks at another conversation", () => {
    expect(decide("Hi", {}, { isOnConversation: false, isOnWorkspace: true })).toEqual({
      desktop: null,
      rings: true,
    });
  });

  it("is silent in quiet hours, when they are on", () => {
    expect(decide("Hi", { isQuietAtTimes: true }, away, night)).toEqual({
      desktop: null,
      rings: false,
    });
    expect(decide("Hi", { isQuietAtTimes: true }, away, noon).rings).toBe(true);
    expect(decide("Hi", {}, away, night).rings).toBe(true);
  });

  it("keeps each part to its own setting", () => {
    expect(decide("Hi", { notifyOnDesktop: false })).toEqual({ desktop: null, rings: true });
    expect(decide("Hi", { notifyWithSound: false }).rings).toBe(false);
  });
});

describe("a note that calls the reader", () => {
  const news = { kind: "mention", note: { body: "The PIN\nis 4711" }, author: "Bob" } as const;

  it("rings and shows who wrote what", () => {
    expect(decideNotice(news, choices, away, noon)).toEqual({
      desktop: { title: "Bob mentioned you in a note", body: "The PIN is 4711" },
      rings: true,
    });
  });

  it("keeps to privacy mode, quiet hours and where the reader looks", () => {
    const hidden = decideNotice(news, { ...choices, hidesTextInNotices: true }, away, noon).desktop;
    expect(JSON.stringify(hidden)).not.toMatch(/4711|Bob/);
    const nothing = { desktop: null, rings: false };
    expect(decideNotice(news, { ...choices, isQuietAtTimes: true }, away, night)).toEqual(nothing);
    const reading = { isOnConversation: true, isOnWorkspace: true };
    expect(decideNotice(news, choices, reading, noon)).toEqual(nothing);
    const elsewhere = { isOnConversation: false, isOnWorkspace: true };
    expect(decideNotice(news, choices, elsewhere, noon)).toEqual({ desktop: null, rings: true });
  });
});

describe("quiet hours", () => {
  const at = (hours: number, minutes: number) => new Date(2026, 5, 1, hours, minutes);

  it("begin and end on the minute, within a day or across midnight", () => {
    const lunch = { from: "12:00", to: "13:00" };
    expect([at(11, 59), at(12, 0), at(12, 59), at(13, 0)].map((t) => isQuietAt(t, lunch))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const night = { from: "21:00", to: "08:00" };
    expect([at(20, 59), at(21, 0), at(0, 0), at(8, 0)].map((t) => isQuietAt(t, night))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isQuietAt(at(9, 0), { from: "09:00", to: "09:00" })).toBe(false);
  });
});
