import { randomBytes } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { appConfig } from "@livechat/shared";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../src/config.ts";
import type { Mail } from "../src/platform/mail.ts";
import { deriveTokenSecrets } from "../src/platform/tokens.ts";
import { startServer } from "../src/server.ts";
import { databaseKinds } from "./support/test-database.ts";
import { startTestServer, type TestServer } from "./support/test-server.ts";

describe.each(databaseKinds)("the server on %s", (kind) => {
  let test: TestServer;
  const lines: string[] = [];
  const mails: Mail[] = [];

  beforeAll(async () => {
    test = await startTestServer(kind, {
      config: { logLevel: "trace" },
      logTo: { write: (line) => lines.push(line) },
      mailer: {
        send: async (mail) => {
          mails.push(mail);
        },
      },
    });
  });
  afterAll(() => test.close());

  it("tells a browser what it needs before anyone has signed in", async () => {
    const { status, body } = await test.api("GET", "/api/config");
    expect(status).toBe(200);
    expect(appConfig.parse(body)).toMatchObject({ authUrl: test.baseUrl, isSignupOpen: true });
  });

  it("is alive, ready and measured", async () => {
    expect((await test.api("GET", "/healthz")).status).toBe(200);
    expect((await test.api("GET", "/readyz")).status).toBe(200);
    const metrics = await test.api("GET", "/metrics");
    expect(metrics.body).toContain('route="/healthz"');
  });

  it("describes every route of its API", async () => {
    const { body } = await test.api("GET", "/api/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths)).toContain("/api/workspaces/{workspaceId}/members/{userId}");
    expect((await test.api("GET", "/api/docs")).body).toContain("/api/invites/:token/accept");
  });

  it("answers bad requests with a reason, never with a 500", async () => {
    const alice = await test.signUp("alice-bad-requests");
    const unknown = await test.api("GET", "/api/nothing-here");
    expect(unknown).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(unknown.headers.get("content-type")).toMatch(/^application\/problem\+json/);

    const broken = await alice.api("POST", "/api/workspaces", '{"name":');
    expect(broken).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    const large = await alice.api("POST", "/api/workspaces", { name: "x".repeat(300_000) });
    expect(large).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
    const wrong = await alice.api("POST", "/api/workspaces", { name: "" });
    expect(wrong.body.errors).toEqual([expect.objectContaining({ path: "body.name" })]);
    const unstorable = await alice.api("POST", "/api/workspaces", { name: "a\u0000b" });
    expect(unstorable).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    const malformed = await alice.api("GET", "/api/invites/%E0%A4%A");
    expect(malformed.status).toBe(400);
    expect((await alice.api("GET", "/api/workspaces/not-an-id")).status).toBe(400);
  });

  it("refuses tokens that are missing, forged, expired or meant for something else", async () => {
    expect((await test.api("GET", "/api/me")).body.code).toBe("not_authenticated");
    const secret = new TextEncoder().encode(deriveTokenSecrets(test.server.context.keys)[0]);
    const sign = (claims: Record<string, unknown>, key = secret) =>
      new SignJWT({ sub: "a0000000-0000-4000-8000-000000000001", ...claims })
        .setProtectedHeader({ alg: "HS256" })
        .sign(key);
    const good = { aud: "authenticated", role: "authenticated", exp: Date.now() / 1000 + 60 };
    const check = async (token: Promise<string>) =>
      test.server.context.tokens.verify(await token).then(
        () => "granted",
        (error: { code: string }) => error.code,
      );
    expect(await check(sign(good))).toBe("granted");
    expect(await check(sign({ ...good, exp: 1 }))).toBe("token_expired");
    expect(await check(sign({ ...good, exp: undefined }))).toBe("not_authenticated");
    expect(await check(sign({ ...good, aud: "other" }))).toBe("not_authenticated");
    expect(await check(sign({ ...good, role: "anon" }))).toBe("not_authenticated");
    expect(await check(sign(good, randomBytes(32)))).toBe("not_authenticated");
    expect(await check(Promise.resolve("nonsense"))).toBe("not_authenticated");
  });

  it("opens nothing of sign-in but what the product uses", async () => {
    for (const [method, route] of [
      ["POST", "/auth/v1/otp"],
      ["POST", "/auth/v1/token?grant_type=pkce"],
      ["GET", "/auth/v1/admin/users"],
      ["GET", "/auth/v1/authorize?provider=github"],
      ["GET", "/rest/v1/profiles"],
    ] as const) {
      const { body } = await test.api(method, route, method === "POST" ? {} : undefined);
      expect(JSON.stringify(body), route).not.toContain("access_token");
      if (route.startsWith("/auth")) expect(body.code, route).toBe("not_found");
    }
  });

  it("mails a link that leads to where a new password is chosen", async () => {
    const alice = await test.signUp("alice-forgetful");
    await test.api("POST", "/auth/v1/recover", { email: alice.email });
    const mail = mails.find(({ to }) => to === alice.email);
    const link = new URL(/http\S+/.exec(mail?.text ?? "")?.[0] ?? "");
    const { status, headers } = await test.api("GET", link.pathname + link.search);
    expect(status).toBe(303);
    expect(headers.get("location")).toMatch(
      new RegExp(`^${test.baseUrl}/reset-password#access_token=`),
    );
    const stranger = "/auth/v1/verify?token=x&type=recovery&redirect_to=https://evil.test";
    expect((await test.api("GET", stranger)).headers.get("location") ?? "").not.toContain("evil");
  });

  it("holds back whoever guesses passwords", async () => {
    await test.signUp("alice-guessed");
    const guess = (password: string) =>
      test.api("POST", "/auth/v1/token?grant_type=password", {
        email: "alice-guessed@example.test",
        password,
      });
    const answers = [];
    for (let n = 0; n < 22; n += 1) answers.push((await guess(`wrong ${n}`)).status);
    expect(answers[0]).toBe(400);
    const last = await guess("correct horse battery");
    expect(last).toMatchObject({ status: 429, body: { code: "rate_limited" } });
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("sends headers that keep foreign code out", async () => {
    const { headers } = await test.api("GET", "/");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).toMatch(/style-src 'self' 'nonce-[^']+'/);
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-powered-by")).toBeNull();
  });

  it("writes no secret into its log", async () => {
    const alice = await test.signUp("alice-logged");
    await alice.api("GET", "/api/me");
    await alice.api("GET", "/api/invites/a-secret-of-an-invite");
    await test.api("GET", "/media/a-secret-of-a-link");
    await test.api("GET", "/auth/v1/verify?token=a-secret-of-a-mail&type=recovery");
    test.server.context.log.info(
      { config: { authToken: "a-secret-of-twilio" } },
      "a careless line",
    );
    const written = lines.join("");
    expect(written).toContain("/api/me");
    expect(written).not.toContain(alice.token);
    expect(written).not.toContain("a-secret-of");
    expect(written).not.toContain("correct horse");
  });
});

describe("starting", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "livechat-start-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const settings = (dataFolder: string) =>
    parseConfig({ PORT: "0", DATA_DIR: dataFolder, LOG_LEVEL: "silent", SIMULATOR: "false" });

  it("keeps its data and its keys over a restart, and its folder to itself", async () => {
    const dataFolder = path.join(folder, "kept");
    const first = await startServer(settings(dataFolder));
    await expect(startServer(settings(dataFolder))).rejects.toThrow(/in use by another running/);
    const secret = deriveTokenSecrets(first.context.keys);
    await first.context.database.runScript("create table public.kept (id int)");
    const startedClosing = performance.now();
    await first.close();
    expect(performance.now() - startedClosing).toBeLessThan(10_000);

    const again = await startServer(settings(dataFolder));
    expect(deriveTokenSecrets(again.context.keys)).toEqual(secret);
    await again.context.database.runScript("select * from public.kept");
    expect((await stat(path.join(dataFolder, "secrets-keys"))).mode & 0o777).toBe(0o600);

    const other = settings(path.join(folder, "other"));
    const taken = startServer({ ...other, port: again.port });
    await expect(taken).rejects.toThrow(/^PORT: \d+ is in use by another program/);
    await again.close();
  }, 90_000);

  it("says in one line that its folder can't be used", async () => {
    const file = path.join(folder, "a-file");
    await writeFile(file, "");
    const failure = await startServer(settings(path.join(file, "data"))).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).not.toContain("\n");
  });
});
