import { type Contact, compareMessages, type Message } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("reading and changing contacts on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;
  let contacts: string;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
    contacts = `/api/workspaces/${stage.acme}/contacts`;
  });
  afterAll(() => stage.close());

  const get = (person: Person, path: string) => stage.api(server, person, "GET", path);
  const list = (query: string) => get(stage.alice, `${contacts}?${query}`);
  const countEvents = async () => {
    const { rows } = await sql<{ head: number }>`
      select last_seq::int as head from public.workspace_streams where workspace_id = ${stage.acme}
    `.execute(stage.database.kysely);
    return rows[0]?.head ?? -1;
  };

  async function listAll(firstPath: string, key: "nextCursor" | "olderCursor") {
    const pages = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const path: string = cursor === "" ? firstPath : `${firstPath}&cursor=${cursor}`;
      const { status, body } = await get(stage.alice, path);
      expect(status).toBe(200);
      pages.push(body.items);
      cursor = body[key];
    }
    return pages;
  }

  it("adds a contact once per number, however it is written, and tells everyone", async () => {
    const before = await countEvents();
    const made = await stage.api(server, stage.alice, "POST", contacts, {
      phoneNumber: "(202) 555-0143",
      name: "Ann\u0000a \ud800",
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ phoneNumber: "+12025550143", name: "Anna \ufffd" });
    const again = await stage.api(server, stage.bob, "POST", contacts, {
      phoneNumber: "+1 202 555 0143",
    });
    expect(again).toMatchObject({ status: 409, body: { code: "phone_number_taken" } });
    expect(await countEvents()).toBe(before + 1);
    const wrong = await stage.api(server, stage.bob, "POST", contacts, { phoneNumber: "hello" });
    expect(wrong).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("keeps a stranger out and tells nothing", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550144", "Hi");
    const mine = `/api/workspaces/${stage.other}/contacts/${contactId}`;
    for (const suffix of ["", "/messages"]) {
      const through = await get(stage.carol, `${contacts}/${contactId}${suffix}`);
      expect(through).toMatchObject({ status: 404, body: { code: "workspace_not_found" } });
      const sideways = await get(stage.carol, mine + suffix);
      expect(sideways).toMatchObject({ status: 404, body: { code: "contact_not_found" } });
    }
    for (const [method, suffix] of [
      ["PATCH", ""],
      ["POST", "/read"],
    ] as const) {
      const sideways = await stage.api(server, stage.carol, method, mine + suffix, {});
      expect(sideways).toMatchObject({ status: 404, body: { code: "contact_not_found" } });
    }
    const events = await get(stage.carol, `/api/workspaces/${stage.acme}/events?after=0`);
    expect(events).toMatchObject({ status: 404, body: { code: "workspace_not_found" } });
  });

  it("changes only what is given, and tells only of a change", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550145", "Hi");
    const path = `${contacts}/${contactId}`;
    const before = await countEvents();
    const changed = await stage.api(server, stage.bob, "PATCH", path, {
      email: "zoe@x.test",
      conversationStatus: "Done",
    });
    expect(changed.body).toMatchObject({
      email: "zoe@x.test",
      conversationStatus: "Done",
      name: null,
    });
    const same = await stage.api(server, stage.bob, "PATCH", path, { conversationStatus: "Done" });
    expect(same.body).toEqual(changed.body);
    expect((await get(stage.alice, path)).body).toEqual(changed.body);
    expect(await countEvents()).toBe(before + 1);
  });

  it("keeps unread what came after the text that was seen, and never un-reads", async () => {
    const texts = [];
    for (const body of ["1", "2", "3"])
      texts.push(await stage.receive(stage.acme, "+12025550146", body));
    const path = `${contacts}/${texts[0]?.contactId}`;
    const read = (upToMessageId?: string) =>
      stage.api(server, stage.alice, "POST", `${path}/read`, { upToMessageId });
    expect((await get(stage.alice, path)).body.unreadCount).toBe(3);
    expect((await read(texts[1]?.messageId)).body.unreadCount).toBe(1);
    const before = await countEvents();
    expect((await read(texts[0]?.messageId)).body.unreadCount).toBe(1);
    expect(await countEvents()).toBe(before);
    expect((await read()).body.unreadCount).toBe(0);
    expect(await countEvents()).toBe(before + 1);
    expect(await read(crypto.randomUUID())).toMatchObject({
      status: 404,
      body: { code: "message_not_found" },
    });
  });

  it("does not lose an unread text that arrives while another is read", async () => {
    const from = "+12025550147";
    const { contactId } = await stage.receive(stage.acme, from, "0");
    const rounds = Array.from({ length: 8 }, (_, round) => round);
    await Promise.all(
      rounds.flatMap((round) => [
        stage.receive(stage.acme, from, `${round}`),
        stage.api(server, stage.alice, "POST", `${contacts}/${contactId}/read`, {}),
      ]),
    );
    const { messageId } = await stage.receive(stage.acme, from, "last");
    await stage.api(server, stage.alice, "POST", `${contacts}/${contactId}/read`, {});
    await stage.receive(stage.acme, from, "unseen");
    const read = await stage.api(server, stage.alice, "POST", `${contacts}/${contactId}/read`, {
      upToMessageId: messageId,
    });
    expect(read.body.unreadCount).toBe(1);
  });

  it("finds people by part of a name, an address or digits, and takes wildcards literally", async () => {
    const add = (phoneNumber: string, name: string) =>
      stage.api(server, stage.alice, "POST", contacts, { phoneNumber, name });
    await add("+442079460018", "Percy 100%_done\\");
    await add("+442079460019", "Percival 1000 done");
    const names = async (q: string) => {
      const { status, body } = await list(`q=${encodeURIComponent(q)}`);
      expect(status).toBe(200);
      return body.items.map((each: Contact) => each.name).sort();
    };
    expect(await names("PERC")).toEqual(["Percival 1000 done", "Percy 100%_done\\"]);
    expect(await names("100%_")).toEqual(["Percy 100%_done\\"]);
    expect(await names("done\\")).toEqual(["Percy 100%_done\\"]);
    expect(await names("(20) 7946-0018")).toEqual(["Percy 100%_done\\"]);
    expect(await names("Percy 2")).toEqual([]);
    expect(await names("'; drop table contacts; --\u0000")).toEqual([]);
  });

  it("pages contacts and texts without gap or duplicate, even at equal moments", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550199", "first");
    // Many at one microsecond, many within one millisecond, many without any text.
    await sql`
      insert into public.contacts (workspace_id, phone_number, last_message_at)
      select ${stage.acme}, '+1303555' || (1000 + i), case
        when i % 3 = 0 then null
        when i % 3 = 1 then '2026-01-02 03:04:05.678901+00'::timestamptz
        else '2026-01-02 03:04:05.678+00'::timestamptz + i * interval '1 microsecond'
      end
      from generate_series(1, 40) i
    `.execute(stage.database.kysely);
    await sql`
      insert into public.messages
        (workspace_id, contact_id, direction, content, message_type, status, created_at)
      select ${stage.acme}, ${contactId}, 'inbound', 't' || i,
        case when i % 4 = 0 then 'media' else 'text' end, 'received',
        '2026-01-02 03:04:05.678+00'::timestamptz + (i / 3) * interval '1 microsecond'
      from generate_series(1, 40) i
    `.execute(stage.database.kysely);
    await sql`
      insert into public.message_media (workspace_id, message_id, position, content_type)
      select m.workspace_id, m.id, p, 'image/png'
      from public.messages m, generate_series(1, 0, -1) p where m.message_type = 'media'
    `.execute(stage.database.kysely);

    const whole: Contact[] = (await list("limit=100")).body.items;
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from public.contacts where workspace_id = ${stage.acme}
    `.execute(stage.database.kysely);
    expect(new Set(whole.map((each) => each.id)).size).toBe(rows[0]?.count);
    const times = whole.map((each) => each.lastMessageAt ?? "");
    expect(times).toEqual([...times].sort().reverse());
    for (const limit of [1, 7]) {
      const pages = await listAll(`${contacts}?limit=${limit}`, "nextCursor");
      expect(pages.flat()).toEqual(whole);
    }

    const thread: Message[] = (
      await get(stage.alice, `${contacts}/${contactId}/messages?limit=100`)
    ).body.items;
    expect(thread).toHaveLength(41);
    expect(thread).toEqual([...thread].sort(compareMessages));
    expect(thread.at(-1)?.content).toBe("first");
    for (const each of thread) {
      expect(each.media.map((medium) => medium.position)).toEqual(
        each.messageType === "media" ? [0, 1] : [],
      );
    }
    for (const limit of [1, 7]) {
      const pages = await listAll(
        `${contacts}/${contactId}/messages?limit=${limit}`,
        "olderCursor",
      );
      expect(pages.flat().sort(compareMessages)).toEqual(thread);
    }
  });

  it("goes through a thread from the midst of it, in both directions", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550161", "first");
    const stranger = await stage.receive(stage.acme, "+12025550162", "another thread");
    await sql`
      insert into public.messages
        (workspace_id, contact_id, direction, content, message_type, status, created_at)
      select ${stage.acme}, ${contactId}, 'inbound', 't' || i, 'text', 'received',
        '2026-01-02 03:04:05.678+00'::timestamptz + (i / 3) * interval '1 microsecond'
      from generate_series(1, 20) i
    `.execute(stage.database.kysely);
    const path = `${contacts}/${contactId}/messages`;
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server really answered.
    const page = async (query: string): Promise<any> => {
      const { status, body } = await get(stage.alice, `${path}?${query}`);
      expect(status).toBe(200);
      return body;
    };
    const whole = await page("limit=100");
    expect(whole).toMatchObject({ olderCursor: null, newerCursor: null });
    for (const middle of whole.items as Message[]) {
      const start = await page(`around=${middle.id}&limit=4`);
      let all: Message[] = start.items;
      expect(all.map(({ id }) => id)).toContain(middle.id);
      for (let { olderCursor } = start; olderCursor; ) {
        const older = await page(`cursor=${olderCursor}&limit=6`);
        expect(older.newerCursor).not.toBeNull();
        all = [...older.items, ...all];
        olderCursor = older.olderCursor;
      }
      for (let { newerCursor } = start; newerCursor; ) {
        const newer = await page(`after=${newerCursor}&limit=6`);
        expect(newer.olderCursor).not.toBeNull();
        all = [...all, ...newer.items];
        newerCursor = newer.newerCursor;
      }
      expect(all.sort(compareMessages)).toEqual(whole.items);
    }
    const notHere = { status: 404, body: { code: "message_not_found" } };
    expect(await get(stage.alice, `${path}?around=${stranger.messageId}`)).toMatchObject(notHere);
    expect(await get(stage.alice, `${path}?around=${crypto.randomUUID()}`)).toMatchObject(notHere);
    const two = await get(stage.alice, `${path}?around=${stranger.messageId}&cursor=x`);
    expect(two).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("opens around a note, with the texts before and after it", async () => {
    const from = "+12025550163";
    const texts: { contactId: string; messageId: string }[] = [];
    const receive = async (count: number) => {
      for (let at = 0; at < count; at += 1)
        texts.push(await stage.receive(stage.acme, from, `text ${texts.length}`));
    };
    await receive(5);
    const path = `${contacts}/${texts[0]?.contactId}`;
    const noteId = crypto.randomUUID();
    const added = await stage.api(server, stage.alice, "POST", `${path}/notes`, {
      id: noteId,
      body: "Asked for the blue one",
    });
    expect(added.status).toBe(201);
    await receive(5);
    const { body } = await get(stage.bob, `${path}/messages?around=${noteId}&limit=4`);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(
      texts.slice(3, 7).map(({ messageId }) => messageId),
    );
    expect(body.notes.map(({ id }: { id: string }) => id)).toEqual([noteId]);
    expect(body).toMatchObject({
      olderCursor: expect.any(String),
      newerCursor: expect.any(String),
    });
    const elsewhere = await stage.receive(stage.acme, "+12025550164", "another conversation");
    const wrong = await get(
      stage.bob,
      `${contacts}/${elsewhere.contactId}/messages?around=${noteId}`,
    );
    expect(wrong).toMatchObject({ status: 404, body: { code: "message_not_found" } });
    expect((await get(stage.carol, `${path}/messages?around=${noteId}`)).status).toBe(404);
  });

  it("refuses a cursor that it did not make", async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const id = crypto.randomUUID();
    const { contactId } = await stage.receive(stage.acme, "+12025550150", "x");
    for (const cursor of [
      "%00",
      "nonsense",
      encode(null),
      encode({ id }),
      encode({ at: "2026-02-30T00:00:00.000000Z", id }),
      encode({ at: "0000-01-01T00:00:00.000000Z", id }),
      encode({ at: "'; drop table", id }),
      encode({ at: "2026-01-01T00:00:00.000000Z", id: "1" }),
    ]) {
      for (const path of [`${contacts}?`, `${contacts}/${contactId}/messages?`]) {
        for (const name of path === `${contacts}?` ? ["cursor"] : ["cursor", "after"]) {
          const { status, body } = await get(stage.alice, `${path}${name}=${cursor}`);
          expect({ cursor, status, code: body.code }).toEqual({
            cursor,
            status: 400,
            code: "invalid_request",
          });
        }
      }
    }
  });

  it("asks for a fresh load when the log can't continue from there", async () => {
    const path = `/api/workspaces/${stage.acme}/events`;
    const head = await countEvents();
    const { body } = await get(stage.alice, `${path}?after=${head}`);
    expect(body).toMatchObject({ events: [], head });
    const refused = { status: 410, body: { code: "resync_required" } };
    expect(await get(stage.alice, `${path}?after=${head + 1}`)).toMatchObject(refused);
    expect(await get(stage.alice, `${path}?after=0&epoch=${crypto.randomUUID()}`)).toMatchObject(
      refused,
    );
    expect(
      (await get(stage.alice, `${path}?after=${head - 1}&epoch=${body.epoch}`)).body.events,
    ).toHaveLength(1);
    await sql`
      delete from public.workspace_events where workspace_id = ${stage.acme} and seq <= 3
    `.execute(stage.database.kysely);
    expect(await get(stage.alice, `${path}?after=2`)).toMatchObject(refused);
    expect((await get(stage.alice, `${path}?after=3&limit=1`)).body.events[0]?.seq).toBe(4);
  });
});
