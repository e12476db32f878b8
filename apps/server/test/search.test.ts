import type { ContactSearchPage, MessageSearchPage, NoteSearchPage } from "@livechat/shared";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("searching on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
  });
  afterAll(() => stage.close());

  async function search<T>(
    what: "contacts" | "messages" | "notes",
    query: Record<string, string> | { q: string; contactId?: string },
    person: Person = stage.alice,
    workspaceId = stage.acme,
  ) {
    const path = `/api/workspaces/${workspaceId}/search/${what}?${new URLSearchParams({ ...query })}`;
    const { status, body } = await stage.api(server, person, "GET", path);
    return { status, body: body as unknown as T & { code?: string } };
  }
  const texts = async (q: string, more: Record<string, string> = {}) => {
    const { status, body } = await search<MessageSearchPage>("messages", { q, ...more });
    expect(status).toBe(200);
    return body;
  };
  const people = async (q: string) => {
    const { status, body } = await search<ContactSearchPage>("contacts", { q });
    expect(status).toBe(200);
    return { names: body.items.map((row) => row.name), isNear: body.isNear };
  };
  const found = ({ items }: MessageSearchPage) =>
    items.map(({ snippet }) =>
      snippet.ranges.map(([from, to]) => snippet.text.slice(from, to)).join("|"),
    );

  it("finds texts by the beginnings of their words, the latest first, and shows where", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550101", "Shipping to Zürich?");
    await stage.receive(stage.acme, "+12025550102", "Will you SHIP it, to zurich-west");
    await stage.receive(stage.acme, "+12025550102", "worship in Zurich");
    const both = await texts("ship zuri");
    expect(found(both)).toEqual(["SHIP|zuri", "Ship|Züri"]);
    expect(both).toMatchObject({ mendedTo: null, nextCursor: null });
    expect(both.items[1]).toMatchObject({ contact: { id: contactId }, direction: "inbound" });
    expect(found(await texts("zürich west"))).toEqual(["zurich|west"]);
    expect((await texts("!!")).items).toEqual([]);
    expect(found(await texts("zurich", { contactId }))).toEqual(["Zürich"]);
  });

  it("looks only among the conversations and days that are asked for", async () => {
    const base = `/api/workspaces/${stage.acme}`;
    const first = await stage.receive(stage.acme, "+12025550181", "Tandem for two");
    const second = await stage.receive(stage.acme, "+12025550182", "Tandem for the two of us");
    const noteId = crypto.randomUUID();
    const ask = (path: string, body: object) => stage.api(server, stage.bob, "POST", path, body);
    await ask(`${base}/contacts/${first.contactId}/notes`, { id: noteId, body: "Tandem in stock" });
    const tag = await stage.api(server, stage.alice, "POST", `${base}/tags`, { name: "Tandems" });
    const tagId = (tag.body as unknown as { id: string }).id;
    const changed = await ask(`${base}/conversations/changes`, {
      changes: [
        { contactId: first.contactId, set: { assignedTo: stage.bob.userId, addTagIds: [tagId] } },
        { contactId: second.contactId, set: { conversationStatus: "Pending", isUnread: false } },
      ],
    });
    expect(changed.status).toBe(200);
    const ids = async (query: Record<string, string>) =>
      (await texts("tandem", query)).items.map(({ contact }) => contact.id);
    const notes = async (query: Record<string, string>) => {
      const { body } = await search<NoteSearchPage>("notes", { q: "tandem", ...query });
      return body.items.map((note) => note.noteId);
    };
    const contacts = async (query: Record<string, string>) => {
      const { body } = await search<ContactSearchPage>("contacts", { q: "202555018", ...query });
      return body.items.map(({ id }) => id);
    };
    const [one, two] = [first.contactId, second.contactId];
    expect(await ids({})).toEqual([two, one]);
    const narrow: [Record<string, string>, string[]][] = [
      [{ assignedTo: stage.bob.userId }, [one]],
      [{ tagId }, [one]],
      [{ isUnread: "true" }, [one]],
      [{ status: "Pending" }, [two]],
      [{ status: "Done" }, []],
      [{ line: "+12025550000" }, []],
      [{ assignedTo: stage.bob.userId, status: "Pending" }, []],
    ];
    for (const [filter, expected] of narrow) {
      expect(await ids(filter), JSON.stringify(filter)).toEqual(expected);
      expect(await contacts(filter), JSON.stringify(filter)).toEqual(expected);
      expect(await notes(filter)).toEqual(expected.includes(one) ? [noteId] : []);
    }
    const [now, yesterday] = [Date.now() + 60_000, Date.now() - 86_400_000].map((ms) =>
      new Date(ms).toISOString(),
    ) as [string, string];
    expect(await ids({ from: yesterday, before: now })).toEqual([two, one]);
    expect(await ids({ before: yesterday })).toEqual([]);
    expect(await ids({ from: now })).toEqual([]);
    expect(await notes({ from: yesterday })).toEqual([noteId]);
    expect(await notes({ from: now })).toEqual([]);
    const backwards = await search("messages", { q: "tandem", from: now, before: yesterday });
    expect(backwards).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect((await search("messages", { q: "tandem", isUnread: "maybe" })).status).toBe(400);
  });

  it("reads a word with a typo as the nearest that the texts have, and says so", async () => {
    await stage.receive(stage.acme, "+12025550103", "Did you receive the invoice");
    const mended = await texts("recieve invoise");
    expect(mended.mendedTo).toBe("receive invoice");
    expect(found(mended)).toEqual(["receive|invoice"]);
    expect(await texts("qqqqq")).toMatchObject({ items: [], mendedTo: null });
  });

  it("pages without gap or duplicate, also over texts of one moment and mended words", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550104", "begin");
    await sql`
      insert into public.messages (workspace_id, contact_id, direction, content, status, created_at)
      select ${stage.acme}, ${contactId}, 'inbound', 'calendar ' || i, 'received',
        '2026-01-02 03:04:05.678+00'::timestamptz + (i / 5) * interval '1 microsecond'
      from generate_series(1, 23) i
    `.execute(stage.database.kysely);
    for (const q of ["calen", "calender"]) {
      const ids: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const page: MessageSearchPage = await texts(q, {
          limit: "4",
          ...(cursor ? { cursor } : {}),
        });
        ids.push(...page.items.map((item) => item.messageId));
        expect(page.mendedTo).toBe(q === "calen" ? null : "calendar");
        cursor = page.nextCursor;
      }
      expect(ids).toHaveLength(23);
      expect(new Set(ids).size).toBe(23);
    }
  });

  it("finds people by all that is known of them, and numbers however they are written", async () => {
    const add = async (phoneNumber: string, profile: object) => {
      const path = `/api/workspaces/${stage.acme}/contacts`;
      const made = await stage.api(server, stage.alice, "POST", path, { phoneNumber, ...profile });
      expect(made.status).toBe(201);
      return made.body.id;
    };
    await add("+442079460018", { name: "Søren 100%_", company: "Lakeside Bikes" });
    const id = await add("+4915123456789", { name: "Jonathan", email: "jo@bikes.example" });
    expect((await people("soren")).names).toEqual(["Søren 100%_"]);
    expect((await people("lakeside SØR")).names).toEqual(["Søren 100%_"]);
    expect((await people("100%_")).names).toEqual(["Søren 100%_"]);
    expect((await people("(20) 7946 00")).names).toEqual(["Søren 100%_"]);
    expect((await people("0151 2345")).names).toEqual(["Jonathan"]);
    expect((await people("bikes")).names.sort()).toEqual(["Jonathan", "Søren 100%_"]);
    expect(await people("Jonathna")).toEqual({ names: ["Jonathan"], isNear: true });
    await stage.api(server, stage.bob, "PATCH", `/api/workspaces/${stage.acme}/contacts/${id}`, {
      name: "Nina",
    });
    expect((await people("jonathan")).names).toEqual([]);
    expect((await people("nina")).names).toEqual(["Nina"]);
  });

  it("shows a stranger nothing, neither of the texts nor of the words in them", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550105", "Rhododendron 4711");
    await stage.receive(stage.other, "+12025550106", "Something else");
    for (const what of ["messages", "contacts"] as const) {
      const refused = await search(what, { q: "rhododendron" }, stage.carol);
      expect(refused).toMatchObject({ status: 404, body: { code: "workspace_not_found" } });
    }
    for (const query of [
      { q: "rhododendron" },
      { q: "rhododendrom" },
      { q: "rhododendron", contactId },
    ]) {
      const own = await search<MessageSearchPage>("messages", query, stage.carol, stage.other);
      expect(own.body).toMatchObject({ items: [], mendedTo: null });
    }
    // The database itself, through a member's own token.
    const asCarol = await stage.database.asMember(stage.carol.userId, async (trx) => {
      const ids = await sql`
        select * from private.search_message_ids(${stage.acme}, 'rhododendron', null, '{}', null, null, null, 9)
      `.execute(trx);
      const words = await sql`select private.mend_word(${stage.acme}, 'rhododendrom')`.execute(trx);
      const contacts = await sql`
        select * from private.search_contact_ids(${stage.acme}, array['%'], '{}', null, null, 9)
      `.execute(trx);
      const near = await sql`
        select private.search_similar_contact_ids(${stage.acme}, '2025550105', 9)
      `.execute(trx);
      return [ids, words, contacts, near].map(({ rows }) => rows.length);
    });
    expect(asCarol).toEqual([0, 0, 0, 0]);
  });

  it("finds what agents noted, for members only", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550109", "Hi");
    const path = `/api/workspaces/${stage.acme}/contacts/${contactId}/notes`;
    const id = crypto.randomUUID();
    const noted = await stage.api(server, stage.bob, "POST", path, {
      id,
      body: "Wants the blue Velocipède back by Friday",
    });
    expect(noted.status).toBeLessThan(300);
    const find = async (q: string, person: Person, workspaceId: string) =>
      (await search<NoteSearchPage>("notes", { q }, person, workspaceId)).body;
    const page = await find("velocip blue", stage.alice, stage.acme);
    expect(page.items).toMatchObject([{ contact: { id: contactId } }]);
    expect(
      page.items[0]?.snippet.ranges.map(([from, to]) =>
        page.items[0]?.snippet.text.slice(from, to),
      ),
    ).toEqual(["blue", "Velocip"]);
    expect(await find("velocip", stage.carol, stage.acme)).toMatchObject({
      code: "workspace_not_found",
    });
    expect((await find("velocip", stage.carol, stage.other)).items).toEqual([]);
    expect((await texts("velocip")).items).toEqual([]);
  });

  it("forgets what is deleted and follows what is moved", async () => {
    const first = await stage.receive(stage.acme, "+12025550107", "Chrysanthemum one");
    const second = await stage.receive(stage.acme, "+12025550108", "Chrysanthemum two");
    await sql`
      update public.messages set contact_id = ${second.contactId} where id = ${first.messageId}
    `.execute(stage.database.kysely);
    const moved = await texts("chrysanthemum", { contactId: second.contactId });
    expect(moved.items).toHaveLength(2);
    await sql`delete from public.contacts where id = ${second.contactId}`.execute(
      stage.database.kysely,
    );
    expect((await texts("chrysanthemum")).items).toEqual([]);
  });

  it("answers whatever is typed, and refuses a cursor that it did not make", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 60, unit: "binary" }),
          fc.constantFrom(
            "a & | !",
            "':*",
            "\\",
            "%_%",
            "<->",
            "\u0000",
            "(",
            "''",
            "٣٣٣",
            "a".repeat(200),
          ),
        ),
        async (q) => {
          for (const what of ["messages", "contacts"] as const) {
            expect([200, 400]).toContain((await search(what, { q })).status);
          }
        },
      ),
      { numRuns: 40 },
    );
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [at, id] = ["2026-01-01T00:00:00.000000Z", crypto.randomUUID()];
    for (const cursor of [
      "x",
      encode({ at, id }),
      encode({ at, id, mended: [{ word: "a') | ('b", nearest: [] }] }),
      encode({ at, id, mended: [] }),
    ]) {
      const refused = await search("messages", { q: "a", cursor });
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    }
  });
});
