import type { Message } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { type MessageMediaRow, type MessageRow, presentMessage } from "./present-message.ts";

/** Names one message of one workspace. */
export interface MessageKey {
  workspaceId: string;
  messageId: string;
}

/** A row of `public.messages` with what only the server's own work reads. */
export interface OutboundRow extends MessageRow {
  attempt: number;
  sending_since: Date | null;
  /** When a person asked for this round. */
  round_since: Date;
}

/** The message, or null when there is none that this transaction may see. */
export async function findMessage(
  trx: Transaction<Tables>,
  { workspaceId, messageId }: MessageKey,
): Promise<OutboundRow | null> {
  const { rows } = await sql<OutboundRow>`
    select * from public.messages where workspace_id = ${workspaceId} and id = ${messageId}
  `.execute(trx);
  return rows[0] ?? null;
}

/** The files of a message, in their order. */
export async function listMessageMedia(
  trx: Transaction<Tables>,
  { workspaceId, messageId }: MessageKey,
): Promise<MessageMediaRow[]> {
  const { rows } = await sql<MessageMediaRow>`
    select id, position, content_type, file_name, size_bytes, width, height, state
    from public.message_media
    where workspace_id = ${workspaceId} and message_id = ${messageId} order by position
  `.execute(trx);
  return rows;
}

/** The message with its files, as browsers see it. */
export async function presentWithMedia(
  trx: Transaction<Tables>,
  row: MessageRow,
): Promise<Message> {
  const key = { workspaceId: row.workspace_id, messageId: row.id };
  const media = row.message_type === "media" ? await listMessageMedia(trx, key) : [];
  return presentMessage(row, media);
}

/** Tells every browser what the message has become. Call it last in the transaction. */
export async function publishMessage(trx: Transaction<Tables>, row: MessageRow): Promise<Message> {
  const message = await presentWithMedia(trx, row);
  await appendEvent(trx, row.workspace_id, "message_updated", { message });
  return message;
}
