import {
  type Message,
  maxTextLength,
  type SendSmsResponse,
  type sendSmsRequest,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { v7 as createUuid } from "uuid";
import type * as z from "zod";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { claimUploads } from "../media/claim-uploads.ts";
import { createMediaLinks } from "../media/sign-media-link.ts";
import type { Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { dispatchMessage } from "./dispatch-message.ts";
import { findMessage, type OutboundRow, presentWithMedia } from "./messages-store.ts";
import { type MessageRow, presentMessage } from "./present-message.ts";

/** When the text is brought on its way if this process no longer can. */
const safetyNetSeconds = 20;

type Request = z.output<typeof sendSmsRequest>;

/**
 * Accepts a text to a contact and brings it to the carrier. Once this resolves,
 * the text is stored and will be sent, or show why not: its status tells. A
 * second call with the same id sends nothing again and returns the first one's
 * text. Throws `workspace_not_found`, `contact_not_found`, `message_empty`,
 * `message_too_long`, `contact_opted_out`, `contact_not_textable`,
 * `twilio_not_connected`, `no_sender_number`, `conflict` for an id that another
 * text has, and what `claimUploads` throws; then nothing was stored.
 */
export async function sendMessage(
  context: Context,
  caller: { userId: string },
  request: Request,
): Promise<SendSmsResponse> {
  const { workspaceId, contactId, mediaUrls } = request;
  const messageId = request.id?.toLowerCase() ?? createUuid();
  const key = { workspaceId, messageId };
  // Postgres text holds no NUL, and half of a surrogate pair cannot be encoded.
  const content = request.message.replaceAll("\0", "").toWellFormed();
  const draft = { ...key, contactId, content, mediaUrls, userId: caller.userId };

  const accepted = await context.database.asMember(caller.userId, async (trx) => {
    const known = await findMessage(trx, key);
    if (known) return present(trx, checkRepeat(known, draft));
    checkContent(draft);
    await checkMembership(trx, workspaceId);
    const contact = await getTextableContact(trx, draft);
    const sender = await getSender(trx, draft);
    const inserted = await insertMessage(trx, { ...draft, sender, contact });
    if (!inserted) {
      // Another request with this id was faster by a moment.
      const winner = await findMessage(trx, key);
      if (!winner) throw idTaken();
      return present(trx, checkRepeat(winner, draft));
    }
    const media =
      mediaUrls.length === 0
        ? []
        : await claimUploads(trx, {
            ...key,
            mediaUrls,
            links: createMediaLinks({ keys: context.keys, baseUrl: context.config.baseUrl }),
          });
    const updated = await touchContact(trx, draft);
    await context.jobs.enqueue(trx, "dispatch_message", key, {
      startAfterSeconds: safetyNetSeconds,
    });
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

type Draft = {
  workspaceId: string;
  messageId: string;
  contactId: string;
  content: string;
  mediaUrls: readonly string[];
  userId: string;
};

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
    known.contact_id === draft.contactId &&
    known.created_by === draft.userId &&
    known.content === draft.content &&
    (known.message_type === "media") === draft.mediaUrls.length > 0;
  if (!isSame) throw idTaken();
  return known;
}

function checkContent({ content, mediaUrls }: Draft): void {
  if (content.trim() === "" && mediaUrls.length === 0) {
    throw new DomainError("message_empty", "Write something or attach a file.");
  }
  if (content.length > maxTextLength) {
    throw new DomainError(
      "message_too_long",
      `A text holds at most ${maxTextLength} characters. Split it in two.`,
    );
  }
}

async function checkMembership(trx: Transaction<Tables>, workspaceId: string): Promise<void> {
  const { rows } = await sql<{ role: string | null }>`
    select private.my_role(${workspaceId}) as role
  `.execute(trx);
  if (!rows[0]?.role) {
    throw new DomainError("workspace_not_found", "There is no such workspace for you.");
  }
}

async function getTextableContact(
  trx: Transaction<Tables>,
  { workspaceId, contactId }: Draft,
): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    select * from public.contacts where workspace_id = ${workspaceId} and id = ${contactId}
  `.execute(trx);
  const [contact] = rows;
  if (!contact) throw new DomainError("contact_not_found", "There is no such contact here.");
  if (contact.address_type === "alphanumeric") {
    throw new DomainError(
      "contact_not_textable",
      "This sender is a name, not a number, so it can't be answered.",
    );
  }
  if (contact.opted_out_at !== null) {
    throw new DomainError(
      "contact_opted_out",
      "This customer has opted out. Only they can opt in again, by texting START.",
    );
  }
  return contact;
}

/** The number that the customer wrote to last, so that they see one conversation; else our first one. */
async function getSender(
  trx: Transaction<Tables>,
  { workspaceId, contactId }: Draft,
): Promise<string> {
  const { rows } = await sql<{ is_configured: boolean; last: string | null; first: string | null }>`
    select
      exists (
        select from public.workspace_twilio_config
        where workspace_id = ${workspaceId} and is_configured
      ) as is_configured,
      (
        select n.phone_number
        from public.messages m
        join public.twilio_numbers n
          on n.workspace_id = m.workspace_id and n.phone_number = m.to_number
        where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
          and m.direction = 'inbound'
        order by m.created_at desc, m.id desc limit 1
      ) as last,
      (
        select phone_number from public.twilio_numbers
        where workspace_id = ${workspaceId}
          and coalesce((capabilities ->> 'sms')::boolean, true)
        order by created_at, phone_number limit 1
      ) as first
  `.execute(trx);
  const [found] = rows;
  if (!found?.is_configured) {
    throw new DomainError(
      "twilio_not_connected",
      "This workspace is not connected to Twilio yet. An admin can connect it in the settings.",
    );
  }
  const sender = found.last ?? found.first;
  if (sender === null) {
    throw new DomainError(
      "no_sender_number",
      "This workspace has no number that can send texts. Get one at Twilio, then read the numbers again in the settings.",
    );
  }
  return sender;
}

async function insertMessage(
  trx: Transaction<Tables>,
  draft: Draft & { sender: string; contact: ContactRow },
): Promise<MessageRow | null> {
  const { rows } = await sql<MessageRow>`
    insert into public.messages (
      id, workspace_id, contact_id, direction, content, message_type, status,
      from_number, to_number, created_by
    )
    values (
      ${draft.messageId}, ${draft.workspaceId}, ${draft.contactId}, 'outbound', ${draft.content},
      ${draft.mediaUrls.length > 0 ? "media" : "text"}, 'pending',
      ${draft.sender}, ${draft.contact.phone_number}, ${draft.userId}
    )
    on conflict (id) do nothing
    returning *
  `.execute(trx);
  return rows[0] ?? null;
}

async function touchContact(
  trx: Transaction<Tables>,
  { workspaceId, contactId, content }: Draft,
): Promise<ContactRow> {
  const preview = content === "" ? "Attachment" : content;
  const { rows } = await sql<ContactRow>`
    update public.contacts
    set last_message = ${preview}, last_message_at = now(), last_message_direction = 'outbound'
    where workspace_id = ${workspaceId} and id = ${contactId}
    returning *
  `.execute(trx);
  const [contact] = rows;
  if (!contact) throw new DomainError("contact_not_found", "There is no such contact here.");
  return contact;
}
