import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type FaultPoint, faultPoints } from "../../apps/server/src/platform/fault-point.ts";
import { check } from "../check/check.ts";
import { collectEvidence } from "../check/collect.ts";
import { type Browser, openBrowser } from "../load/browser.ts";
import { type History, openHistory } from "../load/history.ts";
import { picture } from "../load/picture.ts";
import { createRandom } from "../load/random.ts";
import { sendOnce, type Workplace } from "../load/work.ts";
import { openTeam, type Team } from "../stage/people.ts";
import { ageWhatWasLeft, settle, waitUntilQuiet } from "../stage/settle.ts";
import { openStage, type Stage } from "../stage/stage.ts";

const customer = "+12025552001";
let stage: Stage;
let team: Team;
let history: History;
let browser: Browser;
let place: Workplace;
let turn = 0;
let hasFailed = false;

beforeAll(async () => {
  stage = await openStage();
  await stage.startServer();
  team = await openTeam(stage);
  history = openHistory(stage.folder);
  browser = await openBrowser("alice", team.alice, team.workspaceId, { origin: stage.origin });
  place = {
    team,
    carrier: stage.carrier,
    history,
    isOver: () => false,
    startedAtMs: performance.now(),
  };
  await receive("hello");
  await vi.waitFor(() => expect(browser.contactIdOf(customer)).not.toBeNull(), 5_000);
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") hasFailed = true;
});

afterAll(async () => {
  browser?.close();
  await stage?.close({ keepFolder: hasFailed });
  if (hasFailed) console.log(`The artefacts are in ${stage.folder}`);
});

/** A customer's text, with a file if told so; the webhook may meet nobody. */
async function receive(body: string, withFile = false): Promise<void> {
  const [to = ""] = stage.carrier.numbers;
  const media = withFile ? [{ contentType: "image/png", base64: picture }] : [];
  const atMs = performance.now();
  const sid = await stage.carrier.text({ from: customer, to, body, media });
  history.add({ kind: "customer_text", atMs, from: customer, body, outcome: "ok", sid });
}

/** An agent's text, asked for with one id until it is confirmed. */
async function send(body: string, withFile = false): Promise<void> {
  const contactId = browser.contactIdOf(customer);
  if (!contactId) throw new Error("There is nobody to answer.");
  await sendOnce(place, browser, { contactId, body, withFile, random: createRandom(body) });
}

type Flow = (label: string) => Promise<void>;

const receives: Flow = (label) => receive(label);
const receivesFile: Flow = (label) => receive(label, true);
const sends: Flow = (label) => send(label);
const sendsFile: Flow = (label) => send(label, true);

/** What was left in doubt by the server before, for the sweep of the doomed one. */
const leavesDoubt: Flow = async (label) => {
  await stage.carrier.injectFault({ route: "messages.create", kind: "accept-then-reset" });
  await stage.carrier.injectCallbackFault({ kind: "lost", times: 3 });
  await send(label);
};
/** A text whose server died while it sent it. */
const leavesLost: Flow = async (label) => {
  const doomed = await replaceServer("claim_committed");
  const sending = send(label);
  await doomed.ended;
  // Its minute is not over yet for this one.
  await stage.startServer();
  await sending;
};
/** A text that came while nobody answered. */
const missesText: Flow = async (label) => {
  await stage.stopServers("SIGTERM");
  const texting = receive(label);
  await texting;
};

/** Each point's flow; `before` runs on a sound server and leaves what the doomed one meets at its start. */
const flows: Record<FaultPoint, { before?: Flow; flow?: Flow }> = {
  webhook_verified: { flow: receives },
  receive_receipt_written: { flow: receives },
  receive_contact_written: { flow: receives },
  receive_message_written: { flow: receives },
  receive_event_written: { flow: receives },
  webhook_committed: { flow: receives },
  send_written: { flow: sends },
  send_committed: { flow: sends },
  claim_written: { flow: sends },
  claim_committed: { flow: sends },
  carrier_answered: { flow: sends },
  outcome_written: { flow: sends },
  outcome_committed: { flow: sends },
  status_written: { flow: sends },
  status_committed: { flow: sends },
  lost_marked: { before: leavesLost },
  doubt_listed: { before: leavesDoubt },
  doubt_written: { before: leavesDoubt },
  media_downloaded: { flow: receivesFile },
  media_put: { flow: receivesFile },
  media_written: { flow: receivesFile },
  upload_put: { flow: sendsFile },
  upload_committed: { flow: sendsFile },
  back_fill_due_moved: { before: missesText },
  back_fill_listed: { before: missesText },
  back_fill_text_stored: { before: missesText },
  back_fill_mark_moved: { before: missesText },
};

async function replaceServer(killAt?: FaultPoint) {
  await stage.stopServers("SIGTERM");
  await ageWhatWasLeft(stage);
  return stage.startServer(killAt ? { killAt } : {});
}

describe("faults 3 and 4: a server that is killed", () => {
  test.each(faultPoints)("at %s loses nothing and doubles nothing", async (point) => {
    turn += 1;
    const label = `${turn} ${point}`;
    const { before, flow } = flows[point];
    await before?.(label);
    // A point on the way of a start may be crossed before the server is ready.
    const doomed = await replaceServer(point).catch(() => null);
    const working = flow?.(label);
    if (doomed) {
      const end = await Promise.race([doomed.ended, sleep(25_000)]);
      expect(end, "the point was crossed").toMatchObject({ signal: "SIGKILL" });
    }
    await settle(stage, team, { serverCount: 1, limitMs: 0 });
    await working;
    expect(await waitUntilQuiet(stage, team)).toEqual([]);

    const evidence = await collectEvidence(stage, team, {
      seed: label,
      history,
      browsers: [browser],
    });
    const { violations, figures } = check(evidence);
    expect(violations.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([]);
    expect(figures.operations).toBeGreaterThanOrEqual(turn);
  });
});
