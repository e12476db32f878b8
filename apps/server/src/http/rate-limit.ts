import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { DomainError } from "../errors.ts";

/** A count of tries per key that runs out. */
export interface Limiter {
  /** Throws DomainError `rate_limited` when this key has no try left. */
  consume(key: string): Promise<void>;
  /** Gives the key all its tries back. */
  reset(key: string): Promise<void>;
}

/** Grants `points` tries per key within `seconds`. */
export function createLimiter(points: number, seconds: number): Limiter {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    consume: async (key) => {
      try {
        await limiter.consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw new DomainError("rate_limited", "Too many requests. Wait a little and try again.", {
          retryAfterSeconds: refused.msBeforeNext / 1000,
        });
      }
    },
    reset: async (key) => {
      await limiter.delete(key);
    },
  };
}

/** Holds back an address that asks without end, and each session at it before that. */
export function limitCallers(): RequestHandler {
  const addresses = createLimiter(12_000, 60);
  const callers = createLimiter(1_200, 60);
  return async (request, _, next) => {
    const address = findAddress(request);
    await addresses.consume(address);
    await callers.consume(`${address} ${digest(request.get("authorization") ?? "")}`);
    next();
  };
}

/** Lets Twilio post as fast as it ever does, and no flood. */
export function limitWebhooks(): RequestHandler {
  const addresses = createLimiter(60_000, 10);
  return async (request, _, next) => {
    await addresses.consume(findAddress(request));
    next();
  };
}

/** The network address that a request comes from. */
export function findAddress(request: Request): string {
  return request.ip ?? "unknown";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
