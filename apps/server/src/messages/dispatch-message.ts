import { setTimeout as sleep } from "node:timers/promises";
import { sql, type Transaction } from "kysely";
import { presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { buildCarrierMediaUrls } from "../media/build-carrier-media-urls.ts";
import type { Database, Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { explainError, optedOutErrorCode } from "../twilio/error-catalogue.ts";
import { findCredentials } from "../twilio/find-credentials.ts";
import type { SendOutcome } from "../twilio/send-outcome.ts";
import type { TwilioCredentials } from "../twilio/twilio-client.ts";
import { optOut, replayStatuses } from "./apply-status.ts";
import { type MessageKey, type OutboundRow, publishMessage } from "./messages-store.ts";

/** After so many attempts that the carrier did not take, the text fails for a person to see. */
const maxAttempts = 60;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** A claim older than this may be taken for lost by the sweep, so it is no longer acted on. */
const claimLifeMs = 30_000;
const storePausesMs = [0, 200, 1_000];

/**
 * Brings a waiting text to the carrier: at most one `messages.create` for one
 * claim, which is committed before the call. Does nothing for a text that is not
 * waiting, or that an earlier one to the same contact holds up; the latter goes
 * out when that one is through. Safe to call at any time, from anywhere, any
 * number of times at once. Throws what the database throws.
 */
export async function dispatchMessage(context: Context, key: MessageKey): Promise<void> {
  // Before the claim: a key that is missing from the ring must not cost the text its claim.
  const credentials = await findCredentials(context, key.workspaceId);
  const claim = await claimMessage(context.database, key);
  if (!claim) return;
  if (claim.outcome === "claimed") {
    faultPoint("claim_committed");
    const outcome = await attempt(context, claim.message, credentials);
    faultPoint("carrier_answered");
    await storeOutcome(context, claim.message, outcome);
    faultPoint("outcome_committed");
    // The same text would be next, and it has to wait.
    if (outcome.outcome === "refused") return;
  }
  inBackground(context, () => dispatchNext(context, claim.message));
}

/** Dispatches what waits longest for this contact, if anything does. Throws what the database throws. */
export async function dispatchNext(
  context: Context,
  { workspace_id: workspaceId, contact_id: contactId }: OutboundRow,
): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ id: string }>`
      select id from public.messages
      where workspace_id = ${workspaceId} and contact_id = ${contactId}
        and direction = 'outbound' and status = 'pending'
      order by created_at, id limit 1
    `.execute(trx),
  );
  const [next] = rows;
  if (next) await dispatchMessage(context, { workspaceId, messageId: next.id });
}

const underWay = new WeakMap<Database, Set<Promise<void>>>();

function inBackground(context: Context, work: () => Promise<void>): void {
  const running = underWay.get(context.database) ?? new Set();
  underWay.set(context.database, running);
  const done = work()
    .catch((error: unknown) => {
      // The sweep finds the text again.
      context.log.warn({ err: error }, "the next text could not be dispatched");
    })
    .finally(() => running.delete(done));
  running.add(done);
}

/** Resolves when no dispatch runs in the background any more: call before the database closes. */
export async function settleDispatches(database: Database): Promise<void> {
  const running = underWay.get(database);
  while (running && running.size > 0) await Promise.all(running);
}

type Claim = { outcome: "claimed" | "stopped"; message: OutboundRow };

/**
 * Takes a waiting text for one attempt, in a transaction of its own; null when it
 * is not its turn. `stopped`: its contact has opted out, so it failed instead.
 */
async function claimMessage(
  database: Database,
  { workspaceId, messageId }: MessageKey,
): Promise<Claim | null> {
  return database.asSystem(async (trx) => {
    const { rows } = await sql<{ contact_id: string }>`
      select contact_id from public.messages
      where workspace_id = ${workspaceId} and id = ${messageId}
        and direction = 'outbound' and status = 'pending'
    `.execute(trx);
    const [waiting] = rows;
    if (!waiting) return null;
    // The contact's row makes claims take turns, and waits for a STOP that is being stored.
    const contacts = await sql<{ opted_out_at: Date | null; phone_number: string }>`
      select opted_out_at, phone_number from public.contacts
      where workspace_id = ${workspaceId} and id = ${waiting.contact_id}
      for no key update
    `.execute(trx);
    const [contact] = contacts.rows;
    if (!contact) return null;
    const isOptedOut = contact.opted_out_at !== null;
    const claimed = isOptedOut
      ? await sql<OutboundRow>`
          update public.messages
          set status = 'failed', error_code = ${optedOutErrorCode},
            error_message = ${explainError(optedOutErrorCode, "")}
          where workspace_id = ${workspaceId} and id = ${messageId} and status = 'pending'
          returning *
        `.execute(trx)
      : await sql<OutboundRow>`
          update public.messages m
          set status = 'sending', attempt = attempt + 1, sending_since = clock_timestamp(),
            error_message = null,
            -- With Supabase a member may write the row: it is this contact's opt-out that counts.
            to_number = ${contact.phone_number}
          where m.workspace_id = ${workspaceId} and m.id = ${messageId} and m.status = 'pending'
            and not exists (
              select from public.messages earlier
              where earlier.workspace_id = m.workspace_id and earlier.contact_id = m.contact_id
                and earlier.status in ('pending', 'sending')
                and (earlier.created_at, earlier.id) < (m.created_at, m.id)
            )
          returning *
        `.execute(trx);
    const [message] = claimed.rows;
    if (!message) return null;
    await publishMessage(trx, message);
    faultPoint("claim_written");
    return { outcome: isOptedOut ? "stopped" : "claimed", message };
  });
}

