import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Browser, loadFresh, openBrowser } from "../load/browser.ts";
import { createContactNumbers } from "../load/numbers.ts";
import { openTeam, type Team } from "../stage/people.ts";
import { ageWhatWasLeft, requestSweep, waitUntilQuiet } from "../stage/settle.ts";
import { openStage, type Stage } from "../stage/stage.ts";

let stage: Stage;
let team: Team;
const browsers: Browser[] = [];
const numbers = createContactNumbers("+1202558");

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.close();
  await stage?.close();
});

async function open(name: string, options: { hearsHeartbeats?: boolean } = {}): Promise<Browser> {
  const { alice, workspaceId } = team;
  const browser = await openBrowser(name, alice, workspaceId, { origin: stage.origin, ...options });
  browsers.push(browser);
  return browser;
}

function receive(from: string, body: string): Promise<string> {
  return stage.carrier.text({ from, to: stage.carrier.numbers[0] ?? "", body });
}

async function findContact(phone: string): Promise<string> {
  const [row] = await stage.sql<{ id: string }[]>`
    select id from public.contacts
    where workspace_id = ${team.workspaceId} and phone_number = ${phone}
  `;
  if (!row) throw new Error("There is no such contact.");
  return row.id;
}

function send(contactId: string, message: string, id: string = crypto.randomUUID()) {
  const body = { workspaceId: team.workspaceId, contactId, message, id };
  return team.alice.api("POST", "/api/sms/send-sms", body);
}

async function listTexts(phone: string) {
  return stage.sql<{ id: string; content: string; direction: string; status: string }[]>`
    select m.id, m.content, m.direction, m.status from public.messages m
    join public.contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
    where m.workspace_id = ${team.workspaceId} and c.phone_number = ${phone}
    order by m.created_at, m.id
  `;
}

async function countCreates(message: string): Promise<number> {
  const carried = await stage.carrier.listMessages();
  return carried.filter(({ direction, body }) => direction === "outbound-api" && body === message)
    .length;
}

async function expectFresh(browser: Browser): Promise<void> {
  await browser.catchUp();
  const fresh = await loadFresh(team.alice, team.workspaceId, stage.origin);
  expect(browser.evidence().state).toEqual(fresh.state);
}

test("three servers that start at once on an empty database all come up", async () => {
  await stage.close();
  stage = await openStage({ isEmpty: true });
  await Promise.all([stage.startServer(), stage.startServer(), stage.startServer()]);
  expect(stage.servers()).toHaveLength(3);
  expect(stage.crashes()).toEqual([]);
});

test("an opt-out that only Twilio's answer tells of reaches the open browsers whole", async () => {
  await stage.startServer();
  team = await openTeam(stage);
  const phone = numbers.next();
  await receive(phone, "hello");
  const browser = await open("alice");
  stage.lines.toServers.setFault({ kind: "refuse" });
  stage.lines.toServers.resetAll();
  await receive(phone, "STOP");
  stage.lines.toServers.setFault({ kind: "none" });
  const contactId = await findContact(phone);
  await send(contactId, "too late");
  const sent = (await listTexts(phone)).find(({ content }) => content === "too late");
  expect(sent?.status).toBe("failed");
  await expectFresh(browser);
  expect(browser.evidence().state.contacts?.[contactId]).toMatchObject({
    optedOutAt: expect.any(String),
  });
});

test("fault 13: a browser that missed the last event learns it from the heartbeat, and only from it", async () => {
  await stage.startServer();
  team = await openTeam(stage);
  const phone = numbers.next();
  await receive(phone, "hello");
  const hearing = await open("hearing");
  const deaf = await open("deaf to heartbeats", { hearsHeartbeats: false });
  await expect.poll(() => hearing.socket.connected && deaf.socket.connected).toBe(true);
  await hearing.catchUp();
  await deaf.catchUp();
  for (const { socket } of [hearing, deaf]) socket.off("new_message");
  const before = hearing.lastSeq();
  await receive(phone, "the last event");
  await expect.poll(() => hearing.lastSeq(), { timeout: 20_000 }).toBeGreaterThan(before);
  expect(deaf.lastSeq()).toBe(before);
  await expectFresh(hearing);
});

