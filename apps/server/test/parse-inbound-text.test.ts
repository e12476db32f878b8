import { describe, expect, it } from "vitest";
import { parseInboundText } from "../src/twilio/parse-inbound-text.ts";

const form = {
  AccountSid: `AC${"a".repeat(32)}`,
  MessageSid: `SM${"b".repeat(32)}`,
  From: "+12025550143",
  To: "+12025550100",
  Body: "Hi",
  NumMedia: "0",
};

describe("reading an inbound text", () => {
  it("keeps the body as it came, trailing space, emoji and all", () => {
    const body = `${"👋".repeat(1600)} `;
    expect(parseInboundText({ ...form, Body: body }).text?.body).toBe(body);
  });

  it("drops what Postgres cannot hold", () => {
    const { text } = parseInboundText({ ...form, Body: "a\0b\ud800c" });
    expect(text?.body).toBe("ab\ufffdc");
  });

  it("takes short codes, alphanumeric senders and empty bodies", () => {
    expect(parseInboundText({ ...form, From: "72645" }).text?.from).toBe("72645");
    expect(parseInboundText({ ...form, From: "SUPPORT" }).text?.from).toBe("SUPPORT");
    expect(parseInboundText({ ...form, Body: "" }).text?.body).toBe("");
  });

  it("keeps every medium, and the rest when one has no address", () => {
    const media = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [
        [`MediaUrl${n}`, `https://api.twilio.com/${n}`],
        [`MediaContentType${n}`, "image/jpeg"],
      ]).flat(),
    );
    expect(parseInboundText({ ...form, ...media, NumMedia: "10" }).text?.media).toHaveLength(10);
    const { MediaUrl1: _, ...incomplete } = media;
    expect(parseInboundText({ ...form, ...incomplete, NumMedia: "3" }).text?.media).toHaveLength(2);
  });

  it("drops it from the names of files too", () => {
    const { text } = parseInboundText({
      ...form,
      NumMedia: "1",
      MediaUrl0: "https://api.twilio.com/a\0b",
      MediaContentType0: "image/\0png",
    });
    expect(text?.media).toEqual([{ url: "https://api.twilio.com/ab", contentType: "image/png" }]);
  });

  it("takes only Twilio's own words for an opt-out type", () => {
    expect(parseInboundText({ ...form, OptOutType: "stop" }).text?.optOutType).toBe("STOP");
    // Else a STOP beside an empty field would not be seen as one.
    expect(parseInboundText({ ...form, Body: "STOP", OptOutType: "" }).text?.optOutType).toBeNull();
  });

  it.each([
    ["no account", { ...form, AccountSid: undefined }],
    ["a repeated body", { ...form, Body: ["one", "two"] }],
    ["a foreign kind of id", { ...form, MessageSid: "XX1" }],
    ["more media than there can be", { ...form, NumMedia: "11" }],
  ])("says what is wrong with %s", (_, parameters) => {
    expect(parseInboundText(parameters)).toMatchObject({
      text: null,
      reason: expect.stringMatching(/^(AccountSid|Body|MessageSid|NumMedia) .+\.$/),
    });
  });
});
