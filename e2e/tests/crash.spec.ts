import { randomUUID } from "node:crypto";
import { type EventPage, eventPage } from "@livechat/shared";
import { joinWorkspace, openSocket } from "../support/live.ts";
import { listAllTexts, openWorkspace, signUp, textFromPhone } from "../support/people.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

const customers = ["+12025550141", "+12025550142", "+12025550143", "+12025550144"];
const textsEach = 15;

let stage: Stage;

test.beforeAll(async () => {
  stage = await openStage();
});

test.afterAll(async () => {
  await stage?.close();
});

test("a server that is killed under load forgets nothing and doubles nothing", async () => {
  test.setTimeout(240_000);
  const alice = await signUp(stage, "Alice");
  const workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  for (const from of customers) await textFromPhone(alice, workspaceId, { from, body: "Hello" });
  await expect
    .poll(async () => (await listAllTexts(alice, workspaceId)).length)
    .toBe(customers.length);
  const contacts = (await listAllTexts(alice, workspaceId)).map(({ contact }) => contact);

  const socket = await openSocket(stage, alice);
  const pushed = new Map<number, string>();
  socket.on("new_message", ({ seq, payload }) => pushed.set(seq, payload.message.id));
  const joined = await joinWorkspace(socket, workspaceId);
  expect(joined.ok).toBe(true);

  const sends = contacts.flatMap((contact) =>
    Array.from({ length: textsEach }, (_, number) => ({
      workspaceId,
      contactId: contact.id,
      message: `Answer ${number} to ${contact.phoneNumber}`,
      id: randomUUID(),
    })),
  );
  const answered = new Set<string>();
  let count = 0;
  const send = async (request: (typeof sends)[number]) => {
    const { status } = await alice.api("POST", "/api/sms/send-sms", request);
    if (status === 200) answered.add(request.id);
    count += 1;
  };
  const incoming = customers.flatMap((from) =>
    Array.from({ length: textsEach }, (_, number) => ({ from, body: `Question ${number}` })),
  );
  const load = Promise.allSettled([
    inLanes(sends, 4, send),
    inLanes(incoming, 2, async (text) => {
      await textFromPhone(alice, workspaceId, text);
      count += 1;
    }),
  ]);
  await expect.poll(() => count, { timeout: 60_000, intervals: [20] }).toBeGreaterThan(20);
  await stage.stop("SIGKILL");
  await load;
  socket.disconnect();
  const unanswered = sends.filter((request) => !answered.has(request.id));
  expect(unanswered.length, "the kill came before the load was through").toBeGreaterThan(0);

  await stage.start();
  await test.step("what was confirmed or shown before is there, once", async () => {
    const ids = await listIds();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([...answered, ...pushed.values()]));
  });
  await test.step("asking again for the rest sends each exactly once", async () => {
    for (const request of sends) {
      const answer = await alice.api("POST", "/api/sms/send-sms", request);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    }
    const ids = await listIds();
    expect(new Set(ids).size).toBe(ids.length);
    for (const request of sends) {
      expect(ids.filter((id) => id === request.id)).toHaveLength(1);
    }
  });
  await test.step("no text hangs: each has an outcome, or asks a person", async () => {
    const settled = ["queued", "sent", "delivered", "unconfirmed", "failed", "undelivered"];
    await expect
      .poll(
        async () =>
          (await listTexts()).filter(
            (text) => text.direction === "outbound" && !settled.includes(text.status),
          ).length,
        { timeout: 90_000 },
      )
      .toBe(0);
  });
  await test.step("the event log has no gap", async () => {
    const seqs: number[] = [];
    for (let page: EventPage | null = null; page === null || seqs.length < page.head; ) {
      const path = `/api/workspaces/${workspaceId}/events?after=${seqs.at(-1) ?? 0}`;
      page = eventPage.parse((await alice.api("GET", path)).body);
      if (page.events.length === 0) break;
      seqs.push(...page.events.map((event) => event.seq));
    }
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs.length).toBeGreaterThanOrEqual(Math.max(0, ...pushed.keys()));
  });

  async function listTexts() {
    return (await listAllTexts(alice, workspaceId)).flatMap(({ texts }) => texts);
  }
  async function listIds() {
    return (await listTexts()).map((text) => text.id);
  }
});

/** Works through the list, this many at a time; ends when one of them fails. */
async function inLanes<T>(items: T[], laneCount: number, work: (item: T) => Promise<void>) {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
}
