import { sql, type Transaction } from "kysely";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { findMessage, type MessageKey } from "./messages-store.ts";

/**
 * Removes a text that surely never left us, with its files. Throws
 * `message_not_found`, and `conflict` for a text that may have reached the carrier.
 */
export async function deleteMessage(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
): Promise<void> {
  const paths = await context.database.asMember(caller.userId, async (trx) => {
    const found = await findMessage(trx, key);
    if (!found) throw new DomainError("message_not_found", "There is no such message here.");
    await sql`
      select from public.contacts
      where workspace_id = ${key.workspaceId} and id = ${found.contact_id} for no key update
    `.execute(trx);
    const files = await sql<{ storage_path: string | null }>`
      select storage_path from public.message_media
      where workspace_id = ${key.workspaceId} and message_id = ${key.messageId}
    `.execute(trx);
    const { rows } = await sql<{ id: string }>`
      delete from public.messages
      where workspace_id = ${key.workspaceId} and id = ${key.messageId}
        and direction = 'outbound' and status in ('failed', 'canceled') and not may_have_left
      returning id
    `.execute(trx);
    if (rows.length === 0) {
      throw new DomainError(
        "conflict",
        "Only a text that never left can be removed. This one may have reached the carrier.",
      );
    }
    const contact = await showNewest(trx, key.workspaceId, found.contact_id);
    await appendEvent(trx, key.workspaceId, "message_deleted", {
      messageId: key.messageId,
      contact: presentContact(contact),
    });
    return files.rows.flatMap((file) => file.storage_path ?? []);
  });
  for (const path of paths) {
    await context.mediaStore.remove(path).catch((error: unknown) => {
      context.log.warn({ err: error }, "a removed text's file could not be removed");
    });
  }
}

async function showNewest(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    with newest as (
      select content, created_at, direction, created_by from public.messages
      where workspace_id = ${workspaceId} and contact_id = ${contactId} and status <> 'scheduled'
      order by created_at desc, id desc limit 1
    )
    update public.contacts c
    set last_message = (select case when content = '' then 'Attachment' else content end from newest),
      last_message_at = (select created_at from newest),
      last_message_direction = (select direction from newest),
      last_message_by = (select created_by from newest)
    where c.workspace_id = ${workspaceId} and c.id = ${contactId}
    returning c.*
  `.execute(trx);
  const [contact] = rows;
  if (!contact) throw new DomainError("contact_not_found", "There is no such contact here.");
  return contact;
}
