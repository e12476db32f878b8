import { describe, expect, it } from "vitest";
import { classifyAddress, formatAddress, parsePhoneNumber } from "../src/index.ts";

describe("addresses", () => {
  it("tells phone numbers, short codes and alphanumeric senders apart", () => {
    expect(classifyAddress("+12025550143")).toBe("e164");
    expect(classifyAddress("72645")).toBe("short_code");
    expect(classifyAddress("SUPPORT")).toBe("alphanumeric");
    expect(classifyAddress("+0123")).toBe("alphanumeric");
  });

  it("reads numbers as people type them", () => {
    expect(parsePhoneNumber("(202) 555-0143")).toBe("+12025550143");
    expect(parsePhoneNumber("+44 20 7946 0958")).toBe("+442079460958");
    expect(parsePhoneNumber("12345")).toBeNull();
    expect(parsePhoneNumber("call me")).toBeNull();
  });

  it("shows numbers as people read them and leaves other senders alone", () => {
    expect(formatAddress("+12025550143")).toBe("(202) 555-0143");
    expect(formatAddress("+442079460958")).toBe("+44 20 7946 0958");
    expect(formatAddress("72645")).toBe("72645");
    expect(formatAddress("SUPPORT")).toBe("SUPPORT");
  });
});
