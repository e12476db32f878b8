import {
  applyEvent,
  type Contact,
  type ContactView,
  contactView,
  countKey,
  type InboxState,
  isInView,
  type LogEvent,
  type Message,
  type Note,
  type Tag,
} from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wakeConversation, wakeOverdue } from "../src/contacts/wake-conversations.ts";
import { purgeContact } from "../src/media/purge-contact.ts";
import { openTeam } from "./support/open-team.ts";
import { databaseKinds } from "./support/test-database.ts";
import { type Person, startTestServer, type TestServer } from "./support/test-server.ts";

describe.each(databaseKinds)("working through conversations on %s", (kind) => {
  let server: TestServer;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let base: string;
  let workspaceId: string;
  let number: string;
  let nextPhone = 1000;

  beforeAll(async () => {
    server = await startTestServer(kind);
    ({ alice, bob, carol, workspaceId, base, number } = await openTeam(server));
    await carol.api("POST", "/api/workspaces", { name: "Other" });
  });
  afterAll(() => server?.close());

  const textFrom = async (phone: string, body: string): Promise<Contact> => {
    await alice.api("POST", `${base}/simulator/texts`, { from: phone, to: number, body });
    return findContact(phone);
  };
  const findContact = async (phone: string): Promise<Contact> => {
    const { body } = await alice.api("GET", `${base}/contacts?q=${encodeURIComponent(phone)}`);
    return body.items[0];
  };
  const newPhone = () => `+1202555${nextPhone++}`;
  const getContact = async (id: string): Promise<Contact> =>
    (await alice.api("GET", `${base}/contacts/${id}`)).body;
  const change = (person: Person, contactId: string, set: object, expected?: object) =>
    person.api("POST", `${base}/conversations/changes`, {
      changes: [{ contactId, set, ...(expected ? { expected } : {}) }],
    });
  const list = (person: Person, query: string) => person.api("GET", `${base}/contacts?${query}`);
  const openThread = (contactId: string) =>
    alice.api("GET", `${base}/contacts/${contactId}/messages`);
  const inDatabase = <T>(query: ReturnType<typeof sql<T>>) =>
    server.server.context.database.asSystem((trx) => query.execute(trx));

  it("snoozes until a moment, and a job or the customer's text ends it", async () => {
    const phone = newPhone();
    const { id } = await textFrom(phone, "Hello");
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const snoozed = await change(alice, id, { snoozedUntil: soon, isUnread: false });
    expect(snoozed.body.items[0]).toMatchObject({ snoozedUntil: soon, unreadCount: 0 });
    expect((await change(bob, id, { snoozedUntil: "2020-01-01T00:00:00Z" })).status).toBe(400);

    await wakeConversation(server.server.context, { workspaceId, contactId: id });
    expect((await getContact(id)).snoozedUntil, "it is not time yet").toBe(soon);
    await inDatabase(sql`
      update public.contacts set snoozed_until = now() - interval '1 second' where id = ${id}
    `);
    await wakeOverdue(server.server.context);
    await wakeConversation(server.server.context, { workspaceId, contactId: id });
    expect(await getContact(id)).toMatchObject({ snoozedUntil: null, unreadCount: 1 });

    await change(alice, id, { snoozedUntil: soon });
    await textFrom(phone, "Are you there?");
    expect(await getContact(id)).toMatchObject({ snoozedUntil: null, conversationStatus: "Open" });
    const { body } = await openThread(id);
    expect(body.activities.map(({ kind }: { kind: string }) => kind)).toEqual([
      "snoozed",
      "snoozed",
      "woke",
      "snoozed",
      "woke",
    ]);
  });

  it("wakes a conversation by its own job", async () => {
    const { id } = await textFrom(newPhone(), "Hello");
    await change(alice, id, { snoozedUntil: new Date(Date.now() + 1_500).toISOString() });
    await expect
      .poll(async () => (await getContact(id)).snoozedUntil, { timeout: 15_000 })
      .toBeNull();
  });

  it("remembers since when a customer waits, until an agent answers", async () => {
    const phone = newPhone();
    const first = await textFrom(phone, "One");
    const again = await textFrom(phone, "Two");
    expect(again.waitingSince).toBe(first.waitingSince);
    expect(first.waitingSince).not.toBeNull();
    await change(bob, first.id, { conversationStatus: "Done" });
    expect((await getContact(first.id)).waitingSince).toBeNull();
    await change(bob, first.id, { conversationStatus: "Open" });
    expect((await getContact(first.id)).waitingSince).toBe(first.waitingSince);
    for (const [conversationStatus, waitingSince] of [
      ["Pending", first.waitingSince],
      ["Done", null],
      ["Open", first.waitingSince],
    ]) {
      const changed = await bob.api("PATCH", `${base}/contacts/${first.id}`, {
        conversationStatus,
      });
      expect(changed.body).toMatchObject({ conversationStatus, waitingSince });
    }
    await bob.api("POST", "/api/sms/send-sms", {
      workspaceId,
      contactId: first.id,
      message: "Here we are",
    });
    expect(await getContact(first.id)).toMatchObject({
      waitingSince: null,
      assignedTo: null,
      lastMessageBy: bob.userId,
    });
  });

  it("gives a conversation that is nobody's to whoever answers, where the workspace wants so", async () => {
    const { id } = await textFrom(newPhone(), "Hello");
    expect((await bob.api("PATCH", base, { autoClaim: true })).status).toBe(403);
    expect((await alice.api("PATCH", base, { autoClaim: true })).body.autoClaim).toBe(true);
    const send = (person: Person) =>
      person.api("POST", "/api/sms/send-sms", { workspaceId, contactId: id, message: "Hi" });
    await send(bob);
    expect((await getContact(id)).assignedTo).toBe(bob.userId);
    await send(alice);
    expect((await getContact(id)).assignedTo, "it is bob's already").toBe(bob.userId);
    await alice.api("PATCH", base, { autoClaim: false });
  });

  it("lets only the faster of two agents have it, and says so to the other", async () => {
    const { id } = await textFrom(newPhone(), "Hello");
    const claims = await Promise.all(
      [alice, bob].map((person) =>
        change(person, id, { assignedTo: person.userId }, { assignedTo: null }),
      ),
    );
    expect(claims.map(({ body }) => body.items.length).sort()).toEqual([0, 1]);
    const lost = claims.find(({ body }) => body.conflicts.length === 1);
    expect(lost?.body.conflicts[0].assignedTo).toBe((await getContact(id)).assignedTo);
    const stranger = await change(alice, id, { assignedTo: carol.userId });
    expect(stranger).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("changes several at once or none", async () => {
    const a = await textFrom(newPhone(), "A");
    const b = await textFrom(newPhone(), "B");
    const set = { conversationStatus: "Done" };
    const wrong = await alice.api("POST", `${base}/conversations/changes`, {
      changes: [
        { contactId: a.id, set },
        { contactId: crypto.randomUUID(), set },
      ],
    });
    expect(wrong).toMatchObject({ status: 404, body: { code: "contact_not_found" } });
    expect((await getContact(a.id)).conversationStatus).toBe("Open");
    const done = await alice.api("POST", `${base}/conversations/changes`, {
      changes: [a, b].map(({ id }) => ({ contactId: id, set })),
    });
    expect(done.body.items).toHaveLength(2);
    expect((await getContact(b.id)).conversationStatus).toBe("Done");
  });

  it("keeps a blocked contact's texts without calling anyone, and sends them none", async () => {
    const phone = newPhone();
    const { id } = await textFrom(phone, "Cheap watches");
    await change(bob, id, { isBlocked: true });
    const after = await textFrom(phone, "Very cheap");
    expect(after).toMatchObject({ unreadCount: 0, waitingSince: null, lastMessage: "Very cheap" });
    expect(after.blockedAt).not.toBeNull();
    const sent = await bob.api("POST", "/api/sms/send-sms", {
      workspaceId,
      contactId: id,
      message: "No",
    });
    expect(sent).toMatchObject({ status: 409, body: { code: "contact_blocked" } });
    const { body } = await list(alice, "view=blocked");
    expect(body.items.map((row: Contact) => row.id)).toContain(id);
    await change(bob, id, { isBlocked: false });
    expect((await getContact(id)).waitingSince).not.toBeNull();
  });

  it("deletes a conversation for everyone, brings it back in time, and keeps an opt-out for ever", async () => {
    const phone = newPhone();
    const { id } = await textFrom(phone, "My secret");
    await bob.api("POST", `${base}/contacts/${id}/notes`, {
      id: crypto.randomUUID(),
      body: "About the secret",
    });
    // A reaction is no message of its own, and quotes one.
    await textFrom(phone, "Loved “My secret”");
    await textFrom(phone, "STOP");
    expect((await bob.api("DELETE", `${base}/contacts/${id}`)).status).toBe(403);
    expect((await alice.api("DELETE", `${base}/contacts/${id}`)).status).toBe(204);
    for (const path of ["", "/messages"]) {
      expect((await bob.api("GET", `${base}/contacts/${id}${path}`)).status).toBe(404);
    }
    const back = await alice.api("POST", `${base}/contacts/${id}/restore`);
    expect(back.body).toMatchObject({ id, phoneNumber: phone });
    await alice.api("DELETE", `${base}/contacts/${id}`);

    await purgeContact(server.server.context, { workspaceId, contactId: id });
    await inDatabase(sql`
      update public.contacts set deleted_at = now() - interval '2 minutes' where id = ${id}
    `);
    await purgeContact(server.server.context, { workspaceId, contactId: id });
    const late = await alice.api("POST", `${base}/contacts/${id}/restore`);
    expect(late).toMatchObject({ status: 404, body: { code: "contact_not_found" } });
    const { rows } = await inDatabase(sql<{ left: number }>`
      select (
        (select count(*) from public.messages where contact_id = ${id})
        + (select count(*) from public.conversation_notes where contact_id = ${id})
        + (select count(*) from public.workspace_events where payload::text like '%ecret%')
        + (select count(*) from public.webhook_receipts where encode(body, 'escape') like '%ecret%')
      )::int as left
    `);
    expect(rows[0]?.left).toBe(0);

    const anew = await alice.api("POST", `${base}/contacts`, { phoneNumber: phone });
    expect(anew.body.optedOutAt).not.toBeNull();
    await textFrom(phone, "START");
    expect((await findContact(phone)).optedOutAt).toBeNull();
  });

  it("adds a note once, calls members by it, and sends nothing", async () => {
    const { id } = await textFrom(newPhone(), "Hello");
    const path = `${base}/contacts/${id}/notes`;
    const before = (await alice.api("GET", `${base}/simulator`)).body.messages.length;
    const note = { id: crypto.randomUUID(), body: "Ask @bob", mentionedIds: [bob.userId] };
    const added = await Promise.all([1, 2].map(() => alice.api("POST", path, note)));
    expect(added.map(({ status }) => status)).toEqual([201, 201]);
    expect((await openThread(id)).body.notes).toEqual([added[0]?.body]);
    const wrong = { ...note, id: crypto.randomUUID(), mentionedIds: [carol.userId] };
    expect((await alice.api("POST", path, wrong)).status).toBe(400);
    expect((await alice.api("POST", path, { ...note, body: "Other" })).status).toBe(409);

    const mentions = await bob.api("GET", `${base}/mentions`);
    expect(mentions.body.items[0]).toMatchObject({ note: { id: note.id }, isRead: false });
    expect((await list(bob, "limit=1")).body.counts[countKey("mentions", bob.userId)]).toBe(1);
    await bob.api("POST", `${base}/contacts/${id}/mentions/read`);
    expect((await bob.api("GET", `${base}/mentions`)).body.items[0].isRead).toBe(true);
    expect((await list(bob, "limit=1")).body.counts[countKey("mentions", bob.userId)]).toBe(
      undefined,
    );

    const own = `${base}/notes/${note.id}`;
    expect((await bob.api("PATCH", own, { body: "Mine" })).body.code).toBe("forbidden");
    expect((await bob.api("DELETE", own)).body.code).toBe("forbidden");
    const edited = await alice.api("PATCH", own, { body: "Never mind", mentionedIds: [] });
    expect(edited.body).toMatchObject({ body: "Never mind", mentionedIds: [] });
    expect(edited.body.editedAt).not.toBeNull();
    expect((await bob.api("GET", `${base}/mentions`)).body.items).toEqual([]);
    expect((await alice.api("DELETE", own)).status).toBe(204);
    expect((await openThread(id)).body.notes).toEqual([]);
    const after = (await alice.api("GET", `${base}/simulator`)).body.messages.length;
    expect(after).toBe(before);
  });

  it("keeps a stranger out of all of it", async () => {
    const { id } = await textFrom(newPhone(), "Hello");
    const noteId = crypto.randomUUID();
    await alice.api("POST", `${base}/contacts/${id}/notes`, { id: noteId, body: "Private" });
    const asks: [string, string, unknown?][] = [
      ["POST", `${base}/conversations/changes`, { changes: [{ contactId: id, set: {} }] }],
      ["DELETE", `${base}/contacts/${id}`],
      ["POST", `${base}/contacts/${id}/restore`],
      ["POST", `${base}/contacts/${id}/notes`, { id: crypto.randomUUID(), body: "x" }],
      ["PATCH", `${base}/notes/${noteId}`, { body: "x" }],
      ["DELETE", `${base}/notes/${noteId}`],
      ["GET", `${base}/mentions`],
      ["POST", `${base}/contacts/${id}/mentions/read`],
      ["GET", `${base}/tags`],
      ["POST", `${base}/tags`, { name: "x" }],
    ];
    for (const [method, path, body] of asks) {
      const answer = await carol.api(method, path, body);
      expect(answer, path).toMatchObject({ status: 404, body: { code: "workspace_not_found" } });
    }
    // Through a workspace of her own it is no different.
    const mine = (await carol.api("GET", "/api/me")).body.workspaces[0].id;
    const sideways = await carol.api("POST", `/api/workspaces/${mine}/conversations/changes`, {
      changes: [{ contactId: id, set: { conversationStatus: "Done" } }],
    });
    expect(sideways).toMatchObject({ status: 404, body: { code: "contact_not_found" } });
    expect((await carol.api("DELETE", `/api/workspaces/${mine}/notes/${noteId}`)).body.code).toBe(
      "note_not_found",
    );
  });

  it("sorts by tags that admins manage", async () => {
    const made = await alice.api("POST", `${base}/tags`, { name: "Urgent", colour: "red" });
    expect(made.status).toBe(201);
    expect((await bob.api("POST", `${base}/tags`, { name: "Mine" })).status).toBe(403);
    expect((await alice.api("POST", `${base}/tags`, { name: "urgent" })).body.code).toBe(
      "tag_name_taken",
    );
    const tag: Tag = made.body;
    const { id } = await textFrom(newPhone(), "Help");
    await change(bob, id, { addTagIds: [tag.id] });
    expect((await getContact(id)).tagIds).toEqual([tag.id]);
    expect((await list(bob, `view=open&tagId=${tag.id}`)).body.items).toHaveLength(1);
    const unknown = await change(bob, id, { addTagIds: [crypto.randomUUID()] });
    expect(unknown).toMatchObject({ status: 404, body: { code: "tag_not_found" } });
    await alice.api("DELETE", `${base}/tags/${tag.id}`);
    expect((await getContact(id)).tagIds).toEqual([]);
  });

  it("pages every view without gap or duplicate, and the longest waiting first", async () => {
    const ids = new Set<string>();
    for (let n = 0; n < 5; n += 1) ids.add((await textFrom(newPhone(), `Page ${n}`)).id);
    for (const sort of ["recent", "waiting"]) {
      const all: Contact[] = (await list(alice, `view=open&sort=${sort}&limit=100`)).body.items;
      const paged: Contact[] = [];
      let cursor = "";
      do {
        const { body } = await list(
          alice,
          `view=open&sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`,
        );
        paged.push(...body.items);
        cursor = body.nextCursor ?? "";
      } while (cursor);
      expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(new Set(paged.map(({ id }) => id)).size).toBe(paged.length);
      for (const id of ids) expect(paged.some((row) => row.id === id)).toBe(true);
      if (sort === "waiting") {
        const since = paged.flatMap((row) => row.waitingSince ?? []);
        expect(since).toEqual(since.toSorted());
      }
    }
    expect((await list(alice, "view=open&cursor=nonsense")).status).toBe(400);
  });

  it("makes old state and the events since equal to a fresh load, counts of every view included", async () => {
    const phones = Array.from({ length: 6 }, newPhone);
    const contacts = [];
    for (const phone of phones) contacts.push(await textFrom(phone, "Hello"));
    const ids = contacts.map(({ id }) => id);
    const tag: Tag = (await alice.api("POST", `${base}/tags`, { name: "Loyal" })).body;
    const old = await load(ids);

    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const at = (n: number) => ids[n] ?? "";
    await change(alice, at(0), { assignedTo: bob.userId, addTagIds: [tag.id] });
    await change(bob, at(1), { conversationStatus: "Done", isUnread: false });
    await change(bob, at(2), { snoozedUntil: soon });
    await change(alice, at(3), { isBlocked: true });
    await alice.api("POST", `${base}/contacts/${at(0)}/notes`, {
      id: crypto.randomUUID(),
      body: "@bob see this",
      mentionedIds: [bob.userId],
    });
    await textFrom(phones[2] ?? "", "Back again");
    await textFrom(newPhone(), "Someone new");
    await alice.api("DELETE", `${base}/contacts/${at(4)}`);
    await bob.api("POST", `${base}/contacts/${at(0)}/mentions/read`);
    await alice.api("DELETE", `${base}/tags/${tag.id}`);
    await change(alice, at(5), { assignedTo: bob.userId });
    await alice.api("DELETE", `${base}/members/${bob.userId}`);
    await textFrom(phones[1] ?? "", "Reopen me");

    const page = await alice.api("GET", `${base}/events?after=${old.lastSeq}`);
    let state = old;
    for (const event of page.body.events as LogEvent[]) state = applyEvent(state, event).state;
    const fresh = await load(ids.filter((id) => id !== at(4)));
    const withoutSending = ({ sending: _, ...rest }: InboxState) => rest;
    expect(nonZero(state.counts)).toEqual(nonZero(fresh.counts));
    expect(withoutSending({ ...state, counts: {} })).toEqual(
      withoutSending({ ...fresh, counts: {} }),
    );

    const { rows } = await inDatabase(sql<{ counts: Record<string, number> }>`
      select private.recount_views(${workspaceId}) as counts
    `);
    expect(nonZero(fresh.counts)).toEqual(nonZero(rows[0]?.counts ?? {}));
    const count = (view: ContactView) =>
      [...fresh.contacts.values()].filter((row) => isInView(row, view, alice.userId)).length;
    for (const view of contactView.options) {
      expect(fresh.counts[countKey(view, alice.userId)] ?? 0, view).toBe(count(view));
    }
  });

  /** What a browser knows after loading everything. */
  async function load(contactIds: readonly string[]): Promise<InboxState> {
    const contacts: Contact[] = [];
    let first = (await list(alice, "limit=100")).body;
    const { epoch, asOfSeq, counts } = first;
    contacts.push(...first.items);
    while (first.nextCursor) {
      first = (await list(alice, `limit=100&cursor=${first.nextCursor}`)).body;
      contacts.push(...first.items);
    }
    const threads = new Map<string, Message[]>();
    const notes = new Map<string, Note[]>();
    const activities = new Map();
    for (const id of contactIds) {
      const { body } = await openThread(id);
      threads.set(id, body.items);
      notes.set(id, body.notes);
      activities.set(id, body.activities);
    }
    const tags: Tag[] = (await alice.api("GET", `${base}/tags`)).body.items;
    const members = (await alice.api("GET", `${base}/members`)).body.items;
    const { sending } = (await alice.api("GET", `${base}/sending`)).body;
    return {
      epoch,
      lastSeq: asOfSeq,
      counts,
      contacts: new Map(contacts.map((row) => [row.id, row])),
      threads,
      notes,
      activities,
      tags: new Map(tags.map((row) => [row.id, row])),
      members: new Map(members.map((row: { userId: string }) => [row.userId, row])),
      contactFields: new Map(),
      cannedReplies: new Map(),
      sending,
    };
  }
});

function nonZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
