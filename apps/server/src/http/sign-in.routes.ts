import express, { type Request, type RequestHandler, type Response, Router } from "express";
import * as z from "zod";
import type { Config } from "../config.ts";
import { DomainError } from "../errors.ts";
import type { SignIn } from "../platform/sign-in.ts";
import { createLimiter, findAddress, type Limiter } from "./rate-limit.ts";

export interface SignInRouteOptions {
  config: Pick<Config, "baseUrl">;
  signIn: SignIn;
  /**
   * Runs `signUp` if this person may have an account: the very first one, the
   * holder of an invitation, or anyone where sign-up is open. Throws DomainError
   * `signup_closed` otherwise.
   */
  guardSignUp<T>(inviteToken: string | null, signUp: () => Promise<T>): Promise<T>;
}

const credentials = z.looseObject({
  email: z.string().max(320).catch(""),
  data: z.looseObject({ invite_token: z.string().max(500).optional() }).optional(),
});

/** What every body may hold; the service behind fails on other kinds, and on what Postgres can't store. */
const sensible = z.looseObject({
  email: z.string().max(255).optional(),
  phone: z.string().max(255).optional(),
  password: z.string().max(1_000).optional(),
  refresh_token: z.string().max(1_000).optional(),
  token: z.string().max(1_000).optional(),
  token_hash: z.string().max(1_000).optional(),
  type: z.string().max(100).optional(),
  data: z.looseObject({}).optional(),
});
/** A NUL or half of a surrogate pair, as JSON.stringify writes them; not a backslash that is escaped itself. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/**
 * `/auth/v1/*` as supabase-js calls it. Only what the product uses is open:
 * sign-up behind its guard, sign-in with a password, refresh, sign-out,
 * recovery, and one's own account.
 */
export function signInRoutes({ config, signIn, guardSignUp }: SignInRouteOptions): Router {
  const perAddress = createLimiter(300, 300);
  const signIns = createLimiter(20, 300);
  const signUps = createLimiter(20, 3600);
  const recoveries = createLimiter(5, 3600);
  const pass: RequestHandler = async (request, response) => {
    await answer(response, await signIn.fetch(toFetch(config.baseUrl, request)));
  };

  const router = Router();
  router.use("/auth/v1", express.raw({ type: () => true, limit: "32kb" }));

  router.use("/auth/v1", (request, _, next) => {
    checkBody(request);
    next();
  });

  router.post("/auth/v1/signup", async (request, response) => {
    const { email, data } = readCredentials(request);
    await consume(request, email, perAddress, signUps);
    const { invite_token: inviteToken, ...kept } = data ?? {};
    // What is forwarded lacks the token: it opens a workspace and must not be stored with the account.
    const body = JSON.stringify({ ...readJson(request), ...(data ? { data: kept } : {}) });
    const result = await guardSignUp(inviteToken ?? null, () =>
      signIn.fetch(toFetch(config.baseUrl, request, body)),
    );
    await answer(response, result);
  });

  router.post("/auth/v1/token", async (request, response, next) => {
    switch (request.query.grant_type) {
      case "refresh_token":
        return pass(request, response, next);
      case "password": {
        const { email } = readCredentials(request);
        await consume(request, email, perAddress, signIns);
        const result = await signIn.fetch(toFetch(config.baseUrl, request));
        if (result.ok) await signIns.reset(keyOf(request, email));
        return answer(response, result);
      }
      default:
        throw new DomainError("not_found", "Sign in with a password or a refresh token.");
    }
  });

  router.post("/auth/v1/recover", async (request, response) => {
    const { email } = readCredentials(request);
    await consume(request, email, perAddress, recoveries);
    await answer(response, await signIn.fetch(toFetch(config.baseUrl, request)));
  });

  router.post("/auth/v1/verify", async (request, response, next) => {
    await perAddress.consume(findAddress(request));
    return pass(request, response, next);
  });
  router.get("/auth/v1/verify", pass);
  router.post("/auth/v1/logout", pass);
  router.get("/auth/v1/user", pass);
  router.put("/auth/v1/user", pass);
  router.get("/auth/v1/settings", pass);
  router.get("/auth/v1/health", pass);
  return router;
}

async function consume(
  request: Request,
  email: string,
  perAddress: Limiter,
  perPerson: Limiter,
): Promise<void> {
  await perAddress.consume(findAddress(request));
  await perPerson.consume(keyOf(request, email));
}

function keyOf(request: Request, email: string): string {
  return `${findAddress(request)} ${email.trim().toLowerCase()}`;
}

function checkBody(request: Request): void {
  if (!rawBody(request)?.length) return;
  const body = readJson(request);
  parseBody(sensible, body);
  if (unstorable.test(JSON.stringify(body))) {
    throw new DomainError("invalid_request", "A value can't be stored as it is.");
  }
}

function readCredentials(request: Request): z.infer<typeof credentials> {
  return parseBody(credentials, readJson(request));
}

function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid_request", "Some fields of the request are wrong.", {
    errors: parsed.error.issues.map((issue) => ({
      path: ["body", ...issue.path].join("."),
      message: issue.message,
    })),
  });
}

const jsonObject = z.record(z.string(), z.unknown());

function readJson(request: Request): Record<string, unknown> {
  try {
    return jsonObject.parse(JSON.parse(rawBody(request)?.toString("utf8") ?? ""));
  } catch {
    throw new DomainError("invalid_request", "The body is not a JSON object.");
  }
}

function rawBody(request: Request): Buffer | undefined {
  return Buffer.isBuffer(request.body) ? request.body : undefined;
}

const passedHeaders = [
  "authorization",
  "apikey",
  "content-type",
  "user-agent",
  "x-client-info",
  "x-supabase-api-version",
];

function toFetch(baseUrl: string, request: Request, body?: string): globalThis.Request {
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = request.get(name);
    if (value) headers.set(name, value);
  }
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const sent = body ?? rawBody(request)?.toString("utf8");
  return new globalThis.Request(new URL(request.originalUrl, baseUrl), {
    method: request.method,
    headers,
    ...(hasBody && sent ? { body: sent } : {}),
  });
}

async function answer(response: Response, result: globalThis.Response): Promise<void> {
  for (const [name, value] of result.headers) {
    if (!/^(set-cookie|access-control-|content-length|transfer-encoding)/.test(name)) {
      response.setHeader(name, value);
    }
  }
  response.status(result.status).set("Cache-Control", "no-store");
  response.end(Buffer.from(await result.arrayBuffer()));
}