describe("fault 16: with one server's clock ten minutes ahead and another's ten behind", () => {
  const skewMs = 10 * 60_000;

  test("texts keep their order, leases hold, and sessions last", async () => {
    const [ahead, behind] = await Promise.all([
      stage.startServer({ clockSkewMs: skewMs }),
      stage.startServer({ clockSkewMs: -skewMs }),
    ]);
    team = await openTeam(stage);
    const origins = [ahead, behind].map(({ port }) => `http://127.0.0.1:${port}`);
    const phone = numbers.next();
    await receive(phone, "hello");
    const contactId = await findContact(phone);
    const browser = await open("alice");

    const spoken = ["hello"];
    for (let turn = 0; turn < 6; turn += 1) {
      await receive(phone, `question ${turn}`);
      const body = { workspaceId: team.workspaceId, contactId, message: `answer ${turn}` };
      const { status } = await team.alice.api(
        "POST",
        "/api/sms/send-sms",
        { ...body, id: crypto.randomUUID() },
        { origin: origins[turn % 2] ?? "" },
      );
      // The same session holds at both, whichever of them opened it.
      expect(status).toBe(200);
      spoken.push(`question ${turn}`, `answer ${turn}`);
    }
    expect((await listTexts(phone)).map(({ content }) => content)).toEqual(spoken);

    // One server is in the middle of a send, while the other looks for what was left behind.
    await stage.carrier.injectFault({ route: "messages.create", kind: "delay", delayMs: 3_000 });
    const slow = send(contactId, "slowly");
    await sleep(500);
    await requestSweep(stage);
    await sleep(1_500);
    const during = (await listTexts(phone)).find(({ content }) => content === "slowly");
    expect(during?.status).toBe("sending");
    await slow;
    expect(await waitUntilQuiet(stage, team)).toEqual([]);
    expect(await countCreates("slowly")).toBe(1);
    await expectFresh(browser);
  });

  test("a session that has ended is over at once", async () => {
    const server = await stage.startServer();
    team = await openTeam(stage);
    const late = await stage.startServer({ clockSkewMs: 2 * 3_600_000, isPublic: false });
    const ask = (port: number) =>
      team.alice.api("GET", "/api/me", undefined, { origin: `http://127.0.0.1:${port}` });
    expect((await ask(server.port)).status).toBe(200);
    expect(await ask(late.port)).toMatchObject({ status: 401, body: { code: "token_expired" } });
  });
});

test("fault 29: after a restore from an older copy, browsers load anew, texts are fetched again, and none is sent again", async () => {
  await Promise.all([stage.startServer(), stage.startServer()]);
  team = await openTeam(stage);
  const phone = numbers.next();
  await receive(phone, "before the copy");
  const contactId = await findContact(phone);
  await send(contactId, "answered before");
  // One text waits at the moment of the copy, and goes out after it.
  await stage.carrier.injectFault({ route: "messages.create", kind: "429", times: 40 });
  const waitingId = crypto.randomUUID();
  await send(contactId, "waits during the copy", waitingId);
  await stage.stopServers("SIGTERM");
  await stage.backUp();

  await stage.carrier.clearFaults();
  await ageWhatWasLeft(stage);
  await Promise.all([stage.startServer(), stage.startServer()]);
  await expect.poll(() => countCreates("waits during the copy"), { timeout: 20_000 }).toBe(1);
  await receive(phone, "after the copy");
  await send(contactId, "answered after");
  const browser = await open("alice");
  await browser.catchUp();
  const before = browser.lastSeq();

  await stage.stopServers("SIGKILL");
  await stage.restore();
  await ageWhatWasLeft(stage);
  await Promise.all([stage.startServer(), stage.startServer()]);
  const listWords = async (direction: string) =>
    (await listTexts(phone)).filter((row) => row.direction === direction).map((row) => row.content);
  await expect
    .poll(() => listWords("inbound"), { timeout: 30_000 })
    .toEqual(["before the copy", "after the copy"]);
  await expect
    .poll(async () => (await listTexts(phone)).find(({ id }) => id === waitingId)?.status, {
      timeout: 30_000,
    })
    .toBe("delivered");
  await requestSweep(stage);
  await sleep(2_000);
  // What was sent since the copy stays sent once.
  for (const text of ["answered before", "waits during the copy", "answered after"]) {
    expect(await countCreates(text), text).toBe(1);
  }
  // What went out since the copy is here again, read from Twilio's list.
  expect(await listWords("outbound")).toEqual([
    "answered before",
    "waits during the copy",
    "answered after",
  ]);

  await browser.catchUp();
  expect(browser.evidence().restarts).toBeGreaterThan(0);
  expect(before).toBeGreaterThan(0);
  await expectFresh(browser);
}, 150_000);
