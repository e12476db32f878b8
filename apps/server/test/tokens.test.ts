import { createPublicKey, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKeyRingEntry, parseKeyRing } from "../src/platform/secrets.ts";
import { createTokenVerifier, deriveTokenSecrets } from "../src/platform/tokens.ts";

const alice = { userId: randomUUID(), email: "alice@example.test" };
const legacyJwtSecret = "the shared secret of an older project, long enough";
const encode = (text: string) => new TextEncoder().encode(text);

/** A Supabase project as far as tokens go: it publishes keys and signs with them. */
async function openProject() {
  let published: JWK[] = [];
  let answer: { status: number; body: string } | null = null;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const isKnown = request.url === "/auth/v1/.well-known/jwks.json";
    const { status, body } = answer ?? {
      status: isKnown ? 200 : 404,
      body: JSON.stringify({ keys: published }),
    };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const supabaseUrl = `http://127.0.0.1:${port}`;
  return {
    supabaseUrl,
    issuer: `${supabaseUrl}/auth/v1`,
    timesAsked: () => asked,
    /** Makes a key and publishes it, in place of the one before. */
    rotate: async (alg = "ES256") => {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      const kid = randomUUID();
      published = [{ ...(await exportJWK(publicKey)), kid, alg, use: "sig" }];
      return { alg, kid, publicKey, privateKey };
    },
    answerWith: (status: number, body: string) => {
      answer = { status, body };
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Project = Awaited<ReturnType<typeof openProject>>;
type Key = Awaited<ReturnType<Project["rotate"]>>;

describe("tokens of Supabase", () => {
  let project: Project;
  let key: Key;

  beforeEach(async () => {
    project = await openProject();
    key = await project.rotate();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await project.close();
  });

  function verifier(secret: string | null = null, supabaseUrl = project.supabaseUrl) {
    return createTokenVerifier(
      {
        kind: "supabase",
        databaseUrl: "postgres://localhost/none",
        dataFolder: "/none",
        supabaseUrl,
        publishableKey: "sb_publishable_x",
        secretKey: "sb_secret_x",
        legacyJwtSecret: secret,
      },
      parseKeyRing(createKeyRingEntry()),
    );
  }

  /** What Supabase puts into alice's token; a claim that is undefined is left out. */
  function claims(changed: Record<string, unknown> = {}) {
    const now = Math.floor(Date.now() / 1000);
    const { userId: sub, email } = alice;
    const usual = { sub, email, role: "authenticated", aud: "authenticated", iss: project.issuer };
    return { ...usual, iat: now, exp: now + 3600, ...changed };
  }

  function sign(changed: Record<string, unknown> = {}, by: Key = key) {
    const header = { alg: by.alg, kid: by.kid, typ: "JWT" };
    return new SignJWT(claims(changed)).setProtectedHeader(header).sign(by.privateKey);
  }

  function signShared(secret: string, changed: Record<string, unknown> = {}) {
    return new SignJWT(claims(changed)).setProtectedHeader({ alg: "HS256" }).sign(encode(secret));
  }

  it.each(["ES256", "RS256", "EdDSA"])("are taken when a published %s key signs", async (alg) => {
    const signer = await project.rotate(alg);
    const now = Date.now();
    const caller = await verifier().verify(await sign({}, signer));
    expect(caller).toMatchObject(alice);
    expect(Math.abs(caller.expiresAt.getTime() - now - 3_600_000)).toBeLessThan(5_000);
  });

  it("are checked against keys that are fetched once, not for each request", async () => {
    const tokens = verifier();
    await Promise.all([tokens.verify(await sign()), tokens.verify(await sign())]);
    await tokens.verify(await sign());
    expect(project.timesAsked()).toBe(1);
  });

  it("find their keys where the address of the project ends with a slash", async () => {
    const tokens = verifier(null, `${project.supabaseUrl}/`);
    await expect(tokens.verify(await sign())).resolves.toMatchObject(alice);
  });

  it("of a new key are taken: an unknown one is asked for, but not at every knock", async () => {
    const tokens = verifier();
    const before = await sign();
    await tokens.verify(before);
    const next = await project.rotate();

    // Whoever invents key names must not make us ask Supabase each time.
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(tokens.verify(await sign({}, next))).rejects.toMatchObject({
        code: "not_authenticated",
      });
    }
    expect(project.timesAsked()).toBe(1);

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    await expect(tokens.verify(await sign({}, next))).resolves.toMatchObject(alice);
    expect(project.timesAsked()).toBe(2);
    await expect(tokens.verify(before)).rejects.toMatchObject({ code: "not_authenticated" });
  });

  it("of a withdrawn key are refused once the keys are fetched anew", async () => {
    const tokens = verifier();
    const before = await sign();
    await tokens.verify(before);
    await project.rotate();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
    await expect(tokens.verify(before)).rejects.toMatchObject({ code: "not_authenticated" });
  });

  it("signed with the shared secret are taken only where one is set", async () => {
    const token = await signShared(legacyJwtSecret);
    await expect(verifier(legacyJwtSecret).verify(token)).resolves.toMatchObject(alice);
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
    await expect(
      verifier("another secret that is long enough").verify(token),
    ).rejects.toMatchObject({ code: "not_authenticated" });
  });

  it("of either kind are taken while a project moves from the secret to keys", async () => {
    const tokens = verifier(legacyJwtSecret);
    await expect(tokens.verify(await sign())).resolves.toMatchObject(alice);
    await expect(tokens.verify(await signShared(legacyJwtSecret))).resolves.toMatchObject(alice);
  });

  const wrongClaims: [string, Record<string, unknown>][] = [
    ["another audience", { aud: "anon" }],
    ["no audience", { aud: undefined }],
    ["another issuer", { iss: "https://other.supabase.co/auth/v1" }],
    ["no issuer", { iss: undefined }],
    ["no end", { exp: undefined }],
    ["a start in the future", { nbf: Math.floor(Date.now() / 1000) + 3600 }],
    ["another role", { role: "service_role" }],
    ["no person", { sub: undefined }],
    ["a person that is no id", { sub: "alice" }],
  ];
  it.each(wrongClaims)("with %s are refused, whoever signed", async (_, changed) => {
    const tokens = verifier(legacyJwtSecret);
    for (const token of [await sign(changed), await signShared(legacyJwtSecret, changed)]) {
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
    }
  });

  it("that have ended say so, so that the browser gets a new one", async () => {
    const tokens = verifier(legacyJwtSecret);
    const ended = { exp: Math.floor(Date.now() / 1000) - 1 };
    for (const token of [await sign(ended), await signShared(legacyJwtSecret, ended)]) {
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: "token_expired" });
    }
  });

  it("that have ended and are forged do not count as ended", async () => {
    const stranger = { ...key, ...(await generateKeyPair("ES256")) };
    const token = await sign({ exp: 1 }, stranger);
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
  });

  it("without a signature are refused", async () => {
    const token = new UnsecuredJWT(claims()).encode();
    for (const tokens of [verifier(), verifier(legacyJwtSecret)]) {
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
    }
  });

  it("that take the public key for a shared secret are refused", async () => {
    const pem = await exportSPKI(key.publicKey);
    const der = createPublicKey(pem).export({ format: "der", type: "spki" });
    const jwk = JSON.stringify(await exportJWK(key.publicKey));
    for (const secret of [encode(pem), encode(pem.trim()), new Uint8Array(der), encode(jwk)]) {
      for (const header of [{ alg: "HS256" }, { alg: "HS256", kid: key.kid }]) {
        const token = await new SignJWT(claims()).setProtectedHeader(header).sign(secret);
        for (const tokens of [verifier(), verifier(legacyJwtSecret)]) {
          await expect(tokens.verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
        }
      }
    }
  });

  it("that bring their own key are refused", async () => {
    const own = await generateKeyPair("ES256");
    const jwk = await exportJWK(own.publicKey);
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: "ES256", kid: key.kid, jwk })
      .sign(own.privateKey);
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
  });

  it("that were altered or are none are refused", async () => {
    const [header, , signature] = (await sign()).split(".");
    const other = Buffer.from(JSON.stringify(claims({ sub: randomUUID() }))).toString("base64url");
    for (const token of [`${header}.${other}.${signature}`, "", "a.b.c", "not a token", "...."]) {
      for (const tokens of [verifier(), verifier(legacyJwtSecret)]) {
        await expect(tokens.verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
      }
    }
  });

  it("can't be told while the keys can't be had, which signs nobody out", async () => {
    const token = await sign();
    for (const [status, body] of [
      [503, "down"],
      [200, "<html>"],
      [200, '{"message":"paused"}'],
    ] as const) {
      project.answerWith(status, body);
      await expect(verifier().verify(token)).rejects.toMatchObject({ code: "unavailable" });
    }
    await project.close();
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("our own tokens", () => {
  const older = createKeyRingEntry();
  const newer = createKeyRingEntry();

  function sign(entry: string, exp = "1h") {
    const [secret] = deriveTokenSecrets(parseKeyRing(entry));
    return new SignJWT({ email: alice.email, role: "authenticated" })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(alice.userId)
      .setAudience("authenticated")
      .setExpirationTime(exp)
      .sign(encode(secret));
  }
  const verifier = (ring: string) =>
    createTokenVerifier({ kind: "embedded", dataFolder: "/none" }, parseKeyRing(ring));

  it("stay good when a newer key leads the ring, and end with their key", async () => {
    const token = await sign(older);
    await expect(verifier(`${newer},${older}`).verify(token)).resolves.toMatchObject(alice);
    await expect(verifier(newer).verify(token)).rejects.toMatchObject({
      code: "not_authenticated",
    });
  });

  it("that have ended say so, whichever key signed", async () => {
    for (const entry of [older, newer]) {
      const token = await sign(entry, "-1s");
      await expect(verifier(`${newer},${older}`).verify(token)).rejects.toMatchObject({
        code: "token_expired",
      });
    }
  });

  it("without a signature are refused", async () => {
    const token = new UnsecuredJWT({ role: "authenticated" })
      .setSubject(alice.userId)
      .setAudience("authenticated")
      .setExpirationTime("1h")
      .encode();
    await expect(verifier(newer).verify(token)).rejects.toMatchObject({
      code: "not_authenticated",
    });
  });
});