async function attempt(
  context: Context,
  message: OutboundRow,
  credentials: TwilioCredentials | null,
): Promise<SendOutcome> {
  const claimedAtMs = performance.now();
  const { workspace_id: workspaceId, id: messageId } = message;
  if (!credentials || message.from_number === null || message.to_number === null) {
    return {
      outcome: "rejected",
      errorCode: null,
      errorMessage: "This workspace is no longer connected to Twilio. Connect it and send again.",
    };
  }
  let mediaUrls: string[];
  try {
    mediaUrls =
      message.message_type === "media"
        ? await buildCarrierMediaUrls(context, workspaceId, messageId)
        : [];
  } catch (error) {
    context.log.warn({ err: error, messageId }, "the links of a text's files could not be made");
    return { outcome: "refused", reason: "The files could not be read.", retryAfterMs: null };
  }
  if (performance.now() - claimedAtMs > claimLifeMs) {
    return { outcome: "refused", reason: "The server was too busy.", retryAfterMs: null };
  }
  try {
    return await context.twilio.sendMessage(credentials, {
      from: message.from_number,
      to: message.to_number,
      body: message.content,
      mediaUrls,
      statusCallback: `${context.config.baseUrl}/api/twilio/status/${workspaceId}?messageId=${messageId}&round=${message.round}`,
    });
  } catch (error) {
    context.log.error({ err: error, messageId }, "the carrier's client failed");
    return { outcome: "unknown", reason: "The attempt broke off." };
  }
}

async function storeOutcome(
  context: Context,
  message: OutboundRow,
  outcome: SendOutcome,
): Promise<void> {
  for (const [index, pauseMs] of storePausesMs.entries()) {
    await sleep(pauseMs);
    try {
      await context.database.asSystem(async (trx) => {
        await store(context, trx, message, outcome);
        faultPoint("outcome_written");
      });
      return;
    } catch (error) {
      // What is not stored is found again by the sweep, the status reports and the carrier's list.
      if (index === storePausesMs.length - 1) throw error;
    }
  }
}

async function store(
  context: Context,
  trx: Transaction<Tables>,
  claimed: OutboundRow,
  outcome: SendOutcome,
): Promise<void> {
  const { rows } = await sql<OutboundRow>`
    select * from public.messages
    where workspace_id = ${claimed.workspace_id} and id = ${claimed.id} for update
  `.execute(trx);
  const [current] = rows;
  if (!current) return;
  // Only this claim's own attempt, and only while nothing better is known.
  const isOpen =
    current.attempt === claimed.attempt &&
    current.twilio_sid === null &&
    (current.status === "sending" || current.status === "unconfirmed");
  if (!isOpen) {
    if (outcome.outcome === "accepted" && current.twilio_sid !== outcome.sid) {
      context.log.warn(
        { messageId: claimed.id, messageSid: outcome.sid },
        "the carrier took a text that had gone another way meanwhile",
      );
    }
    return;
  }
  switch (outcome.outcome) {
    case "accepted": {
      const bound = await update(trx, current, {
        status: "queued",
        twilio_sid: outcome.sid,
        num_segments: outcome.numSegments,
        error_message: null,
      });
      await replayStatuses(trx, bound, { isChanged: true });
      return;
    }
    case "refused": {
      if (current.status !== "sending") return;
      if (current.attempt >= maxAttempts) {
        const error_message = `${outcome.reason} It was tried ${current.attempt} times.`;
        await publishMessage(trx, await update(trx, current, { status: "failed", error_message }));
        return;
      }
      const waiting = await update(trx, current, {
        status: "pending",
        error_message: outcome.reason,
      });
      await context.jobs.enqueue(
        trx,
        "dispatch_message",
        { workspaceId: current.workspace_id, messageId: current.id },
        { startAfterSeconds: Math.ceil(chooseRetryMs(current.attempt, outcome) / 1000) },
      );
      await publishMessage(trx, waiting);
      return;
    }
    case "unknown":
      if (current.status !== "sending") return;
      await publishMessage(
        trx,
        await update(trx, current, { status: "unconfirmed", error_message: outcome.reason }),
      );
      return;
    case "rejected": {
      const failed = await update(trx, current, {
        status: "failed",
        error_code: outcome.errorCode,
        error_message: outcome.errorMessage,
      });
      const contact = outcome.errorCode === optedOutErrorCode ? await optOut(trx, current) : null;
      await publishMessage(trx, failed);
      if (contact) {
        await appendEvent(trx, current.workspace_id, "contact_updated", {
          contact: presentContact(contact),
        });
      }
      return;
    }
    default:
      outcome satisfies never;
  }
}

/** Full jitter, so that texts that were refused together don't come back together. */
function chooseRetryMs(
  attempts: number,
  { retryAfterMs }: { retryAfterMs: number | null },
): number {
  const ceilingMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts, 10));
  return (retryAfterMs ?? 0) + Math.max(1, Math.random() * ceilingMs);
}

async function update(
  trx: Transaction<Tables>,
  { workspace_id, id }: OutboundRow,
  change: Record<string, string | number | null>,
): Promise<OutboundRow> {
  const updated: unknown = await trx
    .updateTable("public.messages")
    .set(change)
    .where("workspace_id", "=", workspace_id)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return updated as OutboundRow;
}
