import { setTimeout as sleep } from "node:timers/promises";
import type { Team } from "./people.ts";
import type { ServerOptions, Stage } from "./stage.ts";

interface SettleOptions {
  serverCount?: number;
  limitMs?: number;
  /**
   * Moves the clocks of what was left behind, which otherwise takes minutes: only
   * between the end of every old server and the start of the new ones.
   */
  isHurried?: boolean;
  /** How the new servers differ from production's. */
  server?: ServerOptions;
}

/**
 * Heals everything, replaces every server, and waits until nothing moves any more:
 * the state in which the checker looks. Resolves with what still moved at the limit,
 * empty when all is quiet.
 */
export async function settle(
  stage: Stage,
  team: Team,
  { serverCount = 2, limitMs = 90_000, isHurried = true, server = {} }: SettleOptions = {},
): Promise<string[]> {
  await stage.carrier.clearFaults();
  for (const line of Object.values(stage.lines)) line.setFault({ kind: "none" });
  await stage.stopServers("SIGTERM");
  if (isHurried) await ageWhatWasLeft(stage);
  await Promise.all(Array.from({ length: serverCount }, () => stage.startServer(server)));
  return waitUntilQuiet(stage, team, { limitMs, isHurried });
}

/** Resolves when nothing moves any more, or with what still moves at the limit. */
export async function waitUntilQuiet(
  stage: Stage,
  { workspaceId }: Team,
  { limitMs = 30_000, isHurried = true }: Pick<SettleOptions, "limitMs" | "isHurried"> = {},
): Promise<string[]> {
  const deadline = Date.now() + limitMs;
  for (let round = 1; ; round += 1) {
    const moving = await listMoving(stage, workspaceId);
    if (moving.length === 0 || Date.now() > deadline) return moving;
    if (isHurried && round % 8 === 0) await requestSweep(stage);
    await sleep(250);
  }
}

/** As if the minutes had passed after which a new server takes over what a dead one held. */
export async function ageWhatWasLeft({ sql }: Stage): Promise<void> {
  await sql.begin(async (trx) => {
    // Without the triggers that set `updated_at`.
    await trx`set local session_replication_role = replica`;
    await trx`
      update public.messages
      set sending_since = sending_since - interval '61 seconds'
      where status = 'sending'
    `;
    await trx`
      update public.messages set updated_at = updated_at - interval '61 seconds'
      where status = 'pending'
    `;
    await trx`delete from pgboss.job where name = 'sweep'`;
    await trx`
      update pgboss.job set state = 'retry', start_after = now()
      where state = 'active' or (state in ('created', 'retry') and name <> 'sweep')
    `;
  });
}

/** Asks the servers for one more round of what they do every minute. */
export async function requestSweep({ sql }: Stage): Promise<void> {
  await sql`insert into pgboss.job (name, data) values ('sweep', '{}')`;
}

/** What is still on its way, in words. */
async function listMoving(stage: Stage, workspaceId: string): Promise<string[]> {
  const carried = await stage.carrier.listMessages();
  const ends = new Set(["delivered", "undelivered", "failed", "sent", "received", "canceled"]);
  const moving = carried
    .filter((text) => !ends.has(text.status))
    .map((text) => `the carrier carries ${text.sid}`);
  const rows = await stage.sql<
    {
      id: string;
      direction: string;
      status: string;
      sid: string | null;
      to: string;
      body: string;
    }[]
  >`
    select id, direction, status, twilio_sid as sid, to_number as to, content as body
    from public.messages where workspace_id = ${workspaceId}
  `;
  const sids = new Set(rows.map((row) => row.sid));
  for (const text of carried) {
    if (text.direction !== "outbound-reply" && !sids.has(text.sid)) {
      moving.push(`${text.direction} ${text.sid} is not here yet`);
    }
  }
  for (const row of rows) {
    if (row.status === "pending" || row.status === "sending")
      moving.push(`${row.id} ${row.status}`);
  }
  const files = await stage.sql`
    select id from public.message_media where workspace_id = ${workspaceId} and state = 'pending'
      and source_url is not null
  `;
  for (const { id } of files) moving.push(`file ${id} is not here yet`);
  return moving;
}
