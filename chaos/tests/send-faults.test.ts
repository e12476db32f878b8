import { setTimeout as sleep } from "node:timers/promises";
import { sendSmsResponse } from "@livechat/shared";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createContactNumbers } from "../load/numbers.ts";
import { postForm, type RequestFault } from "../stage/carrier.ts";
import { statusForm } from "../stage/forms.ts";
import { openTeam, type Team } from "../stage/people.ts";
import { ageWhatWasLeft, requestSweep } from "../stage/settle.ts";
import { openStage, type Stage } from "../stage/stage.ts";

let stage: Stage;
let team: Team;
const numbers = createContactNumbers("+1202557");

beforeAll(async () => {
  stage = await openStage();
  await Promise.all([stage.startServer(), stage.startServer()]);
  team = await openTeam(stage);
});

afterAll(() => stage?.close());

/** A customer who has written once. */
async function meet(): Promise<{ phone: string; contactId: string }> {
  const phone = numbers.next();
  await stage.carrier.text({ from: phone, to: stage.carrier.numbers[0] ?? "", body: "hello" });
  const [row] = await stage.sql<{ id: string }[]>`
    select id from public.contacts
    where workspace_id = ${team.workspaceId} and phone_number = ${phone}
  `;
  if (!row) throw new Error("The customer's text did not come in.");
  return { phone, contactId: row.id };
}

function send(
  contactId: string,
  message: string,
  options: { id?: string; signal?: AbortSignal; origin?: string } = {},
) {
  const { id = crypto.randomUUID(), ...rest } = options;
  const body = { workspaceId: team.workspaceId, contactId, message, id };
  return team.alice.api("POST", "/api/sms/send-sms", body, rest);
}

interface Row {
  id: string;
  status: string;
  attempt: number;
  error_message: string | null;
  twilio_sid: string | null;
}

async function readText(message: string): Promise<Row> {
  const [row] = await stage.sql<Row[]>`
    select id, status, attempt, error_message, twilio_sid from public.messages
    where workspace_id = ${team.workspaceId} and content = ${message}
  `;
  if (!row) throw new Error(`"${message}" is not here.`);
  return row;
}

async function countCreates(message: string): Promise<number> {
  const carried = await stage.carrier.listMessages();
  return carried.filter((text) => text.direction === "outbound-api" && text.body === message)
    .length;
}

/** Every status that browsers were told of this text, in order. */
async function listStatuses(messageId: string): Promise<string[]> {
  const rows = await stage.sql<{ status: string }[]>`
    select payload #>> '{message,status}' as status from public.workspace_events
    where workspace_id = ${team.workspaceId} and payload #>> '{message,id}' = ${messageId}
    order by seq
  `;
  return rows.map(({ status }) => status);
}

const lostAnswers: [string, RequestFault, number?][] = [
  ["Twilio takes it and the connection is reset", "accept-then-reset"],
  ["Twilio takes it and does not answer for 30 s", "accept-then-hang", 30_000],
  ["Twilio takes it and a gateway answers 502 with HTML", "accept-then-502"],
  ["Twilio takes it and answers 500", "accept-then-500"],
  ["Twilio takes it and the answer's JSON is broken", "malformed"],
];

describe("fault 5: when", () => {
  test.each(lostAnswers)(
    "%s, it goes out once and its report settles it",
    async (title, kind, delayMs) => {
      const { contactId } = await meet();
      await stage.carrier.injectFault({ route: "messages.create", kind, delayMs });
      await send(contactId, title);
      await expect
        .poll(async () => (await readText(title)).status, { timeout: 20_000 })
        .toBe("delivered");
      expect(await countCreates(title)).toBe(1);
      await stage.carrier.clearFaults();
    },
  );

  test("every report is lost too, Twilio's list settles it", async () => {
    const silent = lostAnswers.filter(([, kind]) => kind !== "accept-then-hang");
    const texts = silent.map(([title]) => `${title}, silently`);
    await stage.carrier.injectCallbackFault({ kind: "lost", times: 40 });
    for (const [at, [, kind]] of silent.entries()) {
      const { contactId } = await meet();
      await stage.carrier.injectFault({ route: "messages.create", kind });
      await send(contactId, texts[at] ?? "");
      expect((await readText(texts[at] ?? "")).status).toBe("unconfirmed");
    }
    await sleep(300);
    await requestSweep(stage);
    for (const text of texts) {
      await expect
        .poll(async () => (await readText(text)).twilio_sid, { timeout: 25_000 })
        .not.toBeNull();
      expect(await countCreates(text)).toBe(1);
    }
    await stage.carrier.clearFaults();
  });

  test("Twilio hangs and never takes it, a person is asked and nothing is sent", async () => {
    const { contactId } = await meet();
    await stage.carrier.injectFault({ route: "messages.create", kind: "500" });
    await send(contactId, "never taken");
    expect((await readText("never taken")).status).toBe("unconfirmed");
    await requestSweep(stage);
    await sleep(2_000);
    expect((await readText("never taken")).status).toBe("unconfirmed");
    expect(await countCreates("never taken")).toBe(0);
  });
});

