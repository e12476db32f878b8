import { type ChildProcess, spawn } from "node:child_process";
import { get as httpGet } from "node:http";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Activity,
  applyEvent,
  type Contact,
  type InboxState,
  type LogEvent,
  type Message,
  type Note,
  type PresentPerson,
  type Problem,
} from "@livechat/shared";
import { buildInboxState } from "@livechat/shared/testing";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { markOptedOut, undoOptOut } from "../src/messages/change-opt-out.ts";
import { quarantineReceipt } from "../src/twilio/quarantine-receipt.ts";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
  type Tab,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

const soon = { timeout: 5_000, interval: 10 };

describe.each(databaseKinds)("the live inbox on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;
  const tabs: Tab[] = [];
  let nextPhone = 1_000;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer({ heartbeatEveryMs: 300 });
  });
  afterEach(() => {
    for (const { socket } of tabs.splice(0)) socket.disconnect();
  });
  afterAll(() => stage.close());

  async function open(person: Person, at = server): Promise<Tab> {
    const tab = await stage.connect(at, person);
    tabs.push(tab);
    return tab;
  }

  async function openIn(workspaceId: string, person: Person, at = server) {
    const tab = await open(person, at);
    const joined = await tab.ask("join_workspace", { workspaceId });
    if (!joined.ok) throw new Error(joined.problem.code);
    return { ...tab, ...joined.result };
  }

  function makePhone(): string {
    nextPhone += 1;
    return `+1303555${nextPhone}`;
  }

  const seqs = (tab: Tab) => tab.events.map((event) => event.seq);

  it("brings every text to both members' tabs in order, and nothing to a stranger", async () => {
    const [alice, bob, carol] = [
      await openIn(stage.acme, stage.alice),
      await openIn(stage.acme, stage.bob),
      await openIn(stage.other, stage.carol),
    ];
    expect(await carol.ask("join_workspace", { workspaceId: stage.acme })).toMatchObject({
      ok: false,
      problem: { code: "workspace_not_found", status: 404 },
    });
    const phone = makePhone();
    const bodies = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    await Promise.all(bodies.map((body) => stage.receive(stage.acme, phone, body)));
    for (const tab of [alice, bob]) {
      await vi.waitFor(() => expect(tab.events).toHaveLength(20), soon);
      expect(seqs(tab)).toEqual(bodies.map((_, index) => alice.head + 1 + index));
      const received = tab.events.map((event) => (event.payload as { message: Message }).message);
      expect(received.map((each) => each.content).sort()).toEqual([...bodies].sort());
      expect(tab.events.every((event) => event.type === "new_message")).toBe(true);
    }
    await stage.receive(stage.other, phone, "for carol");
    await vi.waitFor(() => expect(carol.events).toHaveLength(1), soon);
    expect(JSON.stringify(carol.events)).not.toContain("text ");
    expect(alice.events).toHaveLength(20);
  });

  it("takes a removed member out within 2 s, tells no more, and does not let back in", async () => {
    const workspaceId = await addWorkspace(stage, [stage.alice, stage.bob]);
    const alice = await openIn(workspaceId, stage.alice);
    const bob = await openIn(workspaceId, stage.bob);
    const left: unknown[] = [];
    bob.socket.on("workspace_left", (event) => left.push(event));
    await stage.removeMember(workspaceId, stage.bob);
    await vi.waitFor(() => expect(left).toEqual([{ workspaceId, reason: "removed" }]), {
      timeout: 2_000,
      interval: 10,
    });
    await stage.receive(workspaceId, makePhone(), "after");
    await vi.waitFor(() => expect(alice.events).toHaveLength(2), soon);
    expect(alice.events.map((event) => event.type)).toEqual(["member_removed", "new_message"]);
    await wait(100);
    expect(bob.events).toEqual([]);
    expect(await bob.ask("join_workspace", { workspaceId })).toMatchObject({
      problem: { code: "workspace_not_found" },
    });
    expect(await bob.ask("viewing", { workspaceId, contactId: null })).toMatchObject({
      problem: { code: "workspace_not_found" },
    });
    const events = await stage.api(
      server,
      stage.bob,
      "GET",
      `/api/workspaces/${workspaceId}/events?after=0`,
    );
    expect(events.status).toBe(404);
  });

  it("takes out who was removed past our own routes, with a heartbeat", async () => {
    const workspaceId = await addWorkspace(stage, [stage.alice, stage.bob]);
    const bob = await openIn(workspaceId, stage.bob);
    const left = vi.fn();
    bob.socket.on("workspace_left", left);
    await sql`
      delete from public.workspace_members
      where workspace_id = ${workspaceId} and user_id = ${stage.bob.userId}
    `.execute(stage.database.kysely);
    await vi.waitFor(() => expect(left).toHaveBeenCalledOnce(), soon);
  });

  it("lets a browser that was away end equal to a fresh load", async () => {
    const phones = [makePhone(), makePhone(), makePhone()];
    const { contactId } = await stage.receive(stage.acme, phones[0] ?? "", "before");
    const first = await openIn(stage.acme, stage.alice);
    let state = await load(stage, server, stage.acme, [contactId]);
    first.socket.disconnect();
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        index % 5 === 4
          ? stage.api(
              server,
              stage.bob,
              "POST",
              `/api/workspaces/${stage.acme}/contacts/${contactId}/read`,
              {},
            )
          : stage.receive(stage.acme, phones[index % 3] ?? "", `away ${index}`),
      ),
    );
    const again = await openIn(stage.acme, stage.alice);
    expect(again.head).toBeGreaterThanOrEqual(state.lastSeq + 20);
    await stage.receive(stage.acme, phones[0] ?? "", "back");
    await vi.waitFor(() => expect(again.events.length).toBeGreaterThan(0), soon);
    const missed = await stage.catchUp(server, stage.alice, stage.acme, state.lastSeq);
    for (const event of [...missed, ...(again.events as LogEvent[])]) {
      const applied = applyEvent(state, event);
      expect(applied.outcome).not.toBe("gap");
      state = applied.state;
    }
    const fresh = await load(stage, server, stage.acme, [contactId]);
    expect(state.lastSeq).toBe(fresh.lastSeq);
    expect(state.threads).toEqual(fresh.threads);
    expect(state.contacts).toEqual(fresh.contacts);
  });

  it("brings a reaction, an opt-out and the quarantine to both agents, equal to a fresh load", async () => {
    const phone = makePhone();
    const { contactId } = await stage.receive(stage.acme, phone, "Can I come at nine?");
    const [alice, bob, carol] = [
      await openIn(stage.acme, stage.alice),
      await openIn(stage.acme, stage.bob),
      await openIn(stage.other, stage.carol),
    ];
    let state = await load(stage, server, stage.acme, [contactId]);
    await stage.receive(stage.acme, phone, "Liked “Can I come at nine?”");
    await stage.receive(stage.acme, phone, "Removed a like from “Can I come at nine?”");
    await stage.receive(stage.acme, phone, "Loved “Can I come at nine?”");
    const change = { workspaceId: stage.acme, contactId, note: "asked" };
    await markOptedOut(stage.database, stage.bob.userId, change);
    await undoOptOut(stage.database, stage.alice.userId, change);
    await stage.receive(stage.acme, phone, "STOP");
    await quarantineReceipt(stage.database, {
      workspaceId: stage.acme,
      kind: "inbound",
      body: Buffer.from(`From=${phone}`),
      headers: {},
      reason: "x",
      accountSid: null,
      messageSid: null,
    });
    for (const tab of [alice, bob]) {
      await vi.waitFor(() => {
        expect(tab.events.at(-1)?.type).toBe("quarantine_changed");
      }, soon);
    }
    for (const event of alice.events as LogEvent[]) state = applyEvent(state, event).state;
    const fresh = await load(stage, server, stage.acme, [contactId]);
    expect(state.threads).toEqual(fresh.threads);
    expect(state.contacts).toEqual(fresh.contacts);
    expect(state.lastSeq).toBe(fresh.lastSeq);
    expect(state.quarantine).toEqual({ openCount: 1 });
    const [asked] = state.threads.get(contactId) ?? [];
    expect(asked?.reactions.map(({ emoji }) => emoji)).toEqual(["❤️"]);
    expect(state.contacts.get(contactId)?.optedOutAt).not.toBeNull();
    expect(carol.events).toEqual([]);
  });

  it("leaves no gap between what join returns and what comes live", async () => {
    const phone = makePhone();
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        await stage.receive(stage.acme, phone, "again");
        // The embedded database answers without ever letting the network run.
        await wait(1);
      }
    })();
    const joined = [];
    for (let round = 0; round < 6; round += 1) joined.push(await openIn(stage.acme, stage.alice));
    isOver = true;
    await writing;
    const { body } = await stage.api(
      server,
      stage.alice,
      "GET",
      `/api/workspaces/${stage.acme}/events?after=0&limit=1`,
    );
    for (const tab of joined) {
      await vi.waitFor(() => expect(tab.events.at(-1)?.seq ?? tab.head).toBe(body.head), soon);
      const live = seqs(tab).filter((seq) => seq > tab.head);
      expect(live).toEqual(live.map((_, index) => tab.head + 1 + index));
    }
  });

  it("sends a text by socket as by REST: acknowledged, announced, refused with a reason", async () => {
    const { contactId } = await stage.receive(stage.acme, makePhone(), "Hi");
    const alice = await openIn(stage.acme, stage.alice);
    const [sent, failed] = [vi.fn(), vi.fn()];
    alice.socket.on("message_sent", sent).on("message_error", failed);
    const id = crypto.randomUUID();
    const refused = await alice.ask("send_message", {
      id,
      workspaceId: stage.other,
      contactId,
      message: "x",
    });
    expect(refused).toMatchObject({ ok: false });
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce(), soon);
    expect(failed.mock.calls[0]?.[0]).toMatchObject({
      id,
      problem: refused.ok ? {} : { code: refused.problem.code },
    });
    expect(sent).not.toHaveBeenCalled();

    await stage.connectCarrier(stage.acme);
    const ask = { id, workspaceId: stage.acme, contactId, message: "Hello" };
    const [once, twice] = [
      await alice.ask("send_message", ask),
      await alice.ask("send_message", ask),
    ];
    for (const answer of [once, twice]) {
      expect(answer).toMatchObject({ ok: true, result: { success: true, message: { id } } });
    }
    await vi.waitFor(() => expect(sent).toHaveBeenCalledTimes(2), soon);
    await vi.waitFor(
      () => expect(alice.events.filter((each) => each.type === "new_message")).toHaveLength(1),
      soon,
    );
  });

  it("shows who is here, what they look at and that they type", async () => {
    const { contactId } = await stage.receive(stage.acme, makePhone(), "Hi");
    const foreign = await stage.receive(stage.other, makePhone(), "Hi");
    const alice = await openIn(stage.acme, stage.alice);
    let people: PresentPerson[] = [];
    alice.socket.on("presence", (event) => {
      people = event.people;
    });
    const find = (person: Person) => people.find((each) => each.userId === person.userId);
    const bob = await openIn(stage.acme, stage.bob);
    expect(bob.people.map((each) => each.displayName).sort()).toEqual(["alice", "bob"]);
    await bob.ask("viewing", { workspaceId: stage.acme, contactId });
    await bob.ask("typing", { workspaceId: stage.acme, contactId, isTyping: true });
    await vi.waitFor(
      () =>
        expect(find(stage.bob)).toMatchObject({
          viewingContactId: contactId,
          typingContactId: contactId,
        }),
      soon,
    );
    for (const name of ["typing", "viewing"] as const) {
      const ask = { workspaceId: stage.acme, contactId: foreign.contactId, isTyping: true };
      expect(await bob.ask(name, ask)).toMatchObject({ problem: { code: "contact_not_found" } });
      expect(await bob.ask(name, { ...ask, workspaceId: stage.other })).toMatchObject({
        problem: { code: "workspace_not_found" },
      });
    }
    await vi.waitFor(() => expect(find(stage.bob)?.typingContactId).toBeNull(), {
      timeout: 9_000,
      interval: 50,
    });
    expect(find(stage.bob)?.isAway).toBe(false);
    await bob.ask("away", { workspaceId: stage.acme, isAway: true });
    await vi.waitFor(() => expect(find(stage.bob)?.isAway).toBe(true), soon);
    expect(await bob.ask("leave_workspace", { workspaceId: stage.acme })).toEqual({
      ok: true,
      result: null,
    });
    await vi.waitFor(() => expect(find(stage.bob)).toBeUndefined(), soon);
    expect(find(stage.alice)).toBeDefined();
  });

  it("answers garbage with a problem, without an acknowledgement with nothing, and lives on", async () => {
    const alice = await openIn(stage.acme, stage.alice);
    const raw = alice.socket as unknown as {
      emit(name: string, ...args: unknown[]): void;
      timeout(ms: number): { emitWithAck(name: string, ...args: unknown[]): Promise<unknown> };
    };
    const garbage = [
      null,
      0,
      "x",
      [],
      {},
      { workspaceId: "1" },
      { __proto__: null },
      Buffer.from("x"),
    ];
    const asks = [
      "join_workspace",
      "leave_workspace",
      "send_message",
      "typing",
      "viewing",
      "renew_token",
    ];
    for (const name of asks) {
      for (const payload of garbage) {
        expect(await raw.timeout(5_000).emitWithAck(name, payload)).toMatchObject({
          ok: false,
          problem: { code: "invalid_request" },
        });
      }
      raw.emit(name);
      raw.emit(name, { workspaceId: stage.acme, contactId: null }, 1, 2, 3);
    }
    for (const name of ["nonsense", "constructor", "__proto__", "toString"]) {
      expect(await raw.timeout(5_000).emitWithAck(name, {})).toMatchObject({
        problem: { code: "invalid_request" },
      });
      raw.emit(name);
    }
    expect(await alice.ask("join_workspace", { workspaceId: stage.acme })).toMatchObject({
      ok: true,
    });
  });

  it("limits what one person asks", async () => {
    const carol = await openIn(stage.other, stage.carol);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        carol.ask("viewing", { workspaceId: stage.other, contactId: null }),
      ),
    );
    const refused = answers.filter((each) => !each.ok);
    expect(refused.length).toBeGreaterThan(40);
    expect(refused[0]).toMatchObject({ problem: { code: "rate_limited", status: 429 } });
  });

  it("refuses a forged origin, a missing token and a stranger's token", async () => {
    const fail = async (tab: Tab) => {
      tabs.push(tab);
      const error = await new Promise<Error & { data?: Problem }>((resolve, reject) => {
        tab.socket.once("connect_error", resolve);
        tab.socket.once("connect", () => reject(new Error("It was let in.")));
      });
      return error.data?.code ?? "refused";
    };
    const token = await stage.signToken(stage.alice);
    const from = (origin: string) => ({ extraHeaders: { origin } });
    expect(await fail(stage.dial(server, token, from("https://evil.test")))).toBe("refused");
    expect(await fail(stage.dial(server, token, from("null")))).toBe("refused");
    expect(
      await fail(
        stage.dial(server, token, { ...from("https://evil.test"), transports: ["polling"] }),
      ),
    ).toBe("refused");
    expect(await fail(stage.dial(server, ""))).toBe("not_authenticated");
    expect(await fail(stage.dial(server, `${token}x`))).toBe("not_authenticated");
    expect(await fail(stage.dial(server, await stage.signToken(stage.alice, -5)))).toBe(
      "token_expired",
    );
    const own = await stage.connect(server, stage.alice, from(server.baseUrl));
    expect(own.socket.connected).toBe(true);
    own.socket.disconnect();
  });

  it("works by polling too, where WebSockets do not get through", async () => {
    const tab = await stage.connect(server, stage.alice, { transports: ["polling"] });
    tabs.push(tab);
    await tab.ask("join_workspace", { workspaceId: stage.acme });
    await stage.receive(stage.acme, makePhone(), "polled");
    await vi.waitFor(() => expect(tab.events).toHaveLength(1), soon);
  });

  it("ends the socket when its token ends", async () => {
    const tab = stage.dial(server, await stage.signToken(stage.alice, 2));
    tabs.push(tab);
    const problems: string[] = [];
    tab.socket.on("error", ({ problem }) => problems.push(problem.code));
    await vi.waitFor(() => expect(tab.socket.connected).toBe(true), soon);
    await vi.waitFor(() => expect(tab.socket.connected).toBe(false), soon);
    expect(problems).toEqual(["token_expired"]);
  });

  it("keeps the socket for as long as a newer token of the same person lasts", async () => {
    const tab = stage.dial(server, await stage.signToken(stage.alice, 2));
    tabs.push(tab);
    const problems: string[] = [];
    tab.socket.on("error", ({ problem }) => problems.push(problem.code));
    await vi.waitFor(() => expect(tab.socket.connected).toBe(true), soon);
    expect(
      await tab.ask("renew_token", { token: await stage.signToken(stage.carol) }),
    ).toMatchObject({ ok: false, problem: { code: "not_authenticated" } });
    expect(
      await tab.ask("renew_token", { token: await stage.signToken(stage.alice, 4) }),
    ).toMatchObject({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(tab.socket.connected).toBe(true);
    await vi.waitFor(() => expect(tab.socket.connected).toBe(false), soon);
    expect(problems).toEqual(["token_expired"]);
  });

  it("tells with each heartbeat where the log ends", async () => {
    const alice = await openIn(stage.acme, stage.alice);
    const beats: { workspaceId: string; epoch: string; head: number }[] = [];
    alice.socket.on("heartbeat", (beat) => beats.push(beat));
    await stage.receive(stage.acme, makePhone(), "tick");
    await vi.waitFor(() => expect(beats.at(-1)?.head).toBe(alice.head + 1), soon);
    expect(beats.at(-1)).toMatchObject({ workspaceId: stage.acme, epoch: alice.epoch });
  });

  it("tells browsers that the log is another one, and goes on with it", async () => {
    const workspaceId = await addWorkspace(stage, [stage.alice]);
    await stage.receive(workspaceId, makePhone(), "old");
    const alice = await openIn(workspaceId, stage.alice);
    const epochs = new Set<string>();
    alice.socket.on("heartbeat", (beat) => epochs.add(beat.epoch));
    // As after a restore: an older log under a new name.
    await sql`delete from public.workspace_events where workspace_id = ${workspaceId}`.execute(
      stage.database.kysely,
    );
    const epoch = crypto.randomUUID();
    await sql`
      update public.workspace_streams set epoch = ${epoch}, last_seq = 0
      where workspace_id = ${workspaceId}
    `.execute(stage.database.kysely);
    await vi.waitFor(() => expect([...epochs]).toContain(epoch), soon);
    await stage.receive(workspaceId, makePhone(), "new");
    await vi.waitFor(() => expect(alice.events.at(-1)).toMatchObject({ seq: 1, epoch }), soon);
  });

  it("cuts off a browser that does not read, and serves the others", async () => {
    const workspaceId = await addWorkspace(stage, [stage.alice, stage.bob]);
    const alice = await openIn(workspaceId, stage.alice);
    const bob = await openIn(workspaceId, stage.bob);
    const { ws } = bob.socket.io.engine.transport as unknown as { ws: { pause(): void } };
    ws.pause();
    const before = alice.people.length;
    expect(before).toBe(1);
    let people: PresentPerson[] = [];
    alice.socket.on("presence", (event) => {
      people = event.people;
    });
    await vi.waitFor(() => expect(people).toHaveLength(2), soon);
    const body = "x".repeat(60_000);
    const phone = makePhone();
    for (let sent = 1; people.length === 2 && sent <= 400; sent += 1) {
      await stage.receive(workspaceId, phone, body);
      await wait(5);
    }
    await vi.waitFor(() => expect(people).toHaveLength(1), soon);
    const { body: page } = await stage.api(
      server,
      stage.alice,
      "GET",
      `/api/workspaces/${workspaceId}/events?after=0&limit=1`,
    );
    await vi.waitFor(() => expect(alice.events.at(-1)?.seq).toBe(page.head), soon);
    expect(alice.events).toHaveLength(page.head);
  });

  it("lets browsers come back by themselves when the server stops", async () => {
    const second = await stage.startServer();
    const tab = await openIn(stage.acme, stage.alice, second);
    const reasons: string[] = [];
    tab.socket.on("disconnect", (reason) => reasons.push(reason));
    await second.close();
    await vi.waitFor(() => expect(reasons).toHaveLength(1), soon);
    // Any reason but "io server disconnect", after which a client stays away.
    expect(reasons[0]).toMatch(/^transport/);
  });
});

