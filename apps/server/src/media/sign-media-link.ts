import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import type { KeyRing } from "../platform/secrets.ts";

/** What a link opens: a file that waits to be sent, or one that belongs to a message. */
export interface MediaLink {
  kind: "upload" | "media";
  workspaceId: string;
  id: string;
  expiresAt: Date;
}

/** Makes and reads links that open one file, without a session, until they expire. */
export interface MediaLinkSigner {
  /** The whole address: `<baseUrl>/media/<token>`. */
  sign(link: MediaLink): string;
  /** What the token opens; null when it is forged, altered or expired. */
  verify(token: string): MediaLink | null;
  /** What an address opens; null when it is not one of ours, or {@link verify} says so. */
  parse(url: string): MediaLink | null;
}

const claims = z.object({
  k: z.enum(["upload", "media"]),
  w: z.uuid(),
  i: z.uuid(),
  /** Seconds since 1970. */
  e: z.int().nonnegative(),
});

/** A signer whose links the ring's newest key signs and every key of the ring opens. */
export function createMediaLinks({
  keys,
  baseUrl,
}: {
  keys: KeyRing;
  baseUrl: string;
}): MediaLinkSigner {
  const secrets = keys.derive("media-links");
  const [newest] = secrets;
  if (!newest) throw new Error("The key ring is empty.");
  const prefix = `${baseUrl}/media/`;

  function verify(token: string): MediaLink | null {
    const [body, signature, ...rest] = token.split(".");
    if (!body || !signature || rest.length > 0) return null;
    const given = Buffer.from(signature, "base64url");
    const isGenuine = secrets.some((secret) => {
      const expected = authenticateBody(secret, body);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
    if (!isGenuine) return null;
    const parsed = claims.safeParse(parseJson(Buffer.from(body, "base64url").toString("utf8")));
    if (!parsed.success) return null;
    const { k: kind, w: workspaceId, i: id, e } = parsed.data;
    const expiresAt = new Date(e * 1000);
    return expiresAt.getTime() > Date.now() ? { kind, workspaceId, id, expiresAt } : null;
  }

  return {
    sign: (link) => {
      const content = {
        k: link.kind,
        w: link.workspaceId,
        i: link.id,
        e: Math.floor(link.expiresAt.getTime() / 1000),
      };
      const body = Buffer.from(JSON.stringify(content), "utf8").toString("base64url");
      return `${prefix}${body}.${authenticateBody(newest, body).toString("base64url")}`;
    },
    verify,
    parse: (url) => (url.startsWith(prefix) ? verify(url.slice(prefix.length)) : null),
  };
}

function authenticateBody(secret: Buffer, body: string): Buffer {
  return createHmac("sha256", secret).update(body, "utf8").digest();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
