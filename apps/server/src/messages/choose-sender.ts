import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";

/** What a text goes out from: a number of ours, or a Messaging Service that chooses one of its own. */
export interface Sender {
  fromNumber: string | null;
  messagingServiceSid: string | null;
}

interface Choice {
  workspaceId: string;
  contactId: string;
  /** The merged contact whose number it goes to; null for the contact's own. */
  cardId: string | null;
  /** What the writer asked for; null leaves it to us. */
  from: string | null;
  hasMedia: boolean;
}

/**
 * What a text to this contact goes out from: what was asked for, else the number
 * that the customer wrote to last, so that they see one conversation, else what
 * the conversation was begun from, the workspace's default, its first number. A
 * number that is no longer ours, or can't text, is passed over. Throws
 * `twilio_not_connected`, `no_sender_number`, `sender_not_usable` for what was
 * asked for and can't be, and `sender_without_media`.
 */
export async function chooseSender(trx: Transaction<Tables>, choice: Choice): Promise<Sender> {
  const { workspaceId, contactId, cardId, from } = choice;
  const { rows } = await sql<{
    is_configured: boolean;
    last: string | null;
    preferred: string | null;
    fallback: string | null;
    first: string | null;
    usable: string[];
    with_media: string[];
  }>`
    with ours as (
      select phone_number, created_at, coalesce((capabilities ->> 'mms')::boolean, true) as mms
      from public.twilio_numbers
      where workspace_id = ${workspaceId} and coalesce((capabilities ->> 'sms')::boolean, true)
    )
    select
      exists (
        select from public.workspace_twilio_config
        where workspace_id = ${workspaceId} and is_configured
      ) as is_configured,
      (
        select m.to_number from public.messages m
        where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
          and m.direction = 'inbound' and m.card_id is not distinct from ${cardId}::uuid
          and m.to_number in (select phone_number from ours)
        order by m.created_at desc, m.id desc limit 1
      ) as last,
      (
        select preferred_sender from public.contacts
        where workspace_id = ${workspaceId} and id = ${contactId}
      ) as preferred,
      (
        select default_sender from public.workspace_sending where workspace_id = ${workspaceId}
      ) as fallback,
      (select phone_number from ours order by created_at, phone_number limit 1) as first,
      array(
        select phone_number from ours
        union all
        select service_sid from public.twilio_services where workspace_id = ${workspaceId}
      ) as usable,
      array(select phone_number from ours where mms) as with_media
  `.execute(trx);
  const [found] = rows;
  if (!found?.is_configured) {
    throw new DomainError(
      "twilio_not_connected",
      "This workspace is not connected to Twilio yet. An admin can connect it in the settings.",
    );
  }
  const isUsable = (sender: string | null): sender is string =>
    sender !== null && found.usable.includes(sender);
  if (from !== null && !isUsable(from)) {
    throw new DomainError(
      "sender_not_usable",
      "This number is not one of the workspace's, or it can't send texts. Choose another one.",
    );
  }
  const sender = [from, found.last, found.preferred, found.fallback, found.first].find(isUsable);
  if (sender === undefined) {
    throw new DomainError(
      "no_sender_number",
      "This workspace has no number that can send texts. Get one at Twilio, then read the numbers again in the settings.",
    );
  }
  if (choice.hasMedia && !isService(sender) && !found.with_media.includes(sender)) {
    throw new DomainError(
      "sender_without_media",
      `The number ${sender} can't send files. Send the words alone, or a link to the file.`,
    );
  }
  return isService(sender)
    ? { fromNumber: null, messagingServiceSid: sender }
    : { fromNumber: sender, messagingServiceSid: null };
}

function isService(sender: string): boolean {
  return sender.startsWith("MG");
}