describe("several servers on one Postgres", () => {
  let stage: LiveStage;
  beforeAll(async () => {
    stage = await openLiveStage("postgres");
  });
  afterAll(() => stage.close());

  async function openIn(server: LiveTestServer, person: Person) {
    const tab = await stage.connect(server, person);
    const joined = await tab.ask("join_workspace", { workspaceId: stage.acme });
    if (!joined.ok) throw new Error(joined.problem.code);
    return { ...tab, ...joined.result };
  }

  it("deliver each other's events at once by NOTIFY, in order", async () => {
    const another = stage.openAnother();
    // No poll within this test's time: only the wake-ups can bring anything.
    const one = await stage.startServer({ pollEveryMs: 60_000 });
    const two = await stage.startServer({ pollEveryMs: 60_000, database: another });
    const [alice, bob] = [await openIn(one, stage.alice), await openIn(two, stage.bob)];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stage.receive(stage.acme, "+13035550001", `${index}`, index % 2 ? another : stage.database),
      ),
    );
    for (const tab of [alice, bob]) {
      await vi.waitFor(() => expect(tab.events).toHaveLength(20), soon);
      const seqs = tab.events.map((event) => event.seq);
      expect(seqs).toEqual(seqs.map((_, index) => tab.head + 1 + index));
    }
    await one.close();
    await two.close();
  });

  it("deliver by the poll alone, and take a removed member out within 2 s", async () => {
    const another = stage.openAnother();
    const server = await stage.startServer({ isListening: false, database: another });
    const [alice, bob] = [await openIn(server, stage.alice), await openIn(server, stage.bob)];
    await stage.receive(stage.acme, "+13035550002", "polled");
    await vi.waitFor(() => expect(alice.events).toHaveLength(1), soon);
    const left = vi.fn();
    bob.socket.on("workspace_left", left);
    await stage.removeMember(stage.acme, stage.bob);
    await vi.waitFor(() => expect(left).toHaveBeenCalledOnce(), { timeout: 2_000, interval: 10 });
    await server.close();
  });

  it("share who is here through Redis, and deliver on without it", async () => {
    const { url, process: redis } = await startRedis();
    try {
      const [one, two] = [
        await stage.startServer({ redisUrl: url }),
        await stage.startServer({ redisUrl: url, database: stage.openAnother() }),
      ];
      const alice = await openIn(one, stage.alice);
      let people: PresentPerson[] = [];
      alice.socket.on("presence", (event) => {
        people = event.people;
      });
      const second = await openIn(two, stage.alice);
      const { contactId } = await stage.receive(stage.acme, "+13035550003", "Hi");
      await second.ask("viewing", { workspaceId: stage.acme, contactId });
      await vi.waitFor(
        () => expect(people).toMatchObject([{ displayName: "alice", viewingContactId: contactId }]),
        soon,
      );
      await vi.waitFor(() => expect(second.events).toHaveLength(1), soon);
      expect(alice.events).toHaveLength(1);

      redis.kill("SIGKILL");
      await wait(200);
      await stage.receive(stage.acme, "+13035550003", "still");
      await second.ask("viewing", { workspaceId: stage.acme, contactId: null });
      for (const tab of [alice, second]) {
        await vi.waitFor(() => expect(tab.events).toHaveLength(2), soon);
      }
      await one.close();
      await two.close();
    } finally {
      redis.kill("SIGKILL");
    }
  });
});

