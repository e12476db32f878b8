import { sql, type Transaction } from "kysely";
import { presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { chooseSender, type Sender } from "./choose-sender.ts";
import { dispatchMessage } from "./dispatch-message.ts";
import { type MessageKey, type OutboundRow, presentWithMedia } from "./messages-store.ts";
import { showAsLast } from "./show-as-last.ts";

const furthestDays = 366;
/** A browser's clock may be behind ours, and the request takes its time. */
const lateMs = 60_000;
const batch = 100;

/** Throws `schedule_invalid` for a time that is over, or more than a year away. */
export function checkSchedule(at: Date): void {
  const inMs = at.getTime() - Date.now();
  if (inMs < -lateMs) {
    throw new DomainError("schedule_invalid", "This time is over. Choose a later one.");
  }
  if (inMs > furthestDays * 86_400_000) {
    throw new DomainError("schedule_invalid", "A text can be scheduled for a year at most.");
  }
}

/** Asks for the text to be sent at its time, in the transaction that schedules it. */
export async function enqueueRelease(
  { jobs }: Context,
  trx: Transaction<Tables>,
  key: MessageKey,
  at: Date,
): Promise<void> {
  const startAfterSeconds = Math.max(1, Math.ceil((at.getTime() - Date.now()) / 1000));
  await jobs.enqueue(trx, "release_scheduled", key, { startAfterSeconds });
}

/**
 * Puts a scheduled text in line if its time has come, and sends it. Does nothing
 * for one that was changed to a later time, called off, or is on its way. Safe to
 * call any number of times. Throws what the database throws.
 */
export async function releaseScheduled(context: Context, key: MessageKey): Promise<void> {
  const isReleased = await context.database.asSystem(async (trx) => {
    const found = await lockScheduled(trx, key);
    if (!found?.is_due) return false;
    await putInLine(trx, found);
    return true;
  });
  if (isReleased) await dispatchMessage(context, key);
}

/** Releases what no job released. Throws what the database throws. */
export async function releaseOverdue(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ workspace_id: string; id: string }>`
      select workspace_id, id from public.messages
      where status = 'scheduled' and scheduled_for < now() - interval '5 seconds'
      order by scheduled_for limit ${batch}
    `.execute(trx),
  );
  for (const { workspace_id: workspaceId, id: messageId } of rows) {
    try {
      await releaseScheduled(context, { workspaceId, messageId });
    } catch (error) {
      context.log.warn({ err: error, messageId }, "a scheduled text could not be released");
    }
  }
}

interface ScheduledRow extends OutboundRow {
  is_due: boolean;
  /** Where the customer wrote to since the text was scheduled. */
  answered_to: string | null;
}

/**
 * The text if it is still scheduled, and its contact not deleted; its contact's row and its own held: in this
 * order, which is the order of an answer that comes in. Null otherwise.
 */
async function lockScheduled(
  trx: Transaction<Tables>,
  { workspaceId, messageId }: MessageKey,
): Promise<ScheduledRow | null> {
  await sql`
    select from public.contacts c
    where c.workspace_id = ${workspaceId} and c.id = (
      select contact_id from public.messages
      where workspace_id = ${workspaceId} and id = ${messageId}
    )
    for no key update
  `.execute(trx);
  const { rows } = await sql<ScheduledRow>`
    select m.*, scheduled_for <= clock_timestamp() as is_due,
      (
        select i.to_number from public.messages i
        where i.workspace_id = m.workspace_id and i.contact_id = m.contact_id
          and i.card_id is not distinct from m.card_id
          and i.direction = 'inbound' and i.created_at > m.round_since
        order by i.created_at desc limit 1
      ) as answered_to
    from public.messages m
    where workspace_id = ${workspaceId} and id = ${messageId}
      and direction = 'outbound' and status = 'scheduled'
      and exists (
        select from public.contacts c
        where c.workspace_id = m.workspace_id and c.id = m.contact_id and c.deleted_at is null
      )
    for update
  `.execute(trx);
  return rows[0] ?? null;
}

/** Makes a scheduled text one that waits to be sent, and tells the browsers. */
async function putInLine(trx: Transaction<Tables>, found: ScheduledRow): Promise<void> {
  const { workspace_id: workspaceId, id } = found;
  const sender = await chooseAnew(trx, found);
  const { rows } = await sql<OutboundRow>`
    update public.messages
    set status = 'pending',
      from_number = ${sender ? sender.fromNumber : found.from_number},
      messaging_service_sid = ${sender ? sender.messagingServiceSid : found.messaging_service_sid}
    where workspace_id = ${workspaceId} and id = ${id} and status = 'scheduled'
    returning *
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("conflict", "This text is no longer scheduled.");
  const contact = await showAsLast(trx, row);
  await appendEvent(trx, workspaceId, "new_message", {
    message: await presentWithMedia(trx, row),
    contact: presentContact(contact),
  });
}

/** Where the customer wrote to meanwhile, else what was chosen then; null when neither can be used now. */
async function chooseAnew(trx: Transaction<Tables>, found: ScheduledRow): Promise<Sender | null> {
  const chosen = found.messaging_service_sid ?? found.from_number;
  try {
    return await chooseSender(trx, {
      workspaceId: found.workspace_id,
      contactId: found.contact_id,
      cardId: found.card_id,
      from: found.answered_to === null ? chosen : null,
      hasMedia: found.message_type === "media",
    });
  } catch (error) {
    // Whoever wrote it is not here to be asked: the attempt shows what is wrong.
    if (error instanceof DomainError) return null;
    throw error;
  }
}
