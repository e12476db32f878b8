import { randomBytes } from "node:crypto";

/** A fresh Twilio SID: a two-letter prefix and 32 lower-case hex digits. */
export function newSid(prefix: "SM" | "MM" | "ME" | "PN"): string {
  return prefix + randomBytes(16).toString("hex");
}
