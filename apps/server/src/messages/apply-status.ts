import {
  canAdvanceStatus,
  type MessageStatus,
  parseTwilioStatus,
  rankStatus,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { findOptOutHolder } from "../contacts/find-opt-out-holder.ts";
import { getContact } from "../contacts/get-contact.ts";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { recordConsent } from "../contacts/record-consent.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { explainError, optedOutErrorCode } from "../twilio/error-catalogue.ts";
import { cancelWaitingTexts } from "./cancel-waiting-texts.ts";
import { type MessageKey, type OutboundRow, publishMessage } from "./messages-store.ts";
import type { MessageRow } from "./present-message.ts";

/** The source under which the carrier's own record of a text stands among the reports. */
export const recordSource = "record";

/** What a carrier reports of one of its messages. */
export interface StatusReport {
  workspaceId: string;
  accountSid: string;
  messageSid: string;
  /** The carrier's own word. */
  status: string;
  errorCode: number | null;
  errorMessage: string | null;
  /** The report as it came. */
  payload: Record<string, string>;
  /** Our own id and the round, from the address that the report was sent to. */
  messageId: string | null;
  round?: number | null;
}

/**
 * Keeps a status report, once, and moves its message forward if it says
 * something newer. A report that comes before its message is known waits for it.
 * Run it in a transaction of the server's own; throws what the database throws.
 */
export async function applyStatusReport(
  trx: Transaction<Tables>,
  report: StatusReport,
): Promise<void> {
  const message = await findReported(trx, report);
  const earlier = message ? null : await findEarlierRound(trx, report);
  await sql`
    insert into public.message_status_events as known (
      workspace_id, message_id, account_sid, message_sid, status, error_code, error_message, payload
    )
    values (
      ${report.workspaceId}, ${message?.id ?? earlier?.message_id ?? null}, ${report.accountSid}, ${report.messageSid},
      ${report.status}, ${report.errorCode}, ${report.errorMessage},
      ${JSON.stringify(report.payload)}::text::jsonb
    )
    on conflict (workspace_id, account_sid, message_sid, status) do update
      -- The second report of one state may be the one that names the reason.
      set error_code = excluded.error_code, error_message = excluded.error_message
      where known.error_code is null and excluded.error_code is not null
  `.execute(trx);
  if (message) await replayStatuses(trx, message, { isChanged: message.isJustBound });
  else if (earlier) await completeEarlierRound(trx, earlier, report);
}

interface EarlierRound {
  id: string;
  workspace_id: string;
  message_id: string;
  status: string;
}

async function findEarlierRound(
  trx: Transaction<Tables>,
  { workspaceId, messageSid }: StatusReport,
): Promise<EarlierRound | null> {
  const { rows } = await sql<EarlierRound>`
    select id, workspace_id, message_id, status from public.message_attempts
    where workspace_id = ${workspaceId} and twilio_sid = ${messageSid} for update
  `.execute(trx);
  return rows[0] ?? null;
}

/** What is reported of a round that is over belongs to its history alone. */
async function completeEarlierRound(
  trx: Transaction<Tables>,
  { id, workspace_id: workspaceId }: EarlierRound,
  report: StatusReport,
): Promise<void> {
  const next = parseTwilioStatus(report.status);
  if (next !== "delivered") return;
  await sql`
    update public.message_attempts set status = ${next}
    where workspace_id = ${workspaceId} and id = ${id}
  `.execute(trx);
}

async function findReported(
  trx: Transaction<Tables>,
  { workspaceId, messageSid, messageId, round }: StatusReport,
): Promise<(OutboundRow & { isJustBound: boolean }) | null> {
  const known = await lockBySid(trx, workspaceId, messageSid);
  if (known) return { ...known, isJustBound: false };
  if (messageId === null) return null;
  const bound = await bindSid(trx, { workspaceId, messageId }, messageSid, round ?? null);
  if (bound) return { ...bound, isJustBound: true };
  // The dispatcher may have stored the SID while we waited for its row.
  const late = await lockBySid(trx, workspaceId, messageSid);
  return late ? { ...late, isJustBound: false } : null;
}

async function lockBySid(
  trx: Transaction<Tables>,
  workspaceId: string,
  messageSid: string,
): Promise<OutboundRow | null> {
  const { rows } = await sql<OutboundRow>`
    select * from public.messages
    where workspace_id = ${workspaceId} and twilio_sid = ${messageSid} and direction = 'outbound'
    for update
  `.execute(trx);
  return rows[0] ?? null;
}

/**
 * Gives a message whose fate was open the carrier's SID; null when it has one
 * already, was never attempted, is over, or is in another round than the one that
 * the SID is of. The caller tells the browsers.
 */
export async function bindSid(
  trx: Transaction<Tables>,
  { workspaceId, messageId }: MessageKey,
  messageSid: string,
  round: number | null,
): Promise<OutboundRow | null> {
  const { rows } = await sql<OutboundRow>`
    update public.messages m
    set twilio_sid = ${messageSid},
      status = case when status = 'sent' then status else 'queued' end,
      error_message = null
    where workspace_id = ${workspaceId} and id = ${messageId} and direction = 'outbound'
      and twilio_sid is null and attempt > 0
      and (${round}::integer is null or round = ${round}::integer)
      and not exists (
        select from public.message_attempts earlier
        where earlier.workspace_id = m.workspace_id and earlier.twilio_sid = ${messageSid}
      )
      -- A person's word that it arrived makes it sent, without a SID.
      and status in ('pending', 'sending', 'unconfirmed', 'sent')
    returning *
  `.execute(trx);
  return rows[0] ?? null;
}

/**
 * Brings a message whose row this transaction holds to the furthest status that
 * was ever reported for it, in whatever order the reports came, and tells the
 * browsers if that, or `isChanged`, changed it.
 */
export async function replayStatuses(
  trx: Transaction<Tables>,
  message: OutboundRow,
  { isChanged }: { isChanged: boolean },
): Promise<void> {
  const { rows: reports } = await sql<{
    status: string;
    error_code: number | null;
    error_message: string | null;
    sender: string | null;
    is_record: boolean;
  }>`
    select status, error_code, error_message,
      -- A Messaging Service chooses the sender; the report names it.
      nullif(payload ->> 'From', '') as sender,
      coalesce(payload ->> 'source' = ${recordSource} or payload ? 'isOnRecord', false) as is_record
    from public.message_status_events
    where workspace_id = ${message.workspace_id} and message_sid = ${message.twilio_sid}
    order by created_at, id
  `.execute(trx);
  await sql`
    update public.message_status_events set message_id = ${message.id}
    where workspace_id = ${message.workspace_id} and message_sid = ${message.twilio_sid}
      and message_id is null
  `.execute(trx);

  let status: MessageStatus = message.status;
  let errorCode = message.error_code;
  let errorMessage = message.error_message;
  let sender = message.from_number;
  const endings = new Set<MessageStatus>();
  for (const report of reports) {
    sender ??= report.sender?.slice(0, 64) ?? null;
    const next = parseTwilioStatus(report.status);
    if (next === null || next === "received") continue;
    if (isFinal(next)) endings.add(next);
    if (canAdvanceStatus(status, next)) status = next;
    // A report that loses the race may still be the one that names the reason.
    if (next === status && report.error_code !== null && errorCode === null) {
      errorCode = report.error_code;
      errorMessage = explainError(
        report.error_code,
        report.error_message ?? `Twilio reports error ${report.error_code}.`,
      );
    }
  }
  const isMoved =
    status !== message.status || errorCode !== message.error_code || sender !== message.from_number;
  // Two endings: the first one stands until the carrier's own record has settled it.
  if (endings.size > 1 && !reports.some((report) => report.is_record)) {
    await sql`
      update public.messages set needs_check = true
      where workspace_id = ${message.workspace_id} and id = ${message.id} and not needs_check
    `.execute(trx);
  }
  if (!isMoved && !isChanged) return;
  const { rows } = await sql<OutboundRow>`
    update public.messages
    set status = ${status}, error_code = ${errorCode}, error_message = ${errorMessage},
      from_number = ${sender}
    where workspace_id = ${message.workspace_id} and id = ${message.id}
    returning *
  `.execute(trx);
  const [row] = rows;
  if (!row) return;
  const contact =
    errorCode !== message.error_code && errorCode === optedOutErrorCode
      ? await optOut(trx, row)
      : null;
  await publishMessage(trx, row);
  if (contact) {
    await appendEvent(trx, row.workspace_id, "contact_updated", {
      contact: presentContact(contact),
    });
  }
}

function isFinal(status: MessageStatus): boolean {
  return rankStatus(status) === rankStatus("delivered");
}

/**
 * Marks the number that the message went to as opted out, as the carrier says, keeps that on
 * record and calls off what waits for them; null when we knew. The caller tells
 * the browsers of the contact, and changes no more rows.
 */
export async function optOut(
  trx: Transaction<Tables>,
  message: Pick<MessageRow, "workspace_id" | "contact_id" | "card_id"> & Partial<MessageRow>,
): Promise<ContactRow | null> {
  const { workspace_id: workspaceId, contact_id: contactId } = message;
  // It holds for the number that was texted, and for no other of the same person.
  const cardId = message.card_id ?? contactId;
  // The lock comes first: a START that is arriving is then either seen or comes next.
  await getContact(trx, workspaceId, cardId, { lock: true });
  if ((await findOptOutHolder(trx, workspaceId, cardId)) === "customer") return null;
  await recordConsent(trx, {
    workspaceId,
    contactId: cardId,
    action: "opted_out",
    source: "carrier_error",
    note: null,
    ourNumber: message.from_number ?? null,
    messageSid: message.twilio_sid ?? null,
    errorCode: optedOutErrorCode,
  });
  await sql`
    update public.contacts set opted_out_at = coalesce(opted_out_at, now())
    where workspace_id = ${workspaceId} and id = ${cardId}
  `.execute(trx);
  for (const row of await cancelWaitingTexts(trx, workspaceId, contactId)) {
    await publishMessage(trx, row);
  }
  return getContact(trx, workspaceId, contactId);
}
