import { setTimeout as sleep } from "node:timers/promises";
import { uploadedMedia } from "@livechat/shared";
import * as z from "zod";
import type { Carrier } from "../stage/carrier.ts";
import type { Team } from "../stage/people.ts";
import { type Browser, markRead } from "./browser.ts";
import type { History } from "./history.ts";
import { createPicture, picture } from "./picture.ts";
import type { Random } from "./random.ts";

/** What a worker needs to act and to write down what it saw. */
export interface Workplace {
  team: Team;
  carrier: Carrier;
  history: History;
  /** True once no new work is to begin. */
  isOver(): boolean;
  startedAtMs: number;
}

const words = [
  "bike",
  "brake",
  "saddle",
  "Größe 56",
  "naïve café",
  "👩‍👩‍👧‍👦 🚲",
  "شكرا",
  "日本語",
  "e\u0301 and é",
  "<b>bold</b> & =1+1",
  "“quoted”",
] as const;

function say(random: Random, label: string): string {
  const count = random.between(1, 6);
  const rest = Array.from({ length: count }, () => random.pick(words)).join(" ");
  return `${label} ${rest}`;
}

/** A customer who texts, one text after the other. */
export async function runCustomer(
  { carrier, history, isOver, startedAtMs }: Workplace,
  from: string,
  random: Random,
  pauseMs: { low: number; high: number },
): Promise<void> {
  const to = random.pick(carrier.numbers as [string, ...string[]]);
  for (let turn = 1; !isOver(); turn += 1) {
    const body = say(random, `q${from.slice(-4)}-${turn}`);
    const media = random.chance(0.04) ? [{ contentType: "image/png", base64: picture }] : [];
    const atMs = performance.now() - startedAtMs;
    const sid = await carrier.text({ from, to, body, media }).catch(() => null);
    const outcome = sid ? "ok" : "unknown";
    history.add({ kind: "customer_text", atMs, from, body, outcome, sid });
    await sleep(random.between(pauseMs.low, pauseMs.high));
  }
}

/** A customer who opts out, and in again after a while. */
export async function runWaverer(
  { carrier, history, isOver, startedAtMs }: Workplace,
  from: string,
  random: Random,
): Promise<void> {
  const to = random.pick(carrier.numbers as [string, ...string[]]);
  for (let turn = 1; !isOver(); turn += 1) {
    const isStop = turn % 2 === 0;
    const body = turn === 1 ? "w hello" : isStop ? "STOP" : "START";
    const atMs = performance.now() - startedAtMs;
    const sid = await carrier.text({ from, to, body }).catch(() => null);
    const outcome = sid ? "ok" : "unknown";
    history.add({ kind: "customer_text", atMs, from, body, outcome, sid });
    if (isStop) history.add({ kind: "stop", atMs: performance.now() - startedAtMs, from, outcome });
    for (let waits = random.between(4, 10); waits > 0 && !isOver(); waits -= 1) await sleep(500);
  }
}

/** An agent who answers one customer, text after text, and repeats what gets no answer. */
export async function runAgent(
  workplace: Workplace,
  browser: Browser,
  phoneNumber: string,
  random: Random,
  pauseMs: { low: number; high: number },
): Promise<void> {
  const { team, isOver, history, startedAtMs } = workplace;
  while (!isOver() && browser.contactIdOf(phoneNumber) === null) await sleep(100);
  for (let turn = 1; !isOver(); turn += 1) {
    const contactId = browser.contactIdOf(phoneNumber);
    if (!contactId) return;
    await sendOnce(workplace, browser, {
      contactId,
      body: say(random, `a${phoneNumber.slice(-4)}-${turn}`),
      withFile: random.chance(0.04),
      random,
    });
    if (random.chance(0.2)) {
      const atMs = performance.now() - startedAtMs;
      const outcome = await markRead(browser.person, team.workspaceId, contactId).then(
        () => "ok" as const,
        () => "unknown" as const,
      );
      history.add({ kind: "read", atMs, contactId, outcome });
    }
    await sleep(random.between(pauseMs.low, pauseMs.high));
  }
}

const maxTries = 40;

/** Sends one text, again and again with the same id until the server says what became of it. */
export async function sendOnce(
  { team, history, startedAtMs }: Workplace,
  browser: Browser,
  text: { contactId: string; body: string; withFile: boolean; random: Random },
): Promise<void> {
  const { contactId, body, random } = text;
  const id = crypto.randomUUID();
  const over = random.chance(0.4) ? "socket" : "rest";
  const atMs = performance.now() - startedAtMs;
  const mediaUrls = text.withFile ? await upload(browser, team.workspaceId) : [];
  const request = { workspaceId: team.workspaceId, contactId, message: body, mediaUrls, id };
  for (let tries = 1; tries <= maxTries; tries += 1) {
    // Now and then the answer is lost on its way, and the person clicks again.
    const impatienceMs = random.chance(0.08) ? random.between(1, 60) : null;
    const answer = await (over === "socket"
      ? sendOverSocket(browser, request)
      : sendOverRest(browser, request, impatienceMs));
    if (answer.outcome !== "unknown") {
      history.add({ kind: "send", atMs, id, contactId, body, over, tries, ...answer });
      return;
    }
    await sleep(random.between(50, 400));
  }
  history.add({
    kind: "send",
    atMs,
    id,
    contactId,
    body,
    over,
    tries: maxTries,
    outcome: "unknown",
    code: null,
  });
}

interface SendRequest {
  workspaceId: string;
  contactId: string;
  message: string;
  mediaUrls: string[];
  id: string;
}
type SendAnswer = { outcome: "ok" | "fail" | "unknown"; code: string | null };

const refusal = z.object({ code: z.string(), status: z.number() });

async function sendOverRest(
  browser: Browser,
  request: SendRequest,
  impatienceMs: number | null,
): Promise<SendAnswer> {
  try {
    const signal = impatienceMs === null ? undefined : AbortSignal.timeout(impatienceMs);
    const path = "/api/sms/send-sms";
    const { status, body } = await browser.person.api("POST", path, request, { signal });
    if (status === 200) return { outcome: "ok", code: null };
    return judge(status, body);
  } catch {
    return { outcome: "unknown", code: null };
  }
}

async function sendOverSocket(browser: Browser, request: SendRequest): Promise<SendAnswer> {
  try {
    const answer = await browser.socket.timeout(5_000).emitWithAck("send_message", request);
    if (answer.ok) return { outcome: "ok", code: null };
    return judge(answer.problem.status, answer.problem);
  } catch {
    return { outcome: "unknown", code: null };
  }
}

function judge(status: number, body: unknown): SendAnswer {
  const code = refusal.safeParse(body).data?.code ?? null;
  // Too many requests and every failure of the server's own are worth another try.
  if (status === 429 || status >= 500 || code === null) return { outcome: "unknown", code };
  return { outcome: "fail", code };
}

async function upload(browser: Browser, workspaceId: string): Promise<string[]> {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      const path = `/api/workspaces/${workspaceId}/media`;
      const { status, body } = await browser.person.api("POST", path, createPicture());
      if (status === 201) return [uploadedMedia.parse(body).url];
    } catch {
      // Asked again below.
    }
    await sleep(200);
  }
  return [];
}
