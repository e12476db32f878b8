import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadFresh, openBrowser } from "../load/browser.ts";
import { createContactNumbers } from "../load/numbers.ts";
import { ask, openTeam, type Team } from "../stage/people.ts";
import { root } from "../stage/processes.ts";
import { openStage, type Stage } from "../stage/stage.ts";

let stage: Stage;
let team: Team;
const numbers = createContactNumbers("+1202559");

beforeAll(async () => {
  stage = await openStage();
  await stage.startServer();
  team = await openTeam(stage);
});

afterAll(() => stage?.close());

function receive(from: string, body: string): Promise<string> {
  return stage.carrier.text({ from, to: stage.carrier.numbers[0] ?? "", body });
}

async function findContact(phone: string) {
  const [row] = await stage.sql<{ id: string; name: string | null }[]>`
    select id, name from public.contacts
    where workspace_id = ${team.workspaceId} and phone_number = ${phone}
  `;
  if (!row) throw new Error("There is no such contact.");
  return row;
}

test("every case of docs/trap-cases.md names a test that is there", () => {
  const lines = readFileSync(path.join(root, "docs/trap-cases.md"), "utf8").split("\n");
  const named = lines.flatMap((line) => {
    const found = /\| (\S+\.(?:test|spec)\.ts): (.+?)\s*\|$/.exec(line);
    return found?.[1] && found[2] ? [{ file: found[1], title: found[2] }] : [];
  });
  expect(named.length).toBeGreaterThan(70);
  const missing = named.filter(({ file, title }) => {
    const folder = file.includes("/") ? "." : "apps/server/test";
    return !readFileSync(path.join(root, folder, file), "utf8").includes(title);
  });
  expect(missing).toEqual([]);
});

test("a text leaves the name that people gave a contact alone", async () => {
  const phone = numbers.next();
  await receive(phone, "hello");
  const { id } = await findContact(phone);
  await ask(team.alice, "PATCH", `/api/workspaces/${team.workspaceId}/contacts/${id}`, {
    name: "Robin Smith",
  });
  await receive(phone, "hello again");
  expect(await findContact(phone)).toEqual({ id, name: "Robin Smith" });
});

test("a note between agents never goes to the carrier", async () => {
  const phone = numbers.next();
  await receive(phone, "hello");
  const { id } = await findContact(phone);
  await ask(team.alice, "POST", `/api/workspaces/${team.workspaceId}/contacts/${id}/notes`, {
    id: crypto.randomUUID(),
    body: "Careful with this one",
    mentionedIds: [],
  });
  await sleep(1_500);
  const sent = (await stage.carrier.listMessages()).filter(({ to }) => to === phone);
  expect(sent).toEqual([]);
});

test("a browser that missed 10 000 events ends equal to one that opens now", async () => {
  const phone = numbers.next();
  await receive(phone, "hello");
  const { alice, workspaceId } = team;
  const browser = await openBrowser("away", alice, workspaceId, { origin: stage.origin });
  await browser.catchUp();
  const before = browser.lastSeq();
  browser.socket.disconnect();
  await stage.sql`
    select private.append_workspace_event(${workspaceId}, e.type, e.payload)
    from public.workspace_events e, generate_series(1, 10000)
    where e.workspace_id = ${workspaceId} and e.seq = ${before}
  `;
  await receive(phone, "the ten thousand and first");
  await browser.catchUp();
  expect(browser.lastSeq()).toBeGreaterThan(before + 10_000);
  expect(browser.evidence().restarts).toBe(0);
  const fresh = await loadFresh(alice, workspaceId, stage.origin);
  expect(browser.evidence().state).toEqual(fresh.state);
  browser.close();
}, 120_000);
