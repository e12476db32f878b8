import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
} from "jose";
import * as z from "zod";
import type { Platform } from "../config.ts";
import { DomainError } from "../errors.ts";
import type { KeyRing } from "./secrets.ts";

/** The person behind an access token. */
export interface Caller {
  userId: string;
  email: string;
  /** When the token ends; open sockets end with it. */
  expiresAt: Date;
}

/** Tells who sent a request, whichever of the three ways of running signs the tokens. */
export interface TokenVerifier {
  /** Throws DomainError `not_authenticated` or `token_expired`. */
  verify(token: string): Promise<Caller>;
}

const claims = z.object({
  sub: z.uuid(),
  email: z.string().default(""),
  role: z.literal("authenticated"),
  exp: z.number(),
});

/** The secrets that sign access tokens where we run sign-in ourselves, the newest first. */
export function deriveTokenSecrets(keys: KeyRing): [string, ...string[]] {
  const [newest, ...older] = keys.derive("sign-in-tokens").map((secret) => secret.toString("hex"));
  if (!newest) throw new Error("A key ring has at least one key.");
  return [newest, ...older];
}

/** Verifies access tokens: our own by the key ring, Supabase's by its published keys or its shared secret. */
export function createTokenVerifier(platform: Platform, keys: KeyRing): TokenVerifier {
  const check = platform.kind === "supabase" ? checkSupabase(platform) : checkOwn(keys);
  return {
    verify: async (token) => {
      try {
        const { sub, email, exp } = claims.parse(await check(token));
        return { userId: sub, email, expiresAt: new Date(exp * 1000) };
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

type Check = (token: string) => Promise<JWTPayload>;

const audience = "authenticated";

function checkOwn(keys: KeyRing): Check {
  const secrets = deriveTokenSecrets(keys).map((secret) => new TextEncoder().encode(secret));
  return async (token) => {
    let refused: unknown;
    for (const secret of secrets) {
      try {
        return (await jwtVerify(token, secret, { algorithms: ["HS256"], audience })).payload;
      } catch (error) {
        refused = error;
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw refused;
  };
}

function checkSupabase(platform: Extract<Platform, { kind: "supabase" }>): Check {
  const issuer = `${platform.supabaseUrl.replace(/\/+$/, "")}/auth/v1`;
  const published = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const shared = platform.legacyJwtSecret
    ? new TextEncoder().encode(platform.legacyJwtSecret)
    : null;
  return async (token) => {
    if (shared && decodeProtectedHeader(token).alg === "HS256") {
      return (await jwtVerify(token, shared, { algorithms: ["HS256"], audience, issuer })).payload;
    }
    const algorithms = ["ES256", "RS256", "EdDSA"];
    return (await jwtVerify(token, published, { algorithms, audience, issuer })).payload;
  };
}

function refusal(error: unknown): DomainError {
  if (error instanceof errors.JWTExpired) {
    return new DomainError("token_expired", "The session has expired. Sign in again.");
  }
  // fetch reports an unreachable host as a TypeError; jose reports a bad answer as its plain error.
  const isUnreachable =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    (error instanceof TypeError && error.message === "fetch failed") ||
    (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");
  if (isUnreachable) {
    return new DomainError("unavailable", "Sign-in can't be reached now. Try again shortly.", {
      cause: error,
    });
  }
  return new DomainError("not_authenticated", "The access token is not valid. Sign in again.");
}
