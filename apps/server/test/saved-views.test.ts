import { contactList, type SavedView, savedViewKey, savedViewList } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("saved views on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;
  let path: string;
  let base: string;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
    base = `/api/workspaces/${stage.acme}`;
    path = `${base}/saved-views`;
  });
  afterAll(() => stage.close());

  const ask = (
    person: Person,
    method: "GET" | "POST" | "PATCH" | "DELETE",
    at: string,
    body?: unknown,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server really answered.
  ): Promise<any> => stage.api(server, person, method, at, body);
  const list = async (person: Person) => {
    const { body } = await ask(person, "GET", path);
    return savedViewList.parse(body).items;
  };
  const save = async (person: Person, body: object): Promise<SavedView> => {
    const made = await ask(person, "POST", path, {
      id: crypto.randomUUID(),
      name: "A view",
      filter: { view: "open", sort: "recent" },
      ...body,
    });
    expect(made).toMatchObject({ status: 201 });
    return made.body;
  };
  const change = (person: Person, contactId: string, set: object) =>
    ask(person, "POST", `${base}/conversations/changes`, { changes: [{ contactId, set }] });
  /** How many the filter lists, and how many the counts say. */
  async function compare(view: SavedView, person: Person) {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(view.filter)) query.set(key, String(value));
    const { body } = await ask(person, "GET", `${base}/contacts?limit=100&${query}`);
    const { items, counts } = contactList.parse(body);
    return [items.length, counts[savedViewKey(view, person.userId)] ?? 0];
  }

  it("are one person's own until they are shared, and every tab hears of it", async () => {
    const tab = await stage.connect(server, stage.bob);
    await tab.ask("join_workspace", { workspaceId: stage.acme });
    const own = await save(stage.alice, { name: " Mine and pending " });
    expect(own).toMatchObject({ name: "Mine and pending", isShared: false, position: 0 });
    expect(await list(stage.bob)).toEqual([]);
    const none = { status: 404, body: { code: "saved_view_not_found" } };
    expect(await ask(stage.bob, "PATCH", `${path}/${own.id}`, { name: "x" })).toMatchObject(none);
    expect(await ask(stage.bob, "DELETE", `${path}/${own.id}`)).toMatchObject(none);
    expect(
      (await ask(stage.alice, "PATCH", `${path}/${own.id}`, { isShared: true, name: "Pending" }))
        .body,
    ).toMatchObject({ isShared: true, name: "Pending" });
    expect((await list(stage.bob)).map(({ name }) => name)).toEqual(["Pending"]);
    const shared = await save(stage.bob, { name: "Bob's for all", isShared: true });
    expect(shared.position).toBe(1);
    await vi.waitFor(() =>
      expect(tab.events.map(({ payload }) => payload)).toMatchObject([
        { ownerId: stage.alice.userId },
        { ownerId: null },
        { ownerId: null },
      ]),
    );
    tab.socket.disconnect();

    // Alice is the owner of the workspace: she may change everyone's, Bob only his own.
    expect(await ask(stage.bob, "DELETE", `${path}/${own.id}`)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect((await ask(stage.bob, "PATCH", `${path}/${own.id}`, { name: "x" })).status).toBe(403);
    const moved = await ask(stage.alice, "PATCH", `${path}/${shared.id}`, { position: 0 });
    expect(moved.body.position).toBe(0);
    expect(
      await ask(stage.alice, "PATCH", `${path}/${shared.id}`, { isShared: false }),
    ).toMatchObject({ status: 403 });
    expect((await ask(stage.alice, "DELETE", `${path}/${shared.id}`)).status).toBe(204);
    const back = { ...shared, filter: shared.filter };
    expect((await save(stage.bob, back)).id).toBe(shared.id);
    expect((await save(stage.bob, { ...back, name: "twice" })).name).toBe("Bob's for all");
  });

  it("count what they list, whatever happens to the conversations", async () => {
    const tag = (await ask(stage.alice, "POST", `${base}/tags`, { name: "Vip" })).body;
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const { contactId } = await stage.receive(stage.acme, `+1202555020${at}`, "Hello");
      ids.push(contactId);
    }
    const [first = "", second = "", third = "", fourth = ""] = ids;
    await change(stage.alice, first, { addTagIds: [tag.id] });
    await change(stage.alice, second, { assignedTo: stage.bob.userId });
    const { rows } = await sql<{ our_number: string }>`
      select our_number from public.contacts where id = ${first}
    `.execute(stage.database.kysely);
    const line = rows[0]?.our_number;
    const filter = { view: "open", sort: "recent" } as const;
    const views = [
      await save(stage.alice, { filter: { ...filter, tagId: tag.id } }),
      await save(stage.alice, { filter: { ...filter, assignedTo: stage.bob.userId } }),
      await save(stage.alice, { filter: { ...filter, line } }),
      await save(stage.alice, { filter: { ...filter, line: "+12025550199" } }),
      await save(stage.bob, { filter: { ...filter, status: "Pending" }, isShared: true }),
      await save(stage.bob, { filter: { ...filter, view: "mine", isUnread: true } }),
    ];
    const check = async (step: string) => {
      for (const view of views) {
        for (const person of [stage.alice, stage.bob]) {
          const [listed, counted] = await compare(view, person);
          expect(counted, `${step}: ${JSON.stringify(view.filter)}`).toBe(listed);
        }
      }
      const counts = await sql<{ kept: object; counted: object }>`
        select view_counts as kept, private.recount_views(workspace_id) as counted
        from public.workspace_streams where workspace_id = ${stage.acme}
      `.execute(stage.database.kysely);
      expect(counts.rows[0]?.kept, step).toEqual(counts.rows[0]?.counted);
    };
    await check("saved");
    expect(await compare(views[0] as SavedView, stage.alice)).toEqual([1, 1]);
    expect((await compare(views[2] as SavedView, stage.alice))[0]).toBeGreaterThanOrEqual(5);
    expect(await compare(views[5] as SavedView, stage.bob)).toEqual([1, 1]);
    await change(stage.bob, third, { conversationStatus: "Pending", addTagIds: [tag.id] });
    await check("pending");
    expect(await compare(views[4] as SavedView, stage.alice)).toEqual([1, 1]);
    await change(stage.bob, first, { conversationStatus: "Done" });
    await check("done");
    await stage.receive(stage.acme, "+12025550200", "Reopened");
    await check("reopened");
    await sql`
      update public.contacts set our_number = '+12025550199', unread_count = 0 where id = ${fourth}
    `.execute(stage.database.kysely);
    await check("another line");
    expect(await compare(views[3] as SavedView, stage.alice)).toEqual([1, 1]);
    await ask(stage.alice, "DELETE", `${base}/contacts/${third}`);
    await check("deleted");
    await ask(stage.alice, "DELETE", `${base}/tags/${tag.id}`);
    await check("tag gone");
    const gone = views.pop();
    await ask(stage.bob, "DELETE", `${path}/${gone?.id}`);
    await check("view gone");
  });

  it("see each change once, also one that runs while they are saved", async () => {
    const phones = Array.from({ length: 8 }, (_, at) => `+1202555030${at}`);
    const [made] = await Promise.all([
      save(stage.alice, { filter: { view: "unread", sort: "recent" } }),
      ...phones.map((phone) => stage.receive(stage.acme, phone, "At once")),
    ]);
    const [listed, counted] = await compare(made, stage.alice);
    expect(counted).toBe(listed);
  });

  it("are refused when they can't be used", async () => {
    const good = {
      id: crypto.randomUUID(),
      name: "x",
      filter: { view: "open", sort: "recent" },
    };
    for (const wrong of [
      { ...good, name: " " },
      { ...good, name: "\u0000" },
      { ...good, name: "x".repeat(61) },
      { ...good, id: "1" },
      { ...good, filter: { view: "open", sort: "recent", tagId: "x" } },
      { ...good, filter: { view: "open", sort: "recent", line: "12" } },
      { ...good, filter: { view: "nothing", sort: "recent" } },
      { ...good, filter: {} },
    ]) {
      expect(await ask(stage.alice, "POST", path, wrong)).toMatchObject({
        status: 400,
        body: { code: "invalid_request" },
      });
    }
    const before = (await list(stage.bob)).filter(({ isShared }) => !isShared).length;
    for (let at = before; at < 30; at += 1) await save(stage.bob, {});
    expect(await ask(stage.bob, "POST", path, { ...good, id: crypto.randomUUID() })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });

  it("of another workspace can be neither seen nor touched", async () => {
    const made = await save(stage.alice, { isShared: true });
    const notThere = { status: 404, body: { code: "workspace_not_found" } };
    expect(await ask(stage.carol, "GET", path)).toMatchObject(notThere);
    expect(await ask(stage.carol, "DELETE", `${path}/${made.id}`)).toMatchObject(notThere);
    const hers = `/api/workspaces/${stage.other}/saved-views`;
    const none = { status: 404, body: { code: "saved_view_not_found" } };
    expect(await ask(stage.carol, "DELETE", `${hers}/${made.id}`)).toMatchObject(none);
    expect(
      await ask(stage.carol, "POST", hers, {
        id: made.id,
        name: "x",
        filter: { view: "open", sort: "recent" },
      }),
    ).toMatchObject(none);
    expect((await ask(stage.carol, "GET", hers)).body.items).toEqual([]);
  });
});
