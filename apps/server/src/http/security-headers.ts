import { randomBytes } from "node:crypto";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";
import type { Config } from "../config.ts";

/** Headers that keep a browser from running or showing what is not ours. Sets `locals.cspNonce`. */
export function setSecurityHeaders({ baseUrl, platform }: Config): RequestHandler[] {
  const { origin, protocol, host } = new URL(baseUrl);
  const isSecure = protocol === "https:";
  const sockets = `${isSecure ? "wss" : "ws"}://${host}`;
  const signIn = platform.kind === "supabase" ? [new URL(platform.supabaseUrl).origin] : [];
  const nonce = (_: unknown, response: unknown) =>
    `'nonce-${String((response as Response).locals.cspNonce)}'`;
  return [
    (_, response, next) => {
      response.locals.cspNonce = randomBytes(16).toString("base64");
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          scriptSrcAttr: ["'none'"],
          styleSrc: ["'self'", nonce],
          imgSrc: ["'self'", "data:", "blob:", origin],
          mediaSrc: ["'self'", "data:", "blob:", origin],
          fontSrc: ["'self'", "data:"],
          connectSrc: ["'self'", origin, sockets, ...signIn],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          ...(isSecure ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: isSecure,
      referrerPolicy: { policy: "no-referrer" },
      xFrameOptions: { action: "deny" },
    }),
  ];
}