describe("fault 6: in a storm", () => {
  test("of 429, every text goes out later, once, and says why it waits", async () => {
    const customers = await Promise.all(Array.from({ length: 8 }, meet));
    await stage.carrier.injectFault({ route: "messages.create", kind: "429", times: 30 });
    const texts = customers.map((_, at) => `through the storm ${at}`);
    await Promise.all(customers.map(({ contactId }, at) => send(contactId, texts[at] ?? "")));
    const waiting = await Promise.all(texts.map(readText));
    expect(waiting.some(({ error_message }) => error_message?.includes("429"))).toBe(true);
    for (const text of texts) {
      await expect
        .poll(async () => (await readText(text)).status, { timeout: 50_000 })
        .toBe("delivered");
      expect(await countCreates(text)).toBe(1);
    }
  }, 90_000);

  test("of 500, no text is sent twice and each asks a person", async () => {
    const customers = await Promise.all(Array.from({ length: 6 }, meet));
    await stage.carrier.injectFault({ route: "messages.create", kind: "500", times: 6 });
    const texts = customers.map((_, at) => `through the 500s ${at}`);
    await Promise.all(customers.map(({ contactId }, at) => send(contactId, texts[at] ?? "")));
    for (const text of texts) {
      expect((await readText(text)).status).toBe("unconfirmed");
      expect(await countCreates(text)).toBe(0);
    }
    await stage.carrier.clearFaults();
  });
});

describe("fault 7: reports that are", () => {
  test.each(["out-of-order", "duplicated", "delay"] as const)(
    "%s never move a text back",
    async (kind) => {
      const message = `reports ${kind}`;
      const { contactId } = await meet();
      await stage.carrier.injectCallbackFault({ kind, times: 3, delayMs: 300 });
      await send(contactId, message);
      await expect
        .poll(async () => (await readText(message)).status, { timeout: 15_000 })
        .toBe("delivered");
      await sleep(700);
      const { id, status } = await readText(message);
      expect(status).toBe("delivered");
      const seen = (await listStatuses(id)).filter((each, at, all) => each !== all[at - 1]);
      expect(seen).toEqual(
        ["pending", "sending", "queued", "sent", "delivered"].filter((each) => seen.includes(each)),
      );
      await stage.carrier.clearFaults();
    },
  );

  test("lost are made up for from Twilio's list once the text has been silent for long", async () => {
    const { contactId } = await meet();
    await stage.carrier.injectCallbackFault({ kind: "lost", times: 10 });
    await send(contactId, "silent for 12 hours");
    await stage.carrier.clearFaults();
    expect((await readText("silent for 12 hours")).status).toBe("queued");
    await stage.sql.begin(async (trx) => {
      await trx`set local session_replication_role = replica`;
      await trx`
        update public.messages set created_at = created_at - interval '13 hours',
          updated_at = updated_at - interval '13 hours',
          sending_since = sending_since - interval '13 hours'
        where workspace_id = ${team.workspaceId} and content = 'silent for 12 hours'
      `;
    });
    await requestSweep(stage);
    await expect
      .poll(async () => (await readText("silent for 12 hours")).status, { timeout: 25_000 })
      .toBe("delivered");
  });

  test("earlier than the SID that they are about wait for it", async () => {
    const { contactId } = await meet();
    await stage.carrier.injectFault({
      route: "messages.create",
      kind: "accept-then-hang",
      delayMs: 1_500,
    });
    await send(contactId, "reported before it was known");
    const { status, id } = await readText("reported before it was known");
    expect(status).toBe("delivered");
    expect(await listStatuses(id)).not.toContain("unconfirmed");
  });

  test("12 hours late and about less than is known change nothing", async () => {
    const { contactId, phone } = await meet();
    await send(contactId, "late report");
    await expect.poll(async () => (await readText("late report")).status).toBe("delivered");
    const { id, twilio_sid } = await readText("late report");
    const url = `${stage.origin}/api/twilio/status/${team.workspaceId}?messageId=${id}`;
    for (const status of ["sent", "queued", "undelivered", "delivered"]) {
      const form = statusForm(stage.carrier, {
        sid: twilio_sid ?? "",
        to: phone,
        status,
        ...(status === "undelivered" ? { errorCode: 30003 } : {}),
      });
      expect((await postForm(url, form, stage.carrier)).status).toBe(204);
      expect((await readText("late report")).status).toBe("delivered");
    }
  });
});

