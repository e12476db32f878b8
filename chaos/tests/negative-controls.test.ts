import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { check } from "../check/check.ts";
import { collectEvidence } from "../check/collect.ts";
import { type Browser, openBrowser } from "../load/browser.ts";
import { type History, openHistory } from "../load/history.ts";
import { createRandom } from "../load/random.ts";
import { sendOnce } from "../load/work.ts";
import { postForm } from "../stage/carrier.ts";
import { inboundForm } from "../stage/forms.ts";
import { openTeam, type Team } from "../stage/people.ts";
import { settle } from "../stage/settle.ts";
import { openStage, type Stage } from "../stage/stage.ts";

const customer = "+12025552001";
let stage: Stage;
let team: Team;
let history: History;
let browser: Browser | undefined;

beforeEach(async () => {
  stage = await openStage();
  history = openHistory(stage.folder);
});

afterEach(async () => {
  browser?.close();
  browser = undefined;
  await stage?.close();
});

async function start(mutations: string[], killAt?: string): Promise<void> {
  await stage.startServer({ mutations });
  team = await openTeam(stage);
  if (!killAt) return;
  await stage.stopServers("SIGTERM");
  await stage.startServer({ mutations, killAt });
}

async function receive(body: string): Promise<string> {
  const [to = ""] = stage.carrier.numbers;
  const sid = await stage.carrier.text({ from: customer, to, body });
  history.add({ kind: "customer_text", atMs: 0, from: customer, body, outcome: "ok", sid });
  return sid;
}

async function judge(): Promise<Set<string>> {
  const browsers = browser ? [browser] : [];
  const evidence = await collectEvidence(stage, team, { seed: "control", history, browsers });
  return new Set(check(evidence).violations.map(({ kind }) => kind));
}

/** The same webhook once more, as after an answer that Twilio did not see. */
async function repeatWebhook(sid: string, body: string): Promise<number> {
  const url = `${stage.origin}/api/twilio/webhook/${team.workspaceId}`;
  const form = inboundForm(stage.carrier, { from: customer, body, sid });
  return (await postForm(url, form, stage.carrier)).status;
}

async function sendThroughBrokenLine(): Promise<void> {
  await receive("hello");
  browser = await openBrowser("alice", team.alice, team.workspaceId, { origin: stage.origin });
  const contactId = browser.contactIdOf(customer);
  if (!contactId) throw new Error("There is nobody to answer.");
  await stage.carrier.injectFault({ route: "messages.create", kind: "accept-then-reset" });
  const place = {
    team,
    carrier: stage.carrier,
    history,
    isOver: () => false,
    startedAtMs: performance.now(),
  };
  const random = createRandom("control");
  await sendOnce(place, browser, { contactId, body: "Only once", withFile: false, random });
  await sleep(4_000);
}

describe("the checker turns red", () => {
  test("when the unique keys of receipts and texts are gone", async () => {
    await start(["no-receipt-key"]);
    await stage.sql.unsafe(`
      drop index public.webhook_receipts_inbound_once;
      alter table public.messages drop constraint messages_workspace_id_twilio_sid_key;
    `);
    expect(await repeatWebhook(await receive("Once"), "Once")).toBe(200);
    expect(await judge()).toContain("doubled");
  });

  test("when what broke off is sent again", async () => {
    await start(["retry-on-timeout"]);
    // Otherwise the report of the first attempt settles the text before its repetition.
    await stage.carrier.injectCallbackFault({ kind: "lost", times: 50 });
    await sendThroughBrokenLine();
    expect(await judge()).toContain("doubled");
  });

  test("when a webhook is answered before its text is stored, and the server dies", async () => {
    await start(["answer-before-commit"], "receive_receipt_written");
    await receive("Lost between");
    await Promise.all(stage.servers().map(({ ended }) => ended));
    await stage.startServer({ mutations: ["no-back-fill"] });
    const kinds = await judge();
    expect(kinds).toContain("I1");
    expect(kinds).toContain("lost");
  });

  test("when nobody compares Twilio's list with ours after an outage", async () => {
    await start([]);
    await stage.stopServers("SIGKILL");
    await receive("Into the void");
    await stage.startServer({ mutations: ["no-back-fill"] });
    await sleep(1_500);
    expect(await judge()).toContain("lost");
  });

  test("when the log takes its numbers from a sequence", async () => {
    await start([]);
    await stage.sql.unsafe(`
      create sequence private.event_numbers;
      grant usage on sequence private.event_numbers to public;
      create or replace function private.next_event_number() returns trigger
      language plpgsql security definer set search_path = '' as $$
      begin
        new.last_seq := nextval('private.event_numbers');
        return new;
      end $$;
      create trigger a_sequence before update on public.workspace_streams
        for each row execute function private.next_event_number();
    `);
    await receive("One");
    // What a transaction took that came to nothing is never given again.
    await stage.sql
      .begin(async (trx) => {
        await trx`update public.workspace_streams set last_seq = last_seq + 1`;
        throw new Error("undone");
      })
      .catch(() => {});
    await receive("Two");
    expect(await judge()).toContain("I4");
  });
});

describe("and stays green", () => {
  test("on the same faults with every guard in its place", async () => {
    await start([]);
    await sendThroughBrokenLine();
    expect(await repeatWebhook(await receive("Once"), "Once")).toBe(200);
    await stage.stopServers("SIGKILL");
    await receive("Into the void");
    expect(await settle(stage, team)).toEqual([]);
    expect(await judge()).toEqual(new Set());
  });
});
