import type { EditScheduledRequest, Message } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { checkContent } from "./check-content.ts";
import { checkIsTextable, numberOf } from "./choose-number.ts";
import {
  findMessage,
  listMessageMedia,
  type MessageKey,
  type OutboundRow,
  presentWithMedia,
  publishMessage,
} from "./messages-store.ts";
import { checkSchedule, enqueueRelease, releaseScheduled } from "./release-scheduled.ts";

/**
 * Changes the words or the time of a text that waits for its time. Throws
 * `message_not_found`, `conflict` when it is no longer scheduled, `message_empty`,
 * `message_too_long` and `schedule_invalid`.
 */
export async function editScheduled(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
  changes: EditScheduledRequest,
): Promise<Message> {
  return context.database.asMember(caller.userId, async (trx) => {
    const found = await getScheduled(trx, key);
    const content = changes.message === undefined ? found.content : toStorableText(changes.message);
    const media = await listMessageMedia(trx, key);
    checkContent({ content, fileCount: media.length });
    const at = changes.scheduledFor ? new Date(changes.scheduledFor) : null;
    if (at) checkSchedule(at);
    const row = await change(
      trx,
      key,
      sql`
        content = ${content},
        scheduled_for = coalesce(${at?.toISOString() ?? null}::text::timestamptz, scheduled_for),
        cancel_on_reply = coalesce(${changes.cancelOnReply ?? null}::boolean, cancel_on_reply)
      `,
    );
    if (at) await enqueueRelease(context, trx, key, at);
    return publishMessage(trx, row);
  });
}

/** Calls a scheduled text off. Throws `message_not_found`, and `conflict` when it is no longer scheduled. */
export async function cancelScheduled(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
): Promise<Message> {
  return context.database.asMember(caller.userId, async (trx) => {
    await getScheduled(trx, key);
    return publishMessage(trx, await change(trx, key, sql`status = 'canceled'`));
  });
}

/**
 * Schedules a text again that was called off, for the time that it had. Throws
 * `message_not_found`, `conflict` when it was not called off before it left,
 * `schedule_invalid` when its time is over, and what keeps a contact from being texted.
 */
export async function restoreScheduled(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
): Promise<Message> {
  return context.database.asMember(caller.userId, async (trx) => {
    const found = await findMessage(trx, key);
    if (!found) throw new DomainError("message_not_found", "There is no such message here.");
    if (found.status !== "canceled" || !found.scheduled_for) throw notCalledOff();
    if (found.scheduled_for.getTime() <= Date.now()) {
      throw new DomainError("schedule_invalid", "The time of this text is over. Write it anew.");
    }
    const contact = await getContact(trx, key.workspaceId, found.contact_id);
    checkIsTextable(contact, numberOf(contact, found.card_id));
    const { rows } = await sql<{ is_restored: boolean }>`
      select private.restore_scheduled(${key.workspaceId}, ${key.messageId}) as is_restored
    `.execute(trx);
    const row = rows[0]?.is_restored ? await findMessage(trx, key) : null;
    if (!row) throw notCalledOff();
    await enqueueRelease(context, trx, key, found.scheduled_for);
    return publishMessage(trx, row);
  });
}

/** Sends a scheduled text before its time. Throws `message_not_found`, and `conflict` when it is no longer scheduled. */
export async function sendScheduledNow(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
): Promise<Message> {
  const due = await context.database.asMember(caller.userId, async (trx) => {
    await getScheduled(trx, key);
    const row = await change(trx, key, sql`scheduled_for = now()`);
    await enqueueRelease(context, trx, key, new Date());
    return publishMessage(trx, row);
  });
  try {
    await releaseScheduled(context, key);
  } catch (error) {
    context.log.warn({ err: error, messageId: key.messageId }, "a text could not be sent at once");
    return due;
  }
  return context.database.asMember(caller.userId, async (trx) => {
    const row = await findMessage(trx, key);
    return row ? presentWithMedia(trx, row) : due;
  });
}

async function getScheduled(trx: Transaction<Tables>, key: MessageKey): Promise<OutboundRow> {
  const found = await findMessage(trx, key);
  if (!found) throw new DomainError("message_not_found", "There is no such message here.");
  if (found.status !== "scheduled") throw noLongerScheduled();
  return found;
}

async function change(
  trx: Transaction<Tables>,
  { workspaceId, messageId }: MessageKey,
  assignments: ReturnType<typeof sql>,
): Promise<OutboundRow> {
  const { rows } = await sql<OutboundRow>`
    update public.messages set ${assignments}
    where workspace_id = ${workspaceId} and id = ${messageId}
      and direction = 'outbound' and status = 'scheduled'
    returning *
  `.execute(trx);
  const [row] = rows;
  if (!row) throw noLongerScheduled();
  return row;
}

function notCalledOff(): DomainError {
  return new DomainError(
    "conflict",
    "This text was not called off, or can't be scheduled again. Look at its state again.",
  );
}

function noLongerScheduled(): DomainError {
  return new DomainError("conflict", "This text is no longer scheduled. Look at its state again.");
}
