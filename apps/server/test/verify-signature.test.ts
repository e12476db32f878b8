import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { type FormParameters, isSignedByTwilio } from "../src/twilio/verify-signature.ts";

const token = "12345678901234567890123456789012";
const url = "https://inbox.example.com/webhooks/twilio/inbound?w=1";
const sid = `SM${"b".repeat(32)}`;
const text: FormParameters = {
  AccountSid: `AC${"a".repeat(32)}`,
  ApiVersion: "2010-04-01",
  Body: "Hello ünïcode 👋 ",
  From: "+15558675310",
  FromCity: "",
  MessageSid: sid,
  SmsMessageSid: sid,
  SmsSid: sid,
  NumMedia: "0",
  NumSegments: "1",
  SmsStatus: "received",
  To: "+15557122661",
};
const signature = "ZlV9rsf7R5wHUrIdD7xG1ddPE2Q=";

describe("a webhook's signature", () => {
  it("is accepted as Twilio makes it, with every parameter as it came", () => {
    expect(isSignedByTwilio([token], signature, url, text)).toBe(true);
  });

  it("is accepted with either token while they rotate, and never with an empty one", () => {
    expect(isSignedByTwilio(["another token", token], signature, url, text)).toBe(true);
    expect(isSignedByTwilio(["another token"], signature, url, text)).toBe(false);
    const unkeyed = twilio.validateRequest("", signature, url, text);
    expect(unkeyed).toBe(false);
    expect(isSignedByTwilio([""], signature, url, text)).toBe(false);
    expect(isSignedByTwilio([], signature, url, text)).toBe(false);
  });

  it.each<[string, string | undefined, string, FormParameters]>([
    ["none", undefined, url, text],
    ["an empty one", "", url, text],
    ["one with a letter changed", `a${signature.slice(1)}`, url, text],
    ["a trimmed value", signature, url, { ...text, Body: "Hello ünïcode 👋" }],
    ["a parameter more", signature, url, { ...text, Extra: "1" }],
    ["another workspace's address", signature, url.replace("w=1", "w=2"), text],
    ["plain http", signature, url.replace("https", "http"), text],
    ["no address at all", signature, "/webhooks", text],
  ])("is refused: %s", (_, given, at, parameters) => {
    expect(isSignedByTwilio([token], given, at, parameters)).toBe(false);
  });
});
