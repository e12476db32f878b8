import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createKeyRingEntry,
  parseKeyRing,
  SecretUnreadableError,
} from "../src/platform/secrets.ts";

const alice = { workspaceId: "018f0000-0000-7000-8000-00000000000a", name: "twilio_auth_token" };
const carol = { ...alice, workspaceId: "018f0000-0000-7000-8000-00000000000c" };

describe("secrets at rest", () => {
  it("open to what was sealed, and look different each time", () => {
    const ring = parseKeyRing(createKeyRingEntry());
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (secret) => {
        const sealed = ring.seal(alice, secret);
        expect(ring.open(alice, sealed)).toBe(secret);
        expect(ring.seal(alice, secret).ciphertext).not.toBe(sealed.ciphertext);
      }),
    );
  });

  it("do not open in another workspace or under another name", () => {
    const ring = parseKeyRing(createKeyRingEntry());
    const sealed = ring.seal(alice, "token");
    expect(() => ring.open(carol, sealed)).toThrow(SecretUnreadableError);
    expect(() => ring.open({ ...alice, name: "api_key" }, sealed)).toThrow(SecretUnreadableError);
  });

  it("do not open once a bit has changed, or the tag was cut", () => {
    const ring = parseKeyRing(createKeyRingEntry());
    const sealed = ring.seal(alice, "token");
    const [version, nonce, tag, body] = sealed.ciphertext.split(".");
    const flipped = Buffer.from(body ?? "", "base64url");
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    for (const parts of [
      [version, nonce, tag, flipped.toString("base64url")],
      [version, nonce, tag?.slice(0, 6), body],
      ["v2", nonce, tag, body],
      ["nonsense"],
    ]) {
      const altered = { ...sealed, ciphertext: parts.join(".") };
      expect(() => ring.open(alice, altered)).toThrow(SecretUnreadableError);
    }
  });

  it("stay readable while keys rotate, and are known as outdated", () => {
    const older = createKeyRingEntry();
    const sealed = parseKeyRing(older).seal(alice, "token");
    const newer = createKeyRingEntry();
    const rotated = parseKeyRing(`${newer},${older}`);
    expect(rotated.open(alice, sealed)).toBe("token");
    expect(rotated.isOutdated(sealed)).toBe(true);
    expect(rotated.isOutdated(rotated.seal(alice, "token"))).toBe(false);
    expect(() => parseKeyRing(newer).open(alice, sealed)).toThrow("lacks the key");
  });

  it.each([
    ["", "entry 1 is not of the form"],
    ["a:c2hvcnQ=", "entry 1 is not 32 bytes"],
    [`${createKeyRingEntry()},oops`, "entry 2 is not of the form"],
  ])("a wrong ring is refused without showing it: %j", (text, reason) => {
    expect(() => parseKeyRing(text)).toThrow(reason);
  });
});
