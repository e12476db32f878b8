import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulator, type Simulator } from "@livechat/twilio-simulator";
import express from "express";
import { sql } from "kysely";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fetchMedia } from "../src/media/fetch-media.ts";
import { retryLostMedia } from "../src/media/retry-lost-media.ts";
import { receiveText } from "../src/messages/receive-text.ts";
import { createMediaStage, type MediaStage } from "./support/media-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

const accountSid = `AC${"a".repeat(32)}`;
const authToken = "t".repeat(32);
const sid = (prefix: string) => prefix + crypto.randomUUID().replaceAll("-", "");

async function listen(handler: Parameters<typeof createServer>[1]) {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe.each(databaseKinds)("fetching media on %s", (kind) => {
  let stage: MediaStage;
  let simulator: Simulator;
  let carrier: Awaited<ReturnType<typeof listen>>;
  let inner: Awaited<ReturnType<typeof listen>>;
  let acme: string;
  let seen: { path: string; authorization: string | undefined }[] = [];
  let missing = 0;
  let redirectTo: string | null = null;

  beforeAll(async () => {
    inner = await listen((_request, response) => {
      seen.push({ path: "inner", authorization: undefined });
      response.end("secret of the inner network");
    });
    const app = express();
    carrier = await listen(app);
    simulator = createSimulator({
      accounts: [{ sid: accountSid, authToken, numbers: [{ phoneNumber: "+15551110000" }] }],
      apiBaseUrl: carrier.origin,
    });
    app.use((request, response, next) => {
      seen.push({ path: request.path, authorization: request.get("authorization") });
      if (missing > 0) {
        missing -= 1;
        response.status(404).end();
      } else if (redirectTo && request.path.includes("/Media/")) response.redirect(302, redirectTo);
      else next();
    });
    app.use(simulator.handler);
    stage = await createMediaStage(kind, () => carrier.origin);
    acme = await stage.addWorkspace(await stage.addPerson());
    const { keys, database } = stage.context;
    const name = "twilio_auth_token";
    const sealed = keys.seal({ workspaceId: acme, name }, authToken);
    await sql`
      insert into public.workspace_twilio_config (workspace_id, account_sid, is_configured)
      values (${acme}, ${accountSid}, true)
    `.execute(database.kysely);
    await sql`
      insert into private.workspace_secrets (workspace_id, name, ciphertext, key_id)
      values (${acme}, ${name}, ${Buffer.from(sealed.ciphertext)}, ${sealed.keyId})
    `.execute(database.kysely);
  });
  afterAll(async () => {
    simulator.close();
    carrier.close();
    inner.close();
    await stage.close();
  });
  beforeEach(() => {
    seen = [];
    missing = 0;
    redirectTo = null;
  });

  /** A customer texts this file; its text is stored as the webhook does it. */
  async function receive(bytes: Buffer, contentType: string): Promise<string> {
    const text = await simulator.textFromPhone({
      from: "+15550001111",
      to: "+15551110000",
      body: "look",
      media: [{ contentType, base64: bytes.toString("base64") }],
    });
    const path = `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}/Media/${text.media[0]?.sid}`;
    return store(text.sid, carrier.origin + path, contentType);
  }

  async function store(messageSid: string, url: string, contentType: string): Promise<string> {
    const outcome = await receiveText(stage.context.database, {
      workspaceId: acme,
      accountSid,
      messageSid,
      from: "+15550001111",
      to: "+15551110000",
      body: "look",
      media: [{ url, contentType }],
      optOutType: null,
      receipt: { body: Buffer.from(""), headers: {} },
    });
    if (outcome.outcome !== "stored") throw new Error("The text was there already.");
    const { rows } = await sql<{ id: string }>`
      select id from public.message_media where message_id = ${outcome.messageId}
    `.execute(stage.context.database.kysely);
    return rows[0]?.id ?? "";
  }

  const fetch = (mediaId: string, isLastAttempt = false) =>
    fetchMedia(stage.context, { workspaceId: acme, mediaId }, { isLastAttempt });

  async function find(mediaId: string) {
    const { rows } = await sql<{
      state: string;
      content_type: string;
      storage_path: string | null;
      width: number | null;
    }>`
      select state, content_type, storage_path, width
      from public.message_media where id = ${mediaId}
    `.execute(stage.context.database.kysely);
    return rows[0];
  }

  async function read(mediaId: string): Promise<Buffer> {
    const file = await stage.context.mediaStore.open(`${acme}/${mediaId}`);
    return Buffer.concat(file ? await file.stream.toArray() : []);
  }

  async function countUpdates(mediaId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from public.workspace_events
      where workspace_id = ${acme} and type = 'message_updated'
        and payload #>> '{message,media,0,id}' = ${mediaId}
    `.execute(stage.context.database.kysely);
    return rows[0]?.count ?? 0;
  }

  const picture = () =>
    sharp({ create: { width: 24, height: 12, channels: 3, background: "green" } })
      .withMetadata({ orientation: 6 })
      .withExif({ IFD0: { Copyright: "secret place" } })
      .jpeg()
      .toBuffer();

  it("copies a picture without what it tells about its maker, and says so once", async () => {
    const id = await receive(await picture(), "image/jpeg");
    await fetch(id);
    await fetch(id);
    expect(await find(id)).toMatchObject({ state: "stored", content_type: "image/jpeg" });
    const kept = await read(id);
    expect(kept.includes("secret place")).toBe(false);
    expect((await sharp(kept).metadata()).format).toBe("jpeg");
    expect(await countUpdates(id)).toBe(1);
  });

  it("shows its credentials to the carrier's API and to nobody after it", async () => {
    await fetch(await receive(await picture(), "image/jpeg"));
    expect(seen.map(({ authorization }) => authorization?.split(" ")[0])).toEqual([
      "Basic",
      undefined,
    ]);
    expect(seen[1]?.path).toMatch(/^\/cdn\//);
  });

  it("tries again what is not there yet", async () => {
    const id = await receive(await picture(), "image/jpeg");
    missing = 1;
    await expect(fetch(id)).rejects.toThrow(/404/);
    expect((await find(id))?.state).toBe("pending");
    await fetch(id);
    expect((await find(id))?.state).toBe("stored");
  });

  it("gives up at the last attempt, where everyone can see it", async () => {
    const id = await receive(await picture(), "image/jpeg");
    missing = 1;
    await fetch(id, true);
    expect((await find(id))?.state).toBe("failed");
    expect(await countUpdates(id)).toBe(1);
  });

  it("follows no redirect into the inner network", async () => {
    for (const place of [
      inner.origin,
      "http://169.254.169.254/",
      "https://twilio.com.evil.test/",
    ]) {
      const id = await receive(await picture(), "image/jpeg");
      redirectTo = place;
      await fetch(id);
      redirectTo = null;
      expect((await find(id))?.state, place).toBe("failed");
    }
    expect(seen.filter(({ path }) => path === "inner")).toEqual([]);
  });

  it("asks for nothing but a file of this text and this account", async () => {
    const messageSid = sid("MM");
    const path = (account: string, message: string) =>
      `/2010-04-01/Accounts/${account}/Messages/${message}/Media/${sid("ME")}`;
    for (const build of [
      (own: string) => inner.origin + path(accountSid, own),
      (own: string) => carrier.origin + path(`AC${"b".repeat(32)}`, own),
      () => carrier.origin + path(accountSid, messageSid),
      (own: string) => `${carrier.origin}${path(accountSid, own)}/../../../..`,
      (own: string) => `${carrier.origin}${path(accountSid, own)}?x=1`,
      (own: string) => `${carrier.origin.replace("//", "//me:you@")}${path(accountSid, own)}`,
      () => "file:///etc/passwd",
    ]) {
      const own = sid("MM");
      const id = await store(own, build(own), "image/jpeg");
      await fetch(id);
      expect((await find(id))?.state, build(own)).toBe("failed");
    }
    expect(seen).toEqual([]);
  });

  it("believes no declared type: markup is only ever downloaded", async () => {
    const id = await receive(Buffer.from("<svg><script>alert(1)</script></svg>"), "image/png");
    await fetch(id);
    expect(await find(id)).toMatchObject({
      state: "stored",
      content_type: "application/octet-stream",
    });
  });

  it("settles what was left waiting by a lost job", async () => {
    const id = await receive(await picture(), "image/jpeg");
    await retryLostMedia(stage.context);
    expect((await find(id))?.state).toBe("pending");
    await sql`
      update public.message_media set created_at = now() - interval '2 hours' where id = ${id}
    `.execute(stage.context.database.kysely);
    await retryLostMedia(stage.context);
    expect((await find(id))?.state).toBe("stored");
  });
});
