import { setTimeout as sleep } from "node:timers/promises";
import { sql, type Transaction } from "kysely";
import { presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { buildCarrierMediaUrls } from "../media/build-carrier-media-urls.ts";
import type { Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { optedOutErrorCode } from "../twilio/error-catalogue.ts";
import { findCredentials } from "../twilio/find-credentials.ts";
import type { SendOutcome } from "../twilio/send-outcome.ts";
import type { TwilioCredentials } from "../twilio/twilio-client.ts";
import { optOut, replayStatuses } from "./apply-status.ts";
import { type Claim, claimMessage } from "./claim-message.ts";
import { type BegunAttempt, drainWorkspace, takeSlotNow } from "./drain-workspace.ts";
import { type MessageKey, type OutboundRow, publishMessage } from "./messages-store.ts";
import { endPause, lockSending, pauseSending } from "./pause-sending.ts";

type Claimed = Extract<Claim, { outcome: "claimed" }>;

/** For so long is a text tried that the carrier does not take; then it fails for a person to see. */
const giveUpHours = 4;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** A claim older than this may be taken for lost by the sweep, so it is no longer acted on. */
const claimLifeMs = 30_000;
const storePausesMs = [0, 200, 1_000];

/**
 * Brings a waiting text to the carrier: at most one `messages.create` for one
 * claim, which is committed before the call. Does nothing for a text that is not
 * waiting. One that an earlier one to the same contact holds up, or whose sender
 * or account is busy, goes out later, by itself. Safe to call at any time, from
 * anywhere, any number of times at once. Throws what the database throws.
 */
export async function dispatchMessage(context: Context, key: MessageKey): Promise<void> {
  const slot = takeSlotNow(context.database);
  // The queue is served in turns of the workspaces, which a crowd of requests must not get around.
  if (slot) {
    try {
      const claim = await beginAttempt(context, key);
      if (claim.outcome === "claimed") await claim.carry();
    } finally {
      slot.release();
    }
  }
  drainWorkspace(context, key.workspaceId, beginAttempt);
}

/** Sends what waits in a workspace, in the background. */
export function dispatchWaiting(context: Context, workspaceId: string): void {
  drainWorkspace(context, workspaceId, beginAttempt);
}

/** Claims a text; what was claimed has to be carried, which takes as long as the carrier does. */
async function beginAttempt(context: Context, key: MessageKey): Promise<BegunAttempt> {
  // Before the claim: a key that is missing from the ring must not cost the text its claim.
  const credentials = await findCredentials(context, key.workspaceId);
  const accountSid = credentials?.accountSid ?? null;
  const isLimited = accountSid !== null && (await context.twilio.isLimited(accountSid));
  const claim = await claimMessage(context.database, key, { accountSid, isLimited });
  if (claim.outcome !== "claimed") return claim;
  faultPoint("claim_committed");
  return {
    outcome: "claimed",
    carry: async () => {
      const outcome = await attempt(context, claim.message, credentials);
      faultPoint("carrier_answered");
      await storeOutcome(context, claim, outcome);
      faultPoint("outcome_committed");
    },
  };
}

async function attempt(
  context: Context,
  message: OutboundRow,
  credentials: TwilioCredentials | null,
): Promise<SendOutcome> {
  const claimedAtMs = performance.now();
  const { workspace_id: workspaceId, id: messageId } = message;
  if (!credentials || !hasSender(message) || message.to_number === null) {
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
      messagingServiceSid: message.messaging_service_sid,
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

function hasSender(message: OutboundRow): boolean {
  return message.from_number !== null || message.messaging_service_sid !== null;
}

async function storeOutcome(context: Context, claim: Claimed, outcome: SendOutcome): Promise<void> {
  for (const [index, pauseMs] of storePausesMs.entries()) {
    await sleep(pauseMs);
    try {
      await context.database.asSystem(async (trx) => {
        await store(context, trx, claim, outcome);
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
  { message: claimed, isProbe }: Claimed,
  outcome: SendOutcome,
): Promise<void> {
  const sending =
    isProbe || outcome.outcome === "account_refused" ? await lockSending(trx, claimed) : null;
  await storeMessage(context, trx, claimed, outcome);
  if (!sending) return;
  if (outcome.outcome === "account_refused") await pauseSending(trx, sending, outcome);
  // Whatever else Twilio said, it said it to an account that it knows.
  else if (outcome.outcome === "accepted" || outcome.outcome === "rejected") {
    await endPause(trx, sending);
  }
}

async function storeMessage(
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
      if (Date.now() - current.round_since.getTime() > giveUpHours * 3_600_000) {
        const error_message = `${outcome.reason} It was tried for ${giveUpHours} hours.`;
        await publishMessage(trx, await update(trx, current, { status: "failed", error_message }));
        return;
      }
      const retryMs = chooseRetryMs(current.attempt, outcome);
      const waiting = await update(trx, current, {
        status: "pending",
        error_message: outcome.reason,
        send_after: new Date(Date.now() + retryMs).toISOString(),
      });
      await context.jobs.enqueue(
        trx,
        "dispatch_message",
        { workspaceId: current.workspace_id, messageId: current.id },
        { startAfterSeconds: Math.ceil(retryMs / 1000) },
      );
      await publishMessage(trx, waiting);
      return;
    }
    case "account_refused":
      // Provably not taken, and not its fault: it waits until the account works again.
      if (current.status !== "sending") return;
      await publishMessage(
        trx,
        await update(trx, current, { status: "pending", error_message: outcome.reason }),
      );
      return;
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
