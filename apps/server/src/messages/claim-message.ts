import { countSegments } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database, Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { explainError, optedOutErrorCode } from "../twilio/error-catalogue.ts";
import { burstSeconds, choosePace } from "./choose-pace.ts";
import { chooseSender } from "./choose-sender.ts";
import { lockTargetNumber } from "./lock-target-number.ts";
import { type MessageKey, type OutboundRow, publishMessage } from "./messages-store.ts";

/** How many requests for one account are under way at once, over all servers. Twilio answers more with 429. */
const maxUnderWay = 20;
/** After this, a claim without an outcome no longer counts: its server has died. */
const lostSeconds = 60;
/** How long one text has to find out whether a refused account works again. */
const probeSeconds = 60;
/** How soon to look again when the account has enough under way. */
const crowdedMs = 250;

/** What came of asking for a text. */
export type Claim =
  /** It is this caller's to send. `isProbe`: it finds out whether a paused account works again. */
  | { outcome: "claimed"; message: OutboundRow; isProbe: boolean }
  /** Its contact has opted out, so it failed instead. */
  | { outcome: "stopped"; message: OutboundRow }
  /** Its sender, its account or the whole workspace is not free before then. */
  | { outcome: "busy"; waitMs: number }
  /** It does not wait, or an earlier one to the same contact holds it up. */
  | { outcome: "not_its_turn" };

const notItsTurn: Claim = { outcome: "not_its_turn" };

/**
 * Takes a waiting text for one attempt, in a transaction of its own, if its
 * contact, its sender's pace, its account and its workspace let it. All of that
 * is in the database, so it holds for any number of servers.
 */
export async function claimMessage(
  database: Database,
  { workspaceId, messageId }: MessageKey,
  account: { accountSid: string | null; isLimited: boolean },
): Promise<Claim> {
  return database.asSystem(async (trx) => {
    const waiting = await findWaiting(trx, { workspaceId, messageId });
    if (!waiting) return notItsTurn;
    // The contact's row makes claims take turns, and waits for a STOP that is being
    // stored. Everyone who takes several takes it first, then the workspace's, then the text's.
    const number = await lockTargetNumber(trx, waiting);
    // A deleted contact has no number while it can be brought back; then the text goes on.
    if (!number || number.deleted_at !== null) return notItsTurn;
    if (number.opted_out_at !== null) return stop(trx, waiting);
    const pause = await lockPause(trx, workspaceId);
    const place = await findPlace(trx, waiting, account.accountSid);
    if (place.is_held_up) return notItsTurn;
    if (pause.waitMs > 0) return { outcome: "busy", waitMs: pause.waitMs };
    if (place.under_way >= maxUnderWay) return { outcome: "busy", waitMs: crowdedMs };
    const sender = await findSender(trx, waiting);
    const laneMs = await takeLane(trx, waiting, sender, account.isLimited);
    if (laneMs > 0) return { outcome: "busy", waitMs: laneMs };
    if (pause.isPaused) {
      await sql`
        update public.workspace_sending
        set probe_at = clock_timestamp() + make_interval(secs => ${probeSeconds})
        where workspace_id = ${workspaceId}
      `.execute(trx);
    }
    const isService = sender.startsWith("MG");
    const { rows } = await sql<OutboundRow>`
      update public.messages
      set status = 'sending', attempt = attempt + 1, sending_since = clock_timestamp(),
        error_message = null, send_after = null,
        from_number = ${isService ? null : sender || null},
        messaging_service_sid = ${isService ? sender : null},
        -- With Supabase a member may write the row: it is this number's opt-out that counts.
        to_number = ${number.phone_number}
      where workspace_id = ${workspaceId} and id = ${messageId} and status = 'pending'
      returning *
    `.execute(trx);
    const [message] = rows;
    if (!message) return notItsTurn;
    await publishMessage(trx, message);
    faultPoint("claim_written");
    return { outcome: "claimed", message, isProbe: pause.isPaused };
  });
}

async function findWaiting(
  trx: Transaction<Tables>,
  { workspaceId, messageId }: MessageKey,
): Promise<OutboundRow | null> {
  const { rows } = await sql<OutboundRow>`
    select * from public.messages
    where workspace_id = ${workspaceId} and id = ${messageId}
      and direction = 'outbound' and status = 'pending'
  `.execute(trx);
  return rows[0] ?? null;
}