describe("fault 14: when the answer to a send is lost", () => {
  test("clicking again, at any server and many times at once, sends once", async () => {
    const { contactId } = await meet();
    const id = crypto.randomUUID();
    const origins = stage.servers().map(({ port }) => `http://127.0.0.1:${port}`);
    await send(contactId, "clicked often", { id, signal: AbortSignal.timeout(5) }).catch(() => {});
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        send(contactId, "clicked often", { id, origin: origins[at % 2] ?? stage.origin }),
      ),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(sendSmsResponse.parse(body).message.id).toBe(id);
    }
    await expect.poll(() => countCreates("clicked often")).toBe(1);
    await sleep(500);
    expect(await countCreates("clicked often")).toBe(1);
  });

  test("and the page was loaded anew, the same id finds the same text an hour later", async () => {
    const { contactId } = await meet();
    const id = crypto.randomUUID();
    await send(contactId, "kept in the browser", { id });
    await stage.stopServers("SIGKILL");
    await ageWhatWasLeft(stage);
    await Promise.all([stage.startServer(), stage.startServer()]);
    expect((await send(contactId, "kept in the browser", { id })).status).toBe(200);
    expect(await countCreates("kept in the browser")).toBe(1);
  });

  test("another text with the same id is refused", async () => {
    const { contactId } = await meet();
    const id = crypto.randomUUID();
    await send(contactId, "the first", { id });
    expect((await send(contactId, "the second", { id })).status).toBe(409);
    expect(await countCreates("the second")).toBe(0);
  });
});

test("two servers share the pace of a sender, as if they were one", async () => {
  const [sender = ""] = stage.carrier.numbers;
  const path = `/api/workspaces/${team.workspaceId}/senders/${encodeURIComponent(sender)}/pace`;
  const setPace = (segmentsPerSecond: number | null) =>
    team.alice.api("PUT", path, { segmentsPerSecond });
  const customers: string[] = [];
  while (customers.length < 16) customers.push((await meet()).contactId);
  expect((await setPace(2)).status).toBe(200);

  const origins = stage.servers().map(({ port }) => `http://127.0.0.1:${port}`);
  expect(origins).toHaveLength(2);
  const sendThrough = (index: number) =>
    send(customers[index] ?? "", `paced ${index}`, { origin: origins[index % 2] ?? "" });
  const listSent = () => stage.sql<{ at: Date }[]>`
    select sending_since as at from public.messages
    where workspace_id = ${team.workspaceId} and content like 'paced %' and twilio_sid is not null
    order by sending_since
  `;
  // Each of them sends one itself, before the lane is full.
  for (const index of [0, 1]) {
    await sendThrough(index);
    await expect.poll(async () => (await listSent()).length, { timeout: 20_000 }).toBe(index + 1);
  }
  await Promise.all(customers.slice(2).map((_, index) => sendThrough(index + 2)));
  await expect.poll(async () => (await listSent()).length, { timeout: 60_000 }).toBe(16);
  const times = (await listSent()).map(({ at }) => at.getTime());
  // 15 of them have passed before the last one, two a second, of which 2 seconds may be ahead. With
  // a pace of each server's own it would take 1.5 seconds.
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(4_500);
  expect(
    (await stage.carrier.listMessages()).filter(({ body }) => body.startsWith("paced ")),
  ).toHaveLength(16);
  expect((await setPace(null)).status).toBe(200);
}, 90_000);

test("no server has ended by itself in all this, and no log shows a secret", async () => {
  expect(stage.crashes()).toEqual([]);
  const logs = await stage.readLogs();
  expect(logs.length).toBeGreaterThan(1_000);
  for (const secret of [...stage.secrets, team.alice.token]) expect(logs).not.toContain(secret);
});
