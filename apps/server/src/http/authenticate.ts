import type { Request } from "express";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Caller } from "../platform/tokens.ts";

/** The person behind a request's bearer token. Throws `not_authenticated` or `token_expired`. */
export async function authenticate({ tokens }: Context, request: Request): Promise<Caller> {
  const [scheme, token] = (request.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token) {
    throw new DomainError("not_authenticated", "Sign in first.");
  }
  return tokens.verify(token);
}
