import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";
import { createSimulator, type Simulator } from "@livechat/twilio-simulator";
import express from "express";
import { sql } from "kysely";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isPublicAddress } from "../src/media/checked-lookup.ts";
import { downloadMedia, MediaRefusedError } from "../src/media/download-media.ts";
import { fetchMedia } from "../src/media/fetch-media.ts";
import { retryLostMedia } from "../src/media/retry-lost-media.ts";
import { retryMedia } from "../src/media/retry-media.ts";
import { receiveText } from "../src/messages/receive-text.ts";
import { parseInboundText } from "../src/twilio/parse-inbound-text.ts";
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
  let hugeBytes = 0;
  let acmesOwner: string;

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
    app.get("/huge", (request, response) => {
      const chunk = Buffer.alloc(1024 * 1024);
      if (request.query.announced === "true") {
        response.set("Content-Length", String(40 * chunk.length));
      }
      const bytes = Readable.from(
        (function* () {
          for (let at = 0; at < 40; at += 1) {
            hugeBytes += chunk.length;
            yield chunk;
          }
        })(),
      );
      // Whoever asked hangs up.
      pipeline(bytes, response, () => {});
    });
    app.use(simulator.handler);
    stage = await createMediaStage(kind, () => carrier.origin);
    acmesOwner = await stage.addPerson();
    acme = await stage.addWorkspace(acmesOwner);
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

  it("16: ten files come with a text, one of three may lack its address, and a 404 is asked again", async () => {
    const files = await Promise.all(
      Array.from({ length: 10 }, async () => ({
        contentType: "image/jpeg",
        base64: (await picture()).toString("base64"),
      })),
    );
    const ten = await simulator.textFromPhone({
      from: "+15550001111",
      to: "+15551110000",
      media: files,
    });
    const form = (text: typeof ten, media: number[], count = media.length) => ({
      AccountSid: accountSid,
      MessageSid: text.sid,
      From: "+15550001111",
      To: "+15551110000",
      NumMedia: String(count),
      ...Object.fromEntries(
        media.map((at) => [
          `MediaUrl${at}`,
          `${carrier.origin}/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}/Media/${text.media[at]?.sid}`,
        ]),
      ),
    });
    const { text } = parseInboundText(form(ten, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(text?.media).toHaveLength(10);
    const three = await simulator.textFromPhone({
      from: "+15550001111",
      to: "+15551110000",
      media: files.slice(0, 3),
    });
    const parsed = parseInboundText(form(three, [0, 2], 3)).text;
    if (!parsed || !text) throw new Error("The forms could not be read.");
    for (const each of [text, parsed]) {
      await receiveText(stage.context.database, {
        ...each,
        workspaceId: acme,
        receipt: { body: Buffer.alloc(0), headers: {} },
      });
    }
    const { rows } = await sql<{ id: string; twilio_sid: string }>`
      select f.id, m.twilio_sid from public.message_media f
      join public.messages m on m.id = f.message_id
      where m.twilio_sid in (${ten.sid}, ${three.sid}) order by f.position
    `.execute(stage.context.database.kysely);
    expect(rows.filter((row) => row.twilio_sid === ten.sid)).toHaveLength(10);
    expect(rows.filter((row) => row.twilio_sid === three.sid)).toHaveLength(2);
    for (const { id } of rows) {
      if (id === rows[0]?.id) {
        for (missing = 3; missing > 0; ) await expect(fetch(id)).rejects.toThrow(/404/);
      }
      await fetch(id);
      expect((await find(id))?.state).toBe("stored");
    }
  });

  it("takes no file over 25 MB, whether its size is announced or not", async () => {
    for (const announced of [true, false]) {
      const id = await receive(await picture(), "image/jpeg");
      redirectTo = `${carrier.origin}/huge?announced=${announced}`;
      await fetch(id);
      redirectTo = null;
      expect((await find(id))?.state, String(announced)).toBe("failed");
    }
    expect(hugeBytes).toBeLessThan(60 * 1024 * 1024);
  });

  it("connects to no address but one of the Internet, whatever a name says", async () => {
    const messageSid = sid("MM");
    const source = {
      url: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media/${sid("ME")}`,
      accountSid,
      authToken,
      messageSid,
      apiOrigin: "https://api.twilio.com",
    };
    for (const address of [
      "127.0.0.1",
      "10.1.2.3",
      "169.254.169.254",
      "172.20.0.1",
      "192.168.1.1",
      "100.64.0.1",
      "0.0.0.0",
      "::1",
      "::ffff:127.0.0.1",
      "fd00::1",
      "fe80::1",
      "2002:7f00:1::",
      "64:ff9b::7f00:1",
    ]) {
      expect(isPublicAddress(address), address).toBe(false);
      const family = address.includes(":") ? 6 : 4;
      await expect(
        downloadMedia({
          ...source,
          // One good address beside it does not make it better.
          resolve: (_, answer) =>
            answer(null, [
              { address: "1.1.1.1", family: 4 },
              { address, family },
            ]),
        }),
        address,
      ).rejects.toThrow(MediaRefusedError);
    }
    for (const address of ["1.1.1.1", "52.216.0.1", "2606:4700::1111"]) {
      expect(isPublicAddress(address), address).toBe(true);
    }
    expect(seen).toEqual([]);
  });

  it("is tried again by a member's click, for everyone to see, and by nobody else's", async () => {
    const id = await receive(await picture(), "image/jpeg");
    missing = 1;
    await fetch(id, true);
    expect((await find(id))?.state).toBe("failed");
    const told = await countUpdates(id);
    const enqueued: unknown[] = [];
    const jobs = {
      ...stage.context.jobs,
      enqueue: async (_: unknown, name: string, payload: unknown) => {
        enqueued.push([name, payload]);
      },
    };
    const retry = (userId: string) =>
      retryMedia({ database: stage.context.database, jobs }, userId, {
        workspaceId: acme,
        mediaId: id,
      });
    await expect(retry(await stage.addPerson())).rejects.toMatchObject({ code: "42501" });
    await retry(acmesOwner);
    expect(enqueued).toEqual([["fetch_media", { workspaceId: acme, mediaId: id }]]);
    expect((await find(id))?.state).toBe("pending");
    expect(await countUpdates(id)).toBe(told + 1);
    await expect(retry(acmesOwner)).rejects.toMatchObject({ code: "conflict" });
    // The sweep lets the job do it.
    await retryLostMedia(stage.context);
    expect((await find(id))?.state).toBe("pending");
    await fetch(id);
    expect((await find(id))?.state).toBe("stored");
    await expect(retry(acmesOwner)).rejects.toMatchObject({ code: "conflict" });
  });

  it("settles what was left waiting by a lost job", async () => {
    const id = await receive(await picture(), "image/jpeg");
    await retryLostMedia(stage.context);
    expect((await find(id))?.state).toBe("pending");
    await stage.context.database.runScript(`
      alter table public.message_media disable trigger message_media_updated_at;
      update public.message_media set updated_at = now() - interval '2 hours' where id = '${id}';
      alter table public.message_media enable trigger message_media_updated_at;
    `);
    await retryLostMedia(stage.context);
    expect((await find(id))?.state).toBe("stored");
  });
});