async function stop(trx: Transaction<Tables>, waiting: OutboundRow): Promise<Claim> {
  const { rows } = await sql<OutboundRow>`
    update public.messages
    set status = 'failed', error_code = ${optedOutErrorCode},
      error_message = ${explainError(optedOutErrorCode, "")}
    where workspace_id = ${waiting.workspace_id} and id = ${waiting.id} and status = 'pending'
    returning *
  `.execute(trx);
  const [message] = rows;
  if (!message) return notItsTurn;
  await publishMessage(trx, message);
  return { outcome: "stopped", message };
}

/** Whether the workspace is paused, and how long until a text may find out whether it still has to be. */
async function lockPause(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<{ isPaused: boolean; waitMs: number }> {
  const { rows } = await sql<{ is_paused: boolean; wait_ms: number }>`
    select paused_at is not null as is_paused,
      coalesce(extract(epoch from probe_at - clock_timestamp()) * 1000, 0)::float8 as wait_ms
    from public.workspace_sending where workspace_id = ${workspaceId}
    for no key update
  `.execute(trx);
  const [row] = rows;
  return { isPaused: row?.is_paused ?? false, waitMs: row?.wait_ms ?? 0 };
}

/** With the workspace's row held, so that no other claim changes the answer. */
async function findPlace(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId, id }: OutboundRow,
  accountSid: string | null,
): Promise<{ is_held_up: boolean; under_way: number }> {
  const { rows } = await sql<{ is_held_up: boolean; under_way: number }>`
    select
      exists (
        select from public.messages earlier, public.messages m
        where m.workspace_id = ${workspaceId} and m.id = ${id}
          and earlier.workspace_id = ${workspaceId} and earlier.contact_id = m.contact_id
          and earlier.status in ('pending', 'sending')
          and (earlier.created_at, earlier.id) < (m.created_at, m.id)
      ) as is_held_up,
      (
        select count(*)::int from public.messages under_way
        where under_way.status = 'sending'
          and under_way.sending_since > now() - make_interval(secs => ${lostSeconds})
          and under_way.workspace_id in (
            select workspace_id from public.workspace_twilio_config
            where account_sid = ${accountSid} or workspace_id = ${workspaceId}
          )
      ) as under_way
  `.execute(trx);
  return rows[0] ?? { is_held_up: true, under_way: 0 };
}

/** What was chosen for the text, or another one when that is no longer ours; as it was when there is none. */
async function findSender(trx: Transaction<Tables>, waiting: OutboundRow): Promise<string> {
  const chosen = waiting.messaging_service_sid ?? waiting.from_number ?? "";
  const choice = {
    workspaceId: waiting.workspace_id,
    contactId: waiting.contact_id,
    cardId: waiting.card_id,
    hasMedia: waiting.message_type === "media",
  };
  for (const from of [chosen || null, null]) {
    try {
      const sender = await chooseSender(trx, { ...choice, from });
      return sender.messagingServiceSid ?? sender.fromNumber ?? chosen;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return chosen;
}

/** Lets the text into its sender's lane and returns 0, or returns how long the lane is full. */
async function takeLane(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId, content, message_type }: OutboundRow,
  sender: string,
  isLimited: boolean,
): Promise<number> {
  if (sender.length < 3) return 0;
  const segments = message_type === "media" ? 1 : countSegments(content).segments;
  const pace = choosePace(sender, isLimited);
  const { rows } = await sql`
    insert into public.sender_lanes as lane (workspace_id, sender, free_at)
    values (
      ${workspaceId}, ${sender},
      clock_timestamp() + make_interval(secs => ${segments / pace}::float8)
    )
    on conflict (workspace_id, sender) do update
    set free_at = greatest(lane.free_at, clock_timestamp())
      + make_interval(secs => ${segments}::float8 / coalesce(lane.segments_per_second::float8, ${pace}::float8))
    where lane.free_at <= clock_timestamp() + make_interval(secs => ${burstSeconds})
    returning sender
  `.execute(trx);
  if (rows.length > 0) return 0;
  const full = await sql<{ wait_ms: number }>`
    select (extract(epoch from free_at - clock_timestamp()) - ${burstSeconds}) * 1000 as wait_ms
    from public.sender_lanes where workspace_id = ${workspaceId} and sender = ${sender}
  `.execute(trx);
  return Math.max(1, Number(full.rows[0]?.wait_ms ?? 0));
}
