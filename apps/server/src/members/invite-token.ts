import { createHash, randomBytes } from "node:crypto";

/** A new secret for an invitation's link: 256 bits. */
export function createInviteToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of it. */
export function hashInviteToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
