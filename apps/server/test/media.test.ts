import { readdir } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import sharp from "sharp";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCarrierMediaUrls } from "../src/media/build-carrier-media-urls.ts";
import { claimUploads } from "../src/media/claim-uploads.ts";
import { createMediaLinks } from "../src/media/sign-media-link.ts";
import { sweepUploads } from "../src/media/sweep-uploads.ts";
import { createMediaStage, type MediaStage } from "./support/media-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

const fiveMegabytes = 5_000_000;
const red = { r: 200, g: 30, b: 30 };
const draw = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: red } });
const noise = (side: number) =>
  sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: red,
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  });
const card = (note: string) =>
  Buffer.from(`BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:${note}\r\nEND:VCARD\r\n`);
const pdf = (size: number) => {
  const bytes = Buffer.alloc(size, 0x20);
  bytes.write("%PDF-1.7\n");
  return bytes;
};

describe.each(databaseKinds)("media on %s", (kind) => {
  let stage: MediaStage;
  let alice: string;
  let bob: string;
  let carol: string;
  let acme: string;
  let other: string;

  beforeAll(async () => {
    stage = await createMediaStage(kind);
    alice = await stage.addPerson();
    bob = await stage.addPerson();
    carol = await stage.addPerson();
    acme = await stage.addWorkspace(alice);
    other = await stage.addWorkspace(carol);
    await sql`
      insert into public.workspace_members (workspace_id, user_id, role) values (${acme}, ${bob}, 'agent')
    `.execute(stage.context.database.kysely);
  });
  afterAll(() => stage.close());

  function upload(bytes: Buffer, { by = alice, to = acme, name = "", type = "image/png" } = {}) {
    const sent = request(stage.app)
      .post(`/api/workspaces/${to}/media`)
      .set("Authorization", `Bearer ${by}`)
      .set("Content-Type", type);
    if (name) sent.set("X-File-Name", encodeURIComponent(name));
    return sent.send(bytes);
  }
  const open = (url: string) => request(stage.app).get(new URL(url).pathname).buffer(true);
  const links = () =>
    createMediaLinks({ keys: stage.context.keys, baseUrl: "https://inbox.example.test" });
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  async function addMessage(by: string, workspaceId = acme): Promise<string> {
    const { rows } = await sql<{ id: string }>`
      with c as (
        insert into public.contacts (workspace_id, phone_number)
        values (${workspaceId}, ${`+1555${Math.floor(Math.random() * 1e7)}`}) returning id
      )
      insert into public.messages (workspace_id, contact_id, direction, content, created_by)
      select ${workspaceId}, id, 'outbound', '', ${by} from c returning id
    `.execute(stage.context.database.kysely);
    return rows[0]?.id ?? "";
  }
  const claim = (by: string, messageId: string, mediaUrls: string[], workspaceId = acme) =>
    stage.context.database.asMember(by, (trx) =>
      claimUploads(trx, { workspaceId, messageId, mediaUrls, links: links() }),
    );

  it.each([
    ["a JPEG", () => draw(30, 20).jpeg().toBuffer(), "image/jpeg", "image/jpeg"],
    ["a PNG", () => draw(30, 20).png().toBuffer(), "text/html", "image/png"],
    ["a GIF", () => draw(30, 20).gif().toBuffer(), "", "image/gif"],
    ["a WebP, as a JPEG", () => draw(30, 20).webp().toBuffer(), "image/webp", "image/jpeg"],
    ["a PDF", async () => pdf(100), "image/png", "application/pdf"],
    [
      "a contact card",
      async () => Buffer.from("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n"),
      "text/plain",
      "text/vcard",
    ],
  ])("takes %s", async (_what, make, declared, expected) => {
    const { status, body } = await upload(await make(), { type: declared || "image/gif" });
    expect(status).toBe(201);
    expect(body.contentType).toBe(expected);
    expect(body.widthPx).toBe(expected.startsWith("image/") ? 30 : null);
    const opened = await open(body.url);
    expect(opened.status).toBe(200);
    expect(opened.headers["content-type"]).toContain(expected);
    expect(Number(opened.headers["content-length"])).toBe(body.sizeBytes);
  });

  it.each([
    ["HTML", "<!doctype html><script>alert(1)</script>"],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ["XML with a picture in it", '<?xml version="1.0"?><svg/>'],
    // No carrier takes it: the words belong into the text itself.
    ["plain text", "Hello"],
    ["a program", "\u007fELF\u0002\u0001\u0001\u0000"],
    ["a broken PNG", "\u0089PNG\r\n\u001a\n and no more"],
  ])("refuses %s that calls itself a picture", async (_what, text) => {
    const { status, body } = await upload(Buffer.from(text, "latin1"));
    expect([status, body.code]).toEqual([415, "media_type_unsupported"]);
  });

  it("shrinks pictures to what carriers take, and only those", async () => {
    const large = await noise(2600).png({ compressionLevel: 0 }).toBuffer();
    expect(large.length).toBeGreaterThan(fiveMegabytes);
    const { status, body } = await upload(large, { name: "noise.png" });
    expect(status).toBe(201);
    expect(body.sizeBytes, "so that several go with one text").toBeLessThanOrEqual(1_000_000);
    expect([body.contentType, body.fileName]).toEqual(["image/jpeg", "noise.jpg"]);

    const halfMegabyte = 500 * 1024;
    expect((await upload(pdf(halfMegabyte))).status).toBe(201);
    expect((await upload(pdf(halfMegabyte + 1))).body.code).toBe("media_too_large");
  });

  it("reads no more than the limit of an upload, and not an empty one", async () => {
    const limit = 25 * 1024 * 1024;
    const tail = await upload(
      Buffer.concat([await draw(9, 9).png().toBuffer(), Buffer.alloc(100)]),
    );
    expect(tail.status).toBe(201);
    const { status, body } = await upload(pdf(limit + 1));
    expect([status, body.code]).toEqual([413, "media_too_large"]);
    expect((await upload(Buffer.alloc(0))).status).toBe(400);
  });

  it("turns pictures upright and forgets where they were taken", async () => {
    const taken = await draw(40, 20)
      .withExif({ IFD0: { Copyright: "secret place" }, IFD3: { GPSLatitude: "51/1 30/1 0/1" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(taken).metadata()).exif).toBeDefined();
    const { body } = await upload(taken, { type: "image/jpeg" });
    expect([body.widthPx, body.heightPx]).toEqual([20, 40]);
    const { body: bytes } = await open(body.url);
    const kept = await sharp(bytes).metadata();
    expect(kept.exif).toBeUndefined();
    expect(kept.orientation).toBeUndefined();
    expect(bytes.includes("secret place")).toBe(false);
  });

  it("lets no stranger upload, nor anyone without a session", async () => {
    const picture = await draw(9, 9).png().toBuffer();
    expect((await upload(picture, { by: carol })).body.code).toBe("workspace_not_found");
    expect((await upload(picture, { to: "nowhere" })).body.code).toBe("workspace_not_found");
    const anonymous = await request(stage.app).post(`/api/workspaces/${acme}/media`).send("x");
    expect(anonymous.status).toBe(401);
  });

  it("answers HEAD and ranges, as carriers and players ask", async () => {
    const { body } = await upload(Buffer.from("BEGIN:VCARD"), { name: "../..\\a b\u0000'ü.vcf" });
    expect(body.fileName).toBe("a b'ü.vcf");
    const { pathname } = new URL(body.url);
    const head = await request(stage.app).head(pathname);
    expect([head.status, head.headers["content-length"]]).toEqual([200, "11"]);
    expect(head.headers["content-disposition"]).toBe(
      "attachment; filename=\"a_b__.vcf\"; filename*=UTF-8''a%20b%27%C3%BC.vcf",
    );
    expect(head.headers["x-content-type-options"]).toBe("nosniff");
    expect(head.headers["content-security-policy"]).toContain("sandbox");
    expect(head.headers["cache-control"]).toContain("private");
    const part = await request(stage.app).get(pathname).set("Range", "bytes=2-4");
    expect([part.status, part.text]).toEqual([206, "GIN"]);
    expect(part.headers["content-range"]).toBe("bytes 2-4/11");
    expect((await request(stage.app).get(pathname).set("Range", "bytes=-3")).text).toBe("ARD");
    expect((await request(stage.app).get(pathname).set("Range", "bytes=50-")).status).toBe(416);
  });

  it("opens no link that is forged, altered, expired or from elsewhere", async () => {
    const { body } = await upload(await draw(9, 9).png().toBuffer());
    const [claims, signature] = new URL(body.url).pathname.slice("/media/".length).split(".");
    const altered = Buffer.from(claims ?? "", "base64url")
      .toString()
      .replace(acme, other);
    const expired = links().sign({
      kind: "upload",
      workspaceId: acme,
      id: body.id,
      expiresAt: new Date(Date.now() - 1000),
    });
    const mislabelled = links().sign({
      kind: "media",
      workspaceId: acme,
      id: body.id,
      expiresAt: inAnHour(),
    });
    const foreign = links().sign({
      kind: "upload",
      workspaceId: other,
      id: body.id,
      expiresAt: inAnHour(),
    });
    for (const token of [
      `${Buffer.from(altered).toString("base64url")}.${signature}`,
      `${claims}.${signature?.slice(0, -2)}AA`,
      `${claims}.`,
      `${claims}`,
      "..%2f..%2fetc%2fpasswd",
      ...[expired, mislabelled, foreign].map((url) => url.slice(url.lastIndexOf("/") + 1)),
    ]) {
      const { status } = await request(stage.app).get(`/media/${token}`);
      expect(status, token).toBe(404);
    }
    expect(links().parse(body.url)?.id).toBe(body.id);
    expect(links().parse(body.url.replace("inbox.example", "evil.example"))).toBeNull();
  });

  it("moves uploads into the text that carries them, once, and links the carrier to them", async () => {
    const first = (await upload(await draw(9, 9).png().toBuffer())).body;
    const second = (await upload(card("hello"))).body;
    const message = await addMessage(alice);
    const rows = await claim(alice, message, [second.url, first.url]);
    expect(rows.map(({ id, position }) => [id, position])).toEqual([
      [second.id, 0],
      [first.id, 1],
    ]);
    await expect(claim(alice, await addMessage(alice), [first.url])).rejects.toMatchObject({
      code: "invalid_request",
    });
    const urls = await buildCarrierMediaUrls(stage.context, acme, message);
    expect(urls).toHaveLength(2);
    expect((await open(urls[0] ?? "")).text).toBe(card("hello").toString());
    expect((await open(first.url)).status, "the agent's own link stays good").toBe(200);
  });

  it("gives nobody another person's upload, another workspace's or too much at once", async () => {
    const { url } = (await upload(card("mine"))).body;
    await expect(claim(bob, await addMessage(bob), [url])).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(claim(carol, await addMessage(carol, other), [url], other)).rejects.toMatchObject({
      code: "invalid_request",
    });
    const picture = await noise(1100).png().toBuffer();
    const large = await Promise.all(Array.from({ length: 7 }, () => upload(picture)));
    const urls = large.map(({ body }) => body.url);
    await expect(claim(alice, await addMessage(alice), urls)).rejects.toMatchObject({
      code: "media_too_large",
    });
    const many = Array.from({ length: 11 }, () => url);
    await expect(claim(alice, await addMessage(alice), many)).rejects.toMatchObject({
      code: "too_many_media",
    });
  });

  it("links members, and only them, to files of their texts", async () => {
    const { url, id } = (await upload(await draw(9, 9).png().toBuffer())).body;
    await claim(alice, await addMessage(alice), [url]);
    const ask = (by: string, workspaceId: string) =>
      request(stage.app)
        .post(`/api/workspaces/${workspaceId}/media/links`)
        .set("Authorization", `Bearer ${by}`)
        .send({ mediaIds: [id, crypto.randomUUID()] });
    const { body } = await ask(bob, acme);
    expect(body.items).toHaveLength(1);
    expect((await open(body.items[0].url)).status).toBe(200);
    expect((await ask(bob, acme)).body.items[0].url, "cacheable").toBe(body.items[0].url);
    expect((await ask(carol, other)).body.items).toEqual([]);
    expect((await ask(carol, acme)).status).toBe(404);
  });

  it("sweeps away what waited a day, and nothing else", async () => {
    const old = (await upload(card("old"))).body;
    const fresh = (await upload(card("fresh"))).body;
    const sent = (await upload(card("sent"))).body;
    await claim(alice, await addMessage(alice), [sent.url]);
    await sql`
      update public.media_uploads set created_at = now() - interval '25 hours' where id = ${old.id}
    `.execute(stage.context.database.kysely);
    expect(await sweepUploads(stage.context)).toBe(1);
    expect((await open(old.url)).status).toBe(404);
    expect((await open(fresh.url)).status).toBe(200);
    expect((await open(sent.url)).status).toBe(200);
    const files = await readdir(path.join(stage.folder, "media", acme));
    expect(files).not.toContain(old.id);
    expect(files.filter((file) => file.endsWith(".tmp"))).toEqual([]);
  });

  it("never leaves its folder", async () => {
    const { mediaStore } = stage.context;
    for (const wrong of [
      "../x",
      `${acme}/../../x`,
      `${acme}/x`,
      `/${acme}/${acme}`,
      `${acme}/${acme}\n`,
    ]) {
      await expect(mediaStore.put(wrong, Buffer.from("x"), "text/plain"), wrong).rejects.toThrow();
      await expect(mediaStore.open(wrong), wrong).rejects.toThrow();
      await expect(
        Promise.resolve().then(() => mediaStore.remove(wrong)),
        wrong,
      ).rejects.toThrow();
    }
    expect(await mediaStore.open(`${acme}/${crypto.randomUUID()}`)).toBeNull();
  });
});
