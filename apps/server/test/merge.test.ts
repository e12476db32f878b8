import { randomUUID } from "node:crypto";
import {
  applyEvent,
  type Contact,
  contactView,
  countKey,
  fitsFilter,
  type InboxState,
  isInView,
  type LogEvent,
  type Message,
  type SavedView,
  savedViewKey,
} from "@livechat/shared";
import { buildInboxState } from "@livechat/shared/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTeam } from "./support/open-team.ts";
import { databaseKinds } from "./support/test-database.ts";
import { type Person, startTestServer, type TestServer } from "./support/test-server.ts";

describe.each(databaseKinds)("contacts that are one person, on %s", (kind) => {
  let server: TestServer;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let base: string;
  let workspaceId: string;
  let number: string;
  let nextPhone = 2000;

  beforeAll(async () => {
    server = await startTestServer(kind);
    ({ alice, bob, carol, workspaceId, base, number } = await openTeam(server));
  });
  afterAll(() => server?.close());

  const newPhone = () => `+1202556${nextPhone++}`;
  const inDatabase = <T>(query: ReturnType<typeof sql<T>>) =>
    server.server.context.database.asSystem((trx) => query.execute(trx));
  const getContact = async (id: string): Promise<Contact> =>
    (await alice.api("GET", `${base}/contacts/${id}`)).body;
  const textFrom = async (phone: string, body: string): Promise<Contact> => {
    await alice.api("POST", `${base}/simulator/texts`, { from: phone, to: number, body });
    const { rows } = await inDatabase(sql<{ id: string }>`
      select coalesce(merged_into, id) as id from public.contacts
      where workspace_id = ${workspaceId} and phone_number = ${phone}
    `);
    return getContact(rows[0]?.id ?? "");
  };
  const merge = (person: Person, contactId: string, absorbedId: string, more: object = {}) =>
    person.api("POST", `${base}/contacts/${contactId}/merge`, { absorbedId, ...more });
  const unmerge = (person: Person, contactId: string, absorbedId: string) =>
    person.api("POST", `${base}/contacts/${contactId}/unmerge`, { absorbedId });
  const thread = async (
    contactId: string,
  ): Promise<{
    items: Message[];
    notes: { body: string }[];
    activities: { kind: string; detail: object }[];
  }> => (await alice.api("GET", `${base}/contacts/${contactId}/messages`)).body;
  const wordsOf = async (contactId: string) =>
    (await thread(contactId)).items.map(({ content }) => content);
  const send = (contactId: string, message: string, more: object = {}) =>
    bob.api("POST", "/api/sms/send-sms", { workspaceId, contactId, message, ...more });
  const settled = async (contactId: string, count: number): Promise<Message[]> => {
    let items: Message[] = [];
    await expect
      .poll(
        async () => {
          items = (await thread(contactId)).items.filter(
            ({ direction }) => direction === "outbound",
          );
          return items.filter(({ status }) => status === "delivered").length;
        },
        { timeout: 20_000 },
      )
      .toBe(count);
    return items;
  };
  /** Two cards of one person, each with a text. */
  const twoCards = async () => {
    const [privatePhone, workPhone] = [newPhone(), newPhone()];
    const kept = await textFrom(privatePhone, `from ${privatePhone}`);
    const gone = await textFrom(workPhone, `from ${workPhone}`);
    return { kept, gone, privatePhone, workPhone };
  };

  it("becomes one conversation with everything of both, and each id leads to it", async () => {
    const { kept, gone, workPhone, privatePhone } = await twoCards();
    const tag = (await alice.api("POST", `${base}/tags`, { name: `VIP ${workPhone}` })).body;
    await alice.api("PATCH", `${base}/contacts/${kept.id}`, {
      name: "Ann",
      email: "ann@home.test",
    });
    await alice.api("PATCH", `${base}/contacts/${gone.id}`, {
      name: "Ann Baker",
      company: "Bread & Co",
      email: "ann@bread.test",
    });
    await alice.api("POST", `${base}/conversations/changes`, {
      changes: [
        { contactId: gone.id, set: { addTagIds: [tag.id], assignedTo: bob.userId } },
        { contactId: kept.id, set: { conversationStatus: "Done" } },
      ],
    });
    await bob.api("POST", `${base}/contacts/${gone.id}/notes`, {
      id: randomUUID(),
      body: "Prefers mornings",
      mentionedIds: [alice.userId],
    });
    const preview = await alice.api(
      "GET",
      `${base}/contacts/${kept.id}/merge?absorbedId=${gone.id}`,
    );
    expect(preview.body).toMatchObject({
      contact: { id: kept.id },
      absorbed: { id: gone.id },
      messageCount: 1,
      noteCount: 1,
      scheduledCount: 0,
    });

    const merged = await merge(alice, kept.id, gone.id, { take: ["name"] });
    expect(merged.status).toBe(200);
    expect(merged.body).toMatchObject({
      id: kept.id,
      phoneNumber: privatePhone,
      otherNumbers: [{ contactId: gone.id, phoneNumber: workPhone, optedOutAt: null }],
      name: "Ann Baker",
      email: "ann@home.test",
      company: "Bread & Co",
      unreadCount: 2,
      conversationStatus: "Open",
      assignedTo: bob.userId,
      tagIds: [tag.id],
      lastMessage: `from ${workPhone}`,
    });
    const page = await thread(kept.id);
    expect(page.items.map(({ content }) => content)).toEqual([
      `from ${privatePhone}`,
      `from ${workPhone}`,
    ]);
    expect(page.notes.map(({ body }) => body)).toEqual(["Prefers mornings"]);
    expect(page.activities.at(-1)).toMatchObject({
      kind: "merged",
      actorId: alice.userId,
      detail: { contactId: gone.id, phoneNumber: workPhone, contactName: "Ann Baker" },
    });
    expect((await getContact(gone.id)).id, "the old id leads here").toBe(kept.id);
    const byNumber = await alice.api("GET", `${base}/contacts?q=${encodeURIComponent(workPhone)}`);
    expect(byNumber.body.items.map(({ id }: Contact) => id)).toEqual([kept.id]);
    const found = await alice.api("GET", `${base}/search/contacts?q=${workPhone.slice(1)}`);
    expect(found.body.items.map(({ id }: Contact) => id)).toEqual([kept.id]);
    const mention = (await alice.api("GET", `${base}/mentions`)).body;
    expect(mention.items[0]).toMatchObject({ note: { contactId: kept.id }, isRead: false });
    const again = await merge(alice, kept.id, gone.id);
    expect(again.body.updatedAt, "a second request changes nothing").toBe(merged.body.updatedAt);
  });

  it("takes in texts from either number, and answers the one that was written from last", async () => {
    const { kept, gone, privatePhone, workPhone } = await twoCards();
    await merge(alice, kept.id, gone.id);
    expect((await textFrom(workPhone, "at work now")).id).toBe(kept.id);
    expect((await send(kept.id, "to work")).body.message.toNumber).toBe(workPhone);
    await textFrom(privatePhone, "at home now");
    expect((await send(kept.id, "to home")).body.message.toNumber).toBe(privatePhone);
    const chosen = await send(kept.id, "to work as asked", { to: workPhone });
    expect(chosen.body.message.toNumber).toBe(workPhone);
    const old = await send(gone.id, "to the old id");
    expect(old.body.message).toMatchObject({ contactId: kept.id, toNumber: workPhone });
    const strange = await send(kept.id, "astray", { to: newPhone() });
    expect([strange.status, strange.body.code]).toEqual([409, "conflict"]);
    await settled(kept.id, 4);
    const reached = server.simulator
      ?.messages()
      .filter(({ to }) => to === workPhone || to === privatePhone)
      .map(({ to, body }) => `${body} → ${to}`);
    expect(
      reached?.filter((line) => !line.startsWith("from") && line.startsWith("to")).sort(),
    ).toEqual(
      [
        `to home → ${privatePhone}`,
        `to the old id → ${workPhone}`,
        `to work as asked → ${workPhone}`,
        `to work → ${workPhone}`,
      ].sort(),
    );
  });

  it("keeps a STOP to the number that it came from", async () => {
    const { kept, gone, privatePhone, workPhone } = await twoCards();
    await textFrom(workPhone, "STOP");
    await merge(alice, kept.id, gone.id);
    let contact = await getContact(kept.id);
    expect(contact.optedOutAt).toBeNull();
    expect(contact.otherNumbers[0]?.optedOutAt, "it stays closed").not.toBeNull();
    const refused = await send(kept.id, "hello?", { to: workPhone });
    expect(refused.body.code).toBe("contact_opted_out");
    expect((await send(kept.id, "hello home", { to: privatePhone })).status).toBe(200);

    contact = await textFrom(workPhone, "START");
    expect(contact.otherNumbers[0]?.optedOutAt).toBeNull();
    contact = await textFrom(privatePhone, "STOP");
    expect(contact.optedOutAt).not.toBeNull();
    expect(contact.otherNumbers[0]?.optedOutAt, "the other stays open").toBeNull();
    expect((await send(kept.id, "x", { to: privatePhone })).body.code).toBe("contact_opted_out");
    const consents = await alice.api("GET", `${base}/contacts/${kept.id}/consents`);
    expect(
      consents.body.items.map((row: { action: string; phoneNumber: string }) => [
        row.action,
        row.phoneNumber,
      ]),
    ).toEqual([
      ["opted_out", privatePhone],
      ["opted_in", workPhone],
      ["opted_out", workPhone],
    ]);
    const lines = (await thread(kept.id)).activities.filter(({ kind }) => kind === "opted_in");
    expect(lines[0]?.detail).toEqual({ phoneNumber: workPhone });
  });

  it("calls off only what waits for the number that opted out", async () => {
    const { kept, gone, privatePhone, workPhone } = await twoCards();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const waiting = (await send(gone.id, "for work", { scheduledFor: later })).body.message;
    await merge(alice, kept.id, gone.id);
    const other = await send(kept.id, "for home", { to: privatePhone, scheduledFor: later });
    await textFrom(workPhone, "STOP");
    const byId = new Map((await thread(kept.id)).items.map((row) => [row.id, row]));
    expect(byId.get(waiting.id)).toMatchObject({ status: "canceled", toNumber: workPhone });
    expect(byId.get(other.body.message.id)).toMatchObject({ status: "scheduled" });
  });

  it("marks every number for a person who asked to be left alone, and takes only that back", async () => {
    const { kept, gone, workPhone } = await twoCards();
    await merge(alice, kept.id, gone.id);
    await textFrom(workPhone, "STOP");
    const marked = await bob.api("POST", `${base}/contacts/${kept.id}/opt-out`, { note: "asked" });
    expect(marked.body.optedOutAt).not.toBeNull();
    const undone = await bob.api("POST", `${base}/contacts/${kept.id}/opt-out/undo`, {
      note: "mistake",
    });
    expect(undone.body.optedOutAt).toBeNull();
    expect(undone.body.otherNumbers[0].optedOutAt, "the customer's own STOP holds").not.toBeNull();
  });

  it("holds an agent's mark on one number for both, and takes back what the merge closed", async () => {
    const { kept, gone, privatePhone, workPhone } = await twoCards();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const waiting = (await send(kept.id, "for home", { scheduledFor: later })).body.message;
    await bob.api("POST", `${base}/contacts/${gone.id}/opt-out`, { note: "asked on the phone" });
    const path = `${base}/contacts/${kept.id}/merge?absorbedId=${gone.id}`;
    expect((await alice.api("GET", path)).body.isMarked).toBe(true);
    const merged = await merge(alice, kept.id, gone.id);
    expect(merged.body.optedOutAt).not.toBeNull();
    expect((await send(kept.id, "x", { to: privatePhone })).body.code).toBe("contact_opted_out");
    expect((await thread(kept.id)).items.find(({ id }) => id === waiting.id)?.status).toBe(
      "canceled",
    );
    const record = (await alice.api("GET", `${base}/contacts/${kept.id}/consents`)).body;
    expect(record).toMatchObject({
      canUndo: true,
      items: [
        { action: "opted_out", source: "agent", phoneNumber: privatePhone, actorId: alice.userId },
        { action: "opted_out", source: "agent", phoneNumber: workPhone, actorId: bob.userId },
      ],
    });

    const apart = await unmerge(alice, kept.id, gone.id);
    expect(apart.body.contact.optedOutAt).toBeNull();
    expect(apart.body.restored.optedOutAt, "who asked stays marked").not.toBeNull();

    await merge(alice, kept.id, gone.id);
    await textFrom(privatePhone, "STOP");
    const own = await alice.api("GET", `${base}/contacts/${kept.id}/consents`);
    expect(own.body.canUndo, "the other number is held by the mark alone").toBe(true);
    const again = await unmerge(alice, kept.id, gone.id);
    expect(again.body.contact.optedOutAt, "their own STOP outlives the merge").not.toBeNull();
  });

  it("sends what was scheduled to its number, and calls it off when they answer from another", async () => {
    const { kept, gone, privatePhone, workPhone } = await twoCards();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const early = (await send(gone.id, `early ${workPhone}`, { scheduledFor: later })).body.message;
    const unless = (
      await send(gone.id, "unless you answer", { scheduledFor: later, cancelOnReply: true })
    ).body.message;
    await merge(alice, kept.id, gone.id);
    await textFrom(privatePhone, "an answer from home");
    const called = (await thread(kept.id)).items.find(({ id }) => id === unless.id);
    expect(called?.status).toBe("canceled");
    const sent = await bob.api("POST", `${base}/messages/${early.id}/send-now`);
    expect(sent.body).toMatchObject({ contactId: kept.id, toNumber: workPhone });
    await settled(kept.id, 1);
    const reached = server.simulator?.messages().filter(({ body }) => body === early.content);
    expect(reached?.map(({ to }) => to)).toEqual([workPhone]);
  });

  it("brings files and words along, where search and the files of the conversation find them", async () => {
    const { kept, gone, workPhone } = await twoCards();
    const word = `Quincewood${workPhone.slice(-4)}`;
    await alice.api("POST", `${base}/simulator/texts`, {
      from: workPhone,
      to: number,
      body: word,
      media: [{ contentType: "text/plain", base64: Buffer.from("a list").toString("base64") }],
    });
    const path = `${base}/contacts/${kept.id}/merge?absorbedId=${gone.id}`;
    expect((await alice.api("GET", path)).body).toMatchObject({ messageCount: 2, fileCount: 1 });
    await merge(alice, kept.id, gone.id);
    const find = async () =>
      (await bob.api("GET", `${base}/search/messages?q=${word}`)).body.items.map(
        ({ contact }: { contact: Contact }) => contact.id,
      );
    expect(await find()).toEqual([kept.id]);
    const countFiles = async () =>
      (await bob.api("GET", `${base}/contacts/${kept.id}/media`)).body.items.length;
    await expect.poll(countFiles, { timeout: 20_000 }).toBe(1);
    await unmerge(alice, kept.id, gone.id);
    expect(await find()).toEqual([gone.id]);
  });

  // The embedded database has one connection, on which nobody can be in the way.
  if (kind === "postgres") {
    it("steps back for whoever is storing a report of a text", async () => {
      const { kept, gone } = await twoCards();
      const sent = (await send(gone.id, "reported")).body.message;
      await settled(gone.id, 1);
      const merging = await server.server.context.database.asSystem(async (trx) => {
        await sql`select from public.messages where id = ${sent.id} for update`.execute(trx);
        const answer = merge(alice, kept.id, gone.id);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await sql`select from public.contacts where id = ${gone.id} for update`.execute(trx);
        return { answer };
      });
      expect((await merging.answer).status).toBe(200);
      expect((await getContact(gone.id)).id).toBe(kept.id);
    });
  }

  it("is taken apart into exactly what it was, with what came since", async () => {
    const { kept, gone, workPhone, privatePhone } = await twoCards();
    const tag = (await alice.api("POST", `${base}/tags`, { name: `Trade ${workPhone}` })).body;
    await alice.api("PATCH", `${base}/contacts/${kept.id}`, { name: "Ann" });
    await alice.api("PATCH", `${base}/contacts/${gone.id}`, {
      name: "A. Baker",
      email: "a@b.test",
    });
    await alice.api("POST", `${base}/conversations/changes`, {
      changes: [
        { contactId: gone.id, set: { addTagIds: [tag.id], assignedTo: bob.userId } },
        { contactId: kept.id, set: { conversationStatus: "Pending" } },
      ],
    });
    await alice.api("POST", `${base}/contacts/${kept.id}/notes`, {
      id: randomUUID(),
      body: "kept",
    });
    await alice.api("POST", `${base}/contacts/${gone.id}/notes`, {
      id: randomUUID(),
      body: "gone",
    });
    const before = {
      kept: await getContact(kept.id),
      gone: await getContact(gone.id),
      keptThread: await thread(kept.id),
      goneThread: await thread(gone.id),
    };

    await merge(alice, kept.id, gone.id, { take: ["name"] });
    const undone = await unmerge(bob, kept.id, gone.id);
    expect(undone.status).toBe(200);
    const untimed = ({ updatedAt: _, ...rest }: Contact) => rest;
    expect(untimed(undone.body.contact)).toEqual(untimed(before.kept));
    expect(untimed(undone.body.restored)).toEqual(untimed(before.gone));
    for (const [id, was] of [
      [kept.id, before.keptThread],
      [gone.id, before.goneThread],
    ] as const) {
      const now = await thread(id);
      expect(now.items.map((row) => row.id)).toEqual(was.items.map((row) => row.id));
      expect(now.notes).toEqual(was.notes);
      expect(now.activities.filter(({ kind }) => !/merged/.test(kind))).toEqual(was.activities);
    }

    await merge(alice, kept.id, gone.id);
    await textFrom(workPhone, "since, from work");
    await send(kept.id, "since, to work", { to: workPhone });
    await textFrom(privatePhone, "since, from home");
    await alice.api("PATCH", `${base}/contacts/${kept.id}`, { email: "new@home.test" });
    await unmerge(alice, kept.id, gone.id);
    expect(await wordsOf(gone.id)).toEqual([
      `from ${workPhone}`,
      "since, from work",
      "since, to work",
    ]);
    expect(await wordsOf(kept.id)).toEqual([`from ${privatePhone}`, "since, from home"]);
    expect(await getContact(kept.id)).toMatchObject({
      email: "new@home.test",
      lastMessage: "since, from home",
      tagIds: [],
      otherNumbers: [],
    });
    expect(await getContact(gone.id)).toMatchObject({
      email: "a@b.test",
      lastMessage: "since, to work",
      waitingSince: null,
      tagIds: [tag.id],
    });
    const once = await unmerge(alice, kept.id, gone.id);
    expect([once.status, once.body.code]).toEqual([409, "conflict"]);
  });

  it("splits what is unread between the two", async () => {
    const { kept, gone, workPhone } = await twoCards();
    await alice.api("POST", `${base}/contacts/${kept.id}/read`, {});
    await merge(alice, kept.id, gone.id);
    await textFrom(workPhone, "again");
    const { body } = await unmerge(alice, kept.id, gone.id);
    expect([body.contact.unreadCount, body.restored.unreadCount]).toEqual([0, 2]);
  });

  it("may hold more than two, and each goes its own way again", async () => {
    const [a, b, c] = [newPhone(), newPhone(), newPhone()];
    const cards = [await textFrom(a, "A"), await textFrom(b, "B"), await textFrom(c, "C")];
    const [first, second, third] = cards.map(({ id }) => id) as [string, string, string];
    await merge(alice, second, third);
    await merge(alice, first, second);
    expect((await getContact(third)).id).toBe(first);
    expect((await textFrom(c, "C again")).id).toBe(first);
    expect(await wordsOf(first)).toEqual(["A", "B", "C", "C again"]);
    const apart = await unmerge(alice, first, second);
    expect(apart.body.restored.otherNumbers).toMatchObject([{ contactId: third }]);
    expect(await wordsOf(second)).toEqual(["B", "C", "C again"]);
    await unmerge(alice, second, third);
    expect(await wordsOf(third)).toEqual(["C", "C again"]);
    expect(await wordsOf(second)).toEqual(["B"]);
  });

  it("loses and doubles no text that arrives while it is merged and taken apart", async () => {
    const { kept, gone, privatePhone, workPhone } = await twoCards();
    const texts = Array.from({ length: 30 }, (_, at) => ({
      phone: at % 2 === 0 ? privatePhone : workPhone,
      body: `text ${at}`,
    }));
    const work = async () => {
      for (let round = 0; round < 3; round++) {
        expect((await merge(alice, kept.id, gone.id)).status).toBe(200);
        if (round < 2) expect((await unmerge(bob, kept.id, gone.id)).status).toBe(200);
      }
    };
    await Promise.all([
      work(),
      ...texts.map(({ phone, body }) =>
        alice.api("POST", `${base}/simulator/texts`, { from: phone, to: number, body }),
      ),
    ]);
    const words = (await wordsOf(kept.id)).filter((word) => word.startsWith("text"));
    expect(words.toSorted()).toEqual(texts.map(({ body }) => body).toSorted());
    expect((await getContact(kept.id)).unreadCount).toBe(texts.length + 2);
    await unmerge(alice, kept.id, gone.id);
    const ofWork = (await wordsOf(gone.id)).filter((word) => word.startsWith("text"));
    expect(ofWork).toHaveLength(15);
    expect((await getContact(gone.id)).unreadCount).toBe(16);
  });

  it("sends what is under way once, to the number it was written to", async () => {
    const { kept, gone, workPhone } = await twoCards();
    const bodies = Array.from({ length: 8 }, (_, at) => `under way ${at} ${workPhone}`);
    const [sent] = await Promise.all([
      Promise.all(bodies.map((body) => send(gone.id, body))),
      merge(alice, kept.id, gone.id),
    ]);
    expect(sent.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    await settled(kept.id, bodies.length);
    const created = server.simulator?.messages().filter(({ body }) => bodies.includes(body)) ?? [];
    expect(created.map(({ body }) => body).toSorted()).toEqual(bodies.toSorted());
    expect(new Set(created.map(({ to }) => to))).toEqual(new Set([workPhone]));
  });

  it("is decided by the first of two who merge it crosswise", async () => {
    const { kept, gone } = await twoCards();
    const answers = await Promise.all([
      merge(alice, kept.id, gone.id),
      merge(bob, gone.id, kept.id),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const stayed = await getContact(kept.id);
    expect([stayed.id, (await getContact(gone.id)).id]).toEqual([stayed.id, stayed.id]);
    expect(await wordsOf(stayed.id)).toHaveLength(2);
  });

  it("keeps a note that was begun before, and an import that names the second number", async () => {
    const { kept, gone, workPhone } = await twoCards();
    await merge(alice, kept.id, gone.id);
    const note = await bob.api("POST", `${base}/contacts/${gone.id}/notes`, {
      id: randomUUID(),
      body: "begun before",
    });
    expect(note.body.contactId).toBe(kept.id);
    const taken = await alice.api("POST", `${base}/contacts`, { phoneNumber: workPhone });
    expect(taken.body.code).toBe("phone_number_taken");
    const started = await alice.api("POST", `${base}/contact-imports`, {
      id: randomUUID(),
      fileName: "people.csv",
    });
    const rows = [{ row: 1, phoneNumber: workPhone, name: "Ann from a file" }];
    const imported = await alice.api("POST", `${base}/contact-imports/${started.body.id}/rows`, {
      rows,
      defaultCountry: "US",
    });
    expect(imported.body.items[0]).toMatchObject({
      outcome: "update",
    });
    expect((await getContact(kept.id)).name).toBe("Ann from a file");
  });

  it("is deleted and restored with every number", async () => {
    const { kept, gone, workPhone } = await twoCards();
    await textFrom(workPhone, "STOP");
    await merge(alice, kept.id, gone.id);
    await alice.api("DELETE", `${base}/contacts/${kept.id}`);
    expect((await alice.api("GET", `${base}/contacts/${gone.id}`)).status).toBe(404);
    await alice.api("POST", `${base}/contacts/${kept.id}/restore`);
    expect((await getContact(gone.id)).otherNumbers).toMatchObject([{ phoneNumber: workPhone }]);
    await alice.api("DELETE", `${base}/contacts/${kept.id}`);
    const anew = await textFrom(workPhone, "hello again");
    expect([anew.id === kept.id, anew.id === gone.id]).toEqual([false, false]);
    expect(anew.optedOutAt, "the STOP outlives the contact").not.toBeNull();
  });

  it("is suggested by e-mail and name, until people say that they are two", async () => {
    const { kept, gone } = await twoCards();
    const third = await textFrom(newPhone(), "third");
    await alice.api("PATCH", `${base}/contacts/${kept.id}`, {
      name: "Zoë  Winter",
      email: "Zoe@winter.test",
    });
    await alice.api("PATCH", `${base}/contacts/${gone.id}`, { email: "zoe@winter.test" });
    await alice.api("PATCH", `${base}/contacts/${third.id}`, { name: "zoe winter" });
    const of = async (id: string) =>
      (await bob.api("GET", `${base}/duplicates?contactId=${id}`)).body.items.map(
        (item: { other: Contact; reason: string }) => [item.other.id, item.reason],
      );
    expect(await of(kept.id)).toEqual([
      [gone.id, "email"],
      [third.id, "name"],
    ]);
    const all = (await bob.api("GET", `${base}/duplicates`)).body.items;
    expect(
      all.some(({ contact, other }: { contact: Contact; other: Contact }) =>
        [contact.id, other.id].every((id) => [kept.id, third.id].includes(id)),
      ),
    ).toBe(true);
    await alice.api("PATCH", `${base}/contacts/${kept.id}`, { company: "Winter" });
    await alice.api("PATCH", `${base}/contacts/${third.id}`, { company: "Summer" });
    expect(await of(kept.id), "another company, another person").toEqual([[gone.id, "email"]]);
    const dismissal = { contactId: gone.id, otherId: kept.id };
    const dismissed = await bob.api("POST", `${base}/duplicates/dismissals`, dismissal);
    expect(dismissed.status).toBe(204);
    expect(await of(kept.id)).toEqual([]);
    await alice.api("PATCH", `${base}/contacts/${third.id}`, { company: null });
    await merge(alice, kept.id, third.id);
    expect(await of(kept.id), "who is one already is suggested no more").toEqual([]);
  });

  it("refuses what can't be one", async () => {
    const { kept, gone } = await twoCards();
    expect((await merge(alice, kept.id, kept.id)).body.code).toBe("invalid_request");
    expect((await merge(alice, kept.id, randomUUID())).body.code).toBe("contact_not_found");
    const other = await textFrom(newPhone(), "other");
    await merge(alice, kept.id, gone.id);
    expect((await merge(alice, other.id, gone.id)).body.code).toBe("conflict");
    const bad = await merge(alice, kept.id, other.id, { take: ["phoneNumber"] });
    expect([bad.status, bad.body.code]).toEqual([400, "invalid_request"]);
  });

  it("lets no stranger merge, look or learn that there is something", async () => {
    const { kept, gone } = await twoCards();
    const theirs = (await carol.api("POST", "/api/workspaces", { name: "Other" })).body.id;
    const own = (
      await carol.api("POST", `/api/workspaces/${theirs}/contacts`, { phoneNumber: newPhone() })
    ).body;
    expect((await merge(carol, kept.id, gone.id)).status).toBe(404);
    expect((await unmerge(carol, kept.id, gone.id)).status).toBe(404);
    expect((await carol.api("GET", `${base}/duplicates`)).body.items ?? []).toEqual([]);
    const across = `/api/workspaces/${theirs}/contacts/${own.id}/merge`;
    const stolen = await carol.api("POST", across, { absorbedId: gone.id });
    expect([stolen.status, stolen.body.code]).toEqual([404, "contact_not_found"]);
    expect((await carol.api("GET", `${across}?absorbedId=${gone.id}`)).status).toBe(404);
    await merge(alice, kept.id, gone.id);
    const followed = await carol.api("GET", `/api/workspaces/${theirs}/contacts/${gone.id}`);
    expect(followed.status).toBe(404);
  });

  it("ends every browser equal to a fresh load", async () => {
    const { kept, gone, workPhone } = await twoCards();
    const view: SavedView = (
      await alice.api("POST", `${base}/saved-views`, {
        id: randomUUID(),
        name: "Unread",
        filter: { view: "open", sort: "recent", isUnread: true },
      })
    ).body;
    await alice.api("POST", `${base}/contacts/${kept.id}/read`, {});
    const load = async (): Promise<InboxState> => {
      const page = (await alice.api("GET", `${base}/contacts?limit=100`)).body;
      const threads = new Map<string, Message[]>();
      for (const id of [kept.id, gone.id]) {
        const answer = await alice.api("GET", `${base}/contacts/${id}/messages`);
        if (answer.status === 200) threads.set(id, answer.body.items);
      }
      return buildInboxState({
        epoch: page.epoch,
        lastSeq: page.asOfSeq,
        contacts: new Map(page.items.map((row: Contact) => [row.id, row])),
        threads,
        counts: page.counts,
      });
    };
    let old = await load();
    const steps = [
      () => merge(alice, kept.id, gone.id),
      () => textFrom(workPhone, "after"),
      () => unmerge(bob, kept.id, gone.id),
      () => textFrom(workPhone, "apart"),
      () => merge(bob, gone.id, kept.id),
    ];
    for (const step of steps) {
      await step();
      const { events } = (await alice.api("GET", `${base}/events?after=${old.lastSeq}`)).body;
      const told = events.reduce(
        (state: InboxState, event: LogEvent) => applyEvent(state, event).state,
        old,
      );
      const fresh = await load();
      expect(told.contacts).toEqual(fresh.contacts);
      expect(told.counts).toEqual(fresh.counts);
      for (const [id, items] of told.threads) expect(items).toEqual(fresh.threads.get(id));
      for (const view of contactView.options) {
        const inView = [...fresh.contacts.values()].filter((row) =>
          isInView(row, view, alice.userId),
        );
        expect(fresh.counts[countKey(view, alice.userId)] ?? 0, view).toBe(inView.length);
      }
      const inSaved = [...fresh.contacts.values()].filter(
        (row) => isInView(row, "open", alice.userId) && fitsFilter(row, view.filter),
      );
      expect(fresh.counts[savedViewKey(view, alice.userId)] ?? 0).toBe(inSaved.length);
      old = fresh;
    }
  });
});
