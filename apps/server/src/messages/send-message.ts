import type { Message, SendSmsResponse, sendSmsRequest } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { v7 as createUuid } from "uuid";
import type * as z from "zod";
import { followContact, getContact } from "../contacts/get-contact.ts";
import { presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { claimUploads } from "../media/claim-uploads.ts";
import { createMediaLinks } from "../media/sign-media-link.ts";
import type { Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { checkContent } from "./check-content.ts";
import { checkIsTextable, chooseNumber, type TargetNumber } from "./choose-number.ts";
import { chooseSender, type Sender } from "./choose-sender.ts";
import { dispatchMessage } from "./dispatch-message.ts";
import { findMessage, type OutboundRow, presentWithMedia } from "./messages-store.ts";
import { type MessageRow, presentMessage } from "./present-message.ts";
import { checkSchedule, enqueueRelease } from "./release-scheduled.ts";
import { showAsLast } from "./show-as-last.ts";

/** When the text is brought on its way if this process no longer can. */
const safetyNetSeconds = 20;

type Request = z.output<typeof sendSmsRequest>;

/**
 * Accepts a text to a contact and brings it to the carrier. Once this resolves,
 * the text is stored and will be sent, at its time if it has one, or show why
 * not: its status tells. A second call with the same id sends nothing again and
 * returns the first one's text. Throws `workspace_not_found`,
 * `contact_not_found`, `message_empty`, `message_too_long`, `contact_opted_out`,
 * `contact_not_textable`, `contact_is_landline`, `schedule_invalid`, `conflict`
 * for an id that another text has or a number that is not the contact's, and what `chooseSender` and `claimUploads`
 * throw; then nothing was stored.
 */
export async function sendMessage(
  context: Context,
  caller: { userId: string },
  request: Request,
): Promise<SendSmsResponse> {
  const { workspaceId, contactId, mediaUrls } = request;
  const messageId = request.id?.toLowerCase() ?? createUuid();
  const key = { workspaceId, messageId };
  const draft: Draft = {
    ...key,
    contactId,
    content: toStorableText(request.message),
    mediaUrls,
    userId: caller.userId,
    from: request.from ?? null,
    to: request.to ?? null,
    scheduledFor: request.scheduledFor ? new Date(request.scheduledFor) : null,
    cancelOnReply: request.cancelOnReply,
  };

  const accepted = await context.database.asMember(caller.userId, async (trx) => {
    // Repeats take turns, so that none is refused for what changed while the first is being stored.
    await sql`select pg_advisory_xact_lock(hashtextextended(${messageId}, 0))`.execute(trx);
    const known = await findMessage(trx, key);
    if (known) return present(trx, checkRepeat(known, draft));
    checkContent({ content: draft.content, fileCount: mediaUrls.length });
    if (draft.scheduledFor) checkSchedule(draft.scheduledFor);
    await checkMembership(trx, workspaceId);
    const contact = await followContact(trx, workspaceId, contactId);
    const number = await chooseNumber(trx, contact, draft);
    checkIsTextable(contact, number);
    const target = { workspaceId, contactId: contact.id, cardId: number.cardId };
    if (!request.sendAnyway) await checkIsNoLandline(trx, target);
    const sender = await chooseSender(trx, {
      ...target,
      from: draft.from,
      hasMedia: mediaUrls.length > 0,
    });
    const inserted = await insertMessage(trx, { ...draft, ...target, sender, number });
    // A repeat was found above: this id is another workspace's.
    if (!inserted) throw idTaken();
    const media =
      mediaUrls.length === 0
        ? []
        : await claimUploads(trx, {
            ...key,
            mediaUrls,
            links: createMediaLinks({ keys: context.keys, baseUrl: context.config.baseUrl }),
          });
    const updated = draft.scheduledFor
      ? await getContact(trx, workspaceId, inserted.contact_id)
      : await showAsLast(trx, inserted);
    if (draft.scheduledFor) await enqueueRelease(context, trx, key, draft.scheduledFor);
    else {
      await context.jobs.enqueue(trx, "dispatch_message", key, {
        startAfterSeconds: safetyNetSeconds,
      });
    }
    const message = presentMessage(inserted, media);
    await appendEvent(trx, workspaceId, "new_message", {
      message,
      contact: presentContact(updated),
    });
    faultPoint("send_written");
    return message;
  });

  faultPoint("send_committed");
  if (accepted.status !== "pending") return answer(accepted);
  try {
    await dispatchMessage(context, key);
  } catch (error) {
    // The text is stored: the job and the sweep take it from here.
    context.log.warn({ err: error, messageId }, "a text could not be dispatched at once");
    return answer(accepted);
  }
  return answer(
    await context.database.asMember(caller.userId, async (trx) => {
      const row = await findMessage(trx, key);
      return row ? presentWithMedia(trx, row) : accepted;
    }),
  );
}

interface Draft {
  workspaceId: string;
  messageId: string;
  contactId: string;
  content: string;
  mediaUrls: readonly string[];
  userId: string;
  from: string | null;
  to: string | null;
  scheduledFor: Date | null;
  cancelOnReply: boolean;
}

function answer(message: Message): SendSmsResponse {
  return { success: true, message, twilioSid: message.twilioSid };
}

const present = presentWithMedia;

function idTaken(): DomainError {
  return new DomainError("conflict", "Another text has this id. Send it with a new one.");
}

function checkRepeat(known: OutboundRow, draft: Draft): OutboundRow {
  const isSame =
    known.direction === "outbound" &&
    // A merge since then, or its end, has moved the text with its number.
    (known.contact_id === draft.contactId ||
      known.card_id === draft.contactId ||
      (draft.to !== null && known.to_number === draft.to)) &&
    known.created_by === draft.userId &&
    known.content === draft.content &&
    (known.message_type === "media") === draft.mediaUrls.length > 0;
  if (!isSame) throw idTaken();
  return known;
}

async function checkMembership(trx: Transaction<Tables>, workspaceId: string): Promise<void> {
  const { rows } = await sql<{ role: string | null }>`
    select private.my_role(${workspaceId}) as role
  `.execute(trx);
  if (!rows[0]?.role) {
    throw new DomainError("workspace_not_found", "There is no such workspace for you.");
  }
}

/** A number that could not be texted before, and from which nothing has come since, most likely never can. */
async function checkIsNoLandline(
  trx: Transaction<Tables>,
  {
    workspaceId,
    contactId,
    cardId,
  }: { workspaceId: string; contactId: string; cardId: string | null },
): Promise<void> {
  const { rows } = await sql`
    select 1 from public.messages failed
    where failed.workspace_id = ${workspaceId} and failed.contact_id = ${contactId}
      and failed.card_id is not distinct from ${cardId}::uuid
      and failed.error_code in (21614, 30006)
      and not exists (
        select from public.messages later
        where later.workspace_id = ${workspaceId} and later.contact_id = ${contactId}
          and later.card_id is not distinct from failed.card_id
          and later.created_at > failed.created_at and later.status in ('received', 'delivered')
      )
    limit 1
  `.execute(trx);
  if (rows.length > 0) {
    throw new DomainError(
      "contact_is_landline",
      "The carrier said that this number is a landline, which can't receive texts. Check the number, or send it anyway.",
    );
  }
}

async function insertMessage(
  trx: Transaction<Tables>,
  draft: Draft & { cardId: string | null; sender: Sender; number: TargetNumber },
): Promise<MessageRow | null> {
  const { rows } = await sql<MessageRow>`
    insert into public.messages (
      id, workspace_id, contact_id, card_id, direction, content, message_type, status,
      from_number, messaging_service_sid, to_number, created_by, scheduled_for, cancel_on_reply
    )
    values (
      ${draft.messageId}, ${draft.workspaceId}, ${draft.contactId}, ${draft.cardId},
      'outbound', ${draft.content},
      ${draft.mediaUrls.length > 0 ? "media" : "text"},
      ${draft.scheduledFor ? "scheduled" : "pending"},
      ${draft.sender.fromNumber}, ${draft.sender.messagingServiceSid},
      ${draft.number.phoneNumber}, ${draft.userId},
      ${draft.scheduledFor?.toISOString() ?? null}::text::timestamptz,
      ${draft.scheduledFor !== null && draft.cancelOnReply}
    )
    on conflict (id) do nothing
    returning *
  `.execute(trx);
  return rows[0] ?? null;
}
