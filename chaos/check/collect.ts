import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseOptOutKeyword } from "@livechat/shared";
import { type Browser, type BrowserEvidence, loadFresh } from "../load/browser.ts";
import type { History } from "../load/history.ts";
import type { Team } from "../stage/people.ts";
import type { Stage } from "../stage/stage.ts";
import type { Evidence } from "./evidence.ts";

const maxComparisons = 10;

/** Gathers what the checker needs and keeps it as `evidence.json` in the stage's folder. A server must run. */
export async function collectEvidence(
  stage: Stage,
  team: Team,
  { seed, history, browsers }: { seed: string; history: History; browsers: readonly Browser[] },
): Promise<Evidence> {
  const { workspaceId } = team;
  const { fresh, shown } = await compareAtOnePlace(team, stage, browsers);
  const database = await readDatabase(stage, workspaceId);
  const evidence: Evidence = {
    seed,
    workspaceId,
    history: [...history.entries()],
    carrier: await stage.carrier.listMessages(),
    attempts: await stage.carrier.listAttempts(),
    database,
    browsers: shown,
    fresh: fresh.state,
    leaks: await findLeaks(stage),
    crashes: stage.crashes(),
  };
  await writeFile(path.join(stage.folder, "evidence.json"), JSON.stringify(evidence));
  return evidence;
}

/**
 * What each browser shows and what one shows that opens now, at the same place of the log: a
 * delivery report may come between the two. Whoever does not get there is compared all the same.
 */
async function compareAtOnePlace(
  { alice, workspaceId }: Team,
  { origin }: Stage,
  browsers: readonly Browser[],
): Promise<{ fresh: BrowserEvidence; shown: BrowserEvidence[] }> {
  for (let attempt = 1; ; attempt += 1) {
    for (const browser of browsers) await browser.catchUp();
    const fresh = await loadFresh(alice, workspaceId, origin);
    const shown = browsers.map((browser) => browser.evidence());
    const isOnePlace = shown.every(({ lastSeq }) => lastSeq === fresh.lastSeq);
    if (isOnePlace || attempt === maxComparisons) return { fresh, shown };
  }
}

async function readDatabase({ sql }: Stage, workspaceId: string): Promise<Evidence["database"]> {
  const messages = await sql<Evidence["database"]["messages"]>`
    select m.id, m.contact_id as "contactId", c.phone_number as "phoneNumber", m.direction,
      m.content, m.status, m.twilio_sid as "twilioSid", m.attempt, m.error_code as "errorCode",
      to_char(m.sending_since at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as "sendingSince",
      to_char(m.created_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as "createdAt",
      (select count(*)::int from public.message_media f
        where f.workspace_id = m.workspace_id and f.message_id = m.id) as "fileCount",
      (select count(*)::int from public.message_media f
        where f.workspace_id = m.workspace_id and f.message_id = m.id
          and f.state = 'pending') as "pendingFileCount"
    from public.messages m
    join public.contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
    where m.workspace_id = ${workspaceId} order by m.created_at, m.id
  `;
  const contacts = await sql<Evidence["database"]["contacts"]>`
    select id, phone_number as "phoneNumber", unread_count as "unreadCount"
    from public.contacts where workspace_id = ${workspaceId}
  `;
  const events = await sql<Evidence["database"]["events"]>`
    select seq::int as seq, type, payload #>> '{message,id}' as "messageId",
      payload #>> '{message,status}' as status
    from public.workspace_events where workspace_id = ${workspaceId} order by seq
  `;
  const [stream] = await sql<{ lastSeq: number }[]>`
    select last_seq::int as "lastSeq" from public.workspace_streams
    where workspace_id = ${workspaceId}
  `;
  // A receipt's time is when its transaction began: a claim of that moment was first.
  const receipts = await sql<Receipt[]>`
    select m.content, c.phone_number as "phoneNumber",
      to_char(r.created_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as "begunAt",
      to_char(
        (r.created_at + interval '5 seconds') at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'
      ) as "committedBy"
    from public.webhook_receipts r
    join public.messages m on m.workspace_id = r.workspace_id and m.twilio_sid = r.message_sid
    join public.contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
    where r.workspace_id = ${workspaceId} and length(m.content) < 20 order by r.created_at
  `;
  return {
    messages: [...messages],
    contacts: [...contacts],
    events: [...events],
    lastSeq: stream?.lastSeq ?? 0,
    stops: findStops(receipts),
  };
}

interface Receipt {
  content: string;
  phoneNumber: string;
  begunAt: string;
  committedBy: string;
}

const never = "9999";

/** From each STOP that was kept to the START after it. */
function findStops(receipts: readonly Receipt[]): Evidence["database"]["stops"] {
  return receipts.flatMap(({ content, phoneNumber, committedBy }, index) => {
    if (parseOptOutKeyword(content) !== "STOP") return [];
    const start = receipts
      .slice(index + 1)
      .find(
        (later) =>
          later.phoneNumber === phoneNumber && parseOptOutKeyword(later.content) === "START",
      );
    return [{ phoneNumber, at: committedBy, until: start?.begunAt ?? never }];
  });
}

async function findLeaks(stage: Stage): Promise<string[]> {
  const logs = await stage.readLogs();
  const [row] = await stage.sql<{ events: string }[]>`
    select coalesce(string_agg(payload::text, ' '), '') as events from public.workspace_events
  `;
  const places = { "the servers' logs": logs, "the event log": row?.events ?? "" };
  return Object.entries(places)
    .filter(([, text]) => stage.secrets.some((secret) => text.includes(secret)))
    .map(([place]) => place);
}