it("answers a handshake over plain HTTP from elsewhere with 403", async () => {
  const stage = await openLiveStage("embedded");
  try {
    const server = await stage.startServer();
    const status = await new Promise((resolve, reject) => {
      httpGet(
        `${server.baseUrl}/socket.io/?EIO=4&transport=polling`,
        { headers: { origin: "https://evil.test" } },
        (response) => resolve(response.resume().statusCode),
      ).on("error", reject);
    });
    expect(status).toBe(403);
  } finally {
    await stage.close();
  }
});

async function addWorkspace(stage: LiveStage, members: readonly Person[]): Promise<string> {
  const workspaceId = crypto.randomUUID();
  await sql`insert into public.workspaces (id, name) values (${workspaceId}, 'W')`.execute(
    stage.database.kysely,
  );
  for (const [index, { userId }] of members.entries()) {
    await sql`
      insert into public.workspace_members (workspace_id, user_id, role)
      values (${workspaceId}, ${userId}, ${index === 0 ? "owner" : "agent"})
    `.execute(stage.database.kysely);
  }
  return workspaceId;
}

/** What a browser knows after loading everything. */
async function load(
  stage: LiveStage,
  server: LiveTestServer,
  workspaceId: string,
  contactIds: readonly string[],
): Promise<InboxState> {
  const base = `/api/workspaces/${workspaceId}/contacts`;
  const { body } = await stage.api(server, stage.alice, "GET", `${base}?limit=100`);
  const threads = new Map<string, Message[]>();
  const notes = new Map<string, Note[]>();
  const activities = new Map<string, Activity[]>();
  for (const id of contactIds) {
    const page = await stage.api(server, stage.alice, "GET", `${base}/${id}/messages?limit=100`);
    threads.set(id, page.body.items);
    notes.set(id, page.body.notes);
    activities.set(id, page.body.activities);
  }
  return buildInboxState({
    epoch: body.epoch,
    lastSeq: body.asOfSeq,
    contacts: new Map(body.items.map((each: Contact) => [each.id, each])),
    threads,
    notes,
    activities,
    counts: body.counts,
  });
}

async function startRedis(): Promise<{ url: string; process: ChildProcess }> {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
  const started = spawn("redis-server", ["--port", `${port}`, "--save", "", "--bind", "127.0.0.1"]);
  await new Promise<void>((resolve, reject) => {
    started.once("error", reject);
    started.stdout.on("data", (text) => {
      if (`${text}`.includes("Ready to accept connections")) resolve();
    });
  });
  return { url: `redis://127.0.0.1:${port}`, process: started };
}
