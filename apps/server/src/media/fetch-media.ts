import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import {
  type MessageMediaRow,
  type MessageRow,
  presentMessage,
} from "../messages/present-message.ts";
import type { Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { findWebhookTarget, type WebhookTarget } from "../twilio/find-webhook-target.ts";
import { downloadMedia, MediaRefusedError } from "./download-media.ts";
import { shrinkPicture } from "./shrink-picture.ts";
import { sniffMediaType } from "./sniff-media-type.ts";

interface PendingMedia {
  id: string;
  message_id: string;
  source_url: string | null;
  twilio_sid: string | null;
}

interface FetchedMedia {
  bytes: Buffer;
  contentType: string;
  width: number | null;
  height: number | null;
}

/**
 * Copies a received file from the carrier into our store and tells the
 * workspace. Does nothing for a file that is there already. Throws when it may
 * work later; where it never will, and at the last attempt, the file is shown as
 * failed instead.
 */
export async function fetchMedia(
  context: Context,
  { workspaceId, mediaId }: { workspaceId: string; mediaId: string },
  { isLastAttempt }: { isLastAttempt: boolean },
): Promise<void> {
  const media = await findPending(context, workspaceId, mediaId);
  if (!media) return;
  let fetched: FetchedMedia;
  try {
    fetched = await prepareReceived(await download(context, workspaceId, media));
    faultPoint("media_downloaded");
    await context.mediaStore.put(`${workspaceId}/${mediaId}`, fetched.bytes, fetched.contentType);
    faultPoint("media_put");
  } catch (error) {
    if (!isLastAttempt && !(error instanceof MediaRefusedError)) throw error;
    context.log.warn({ err: error, workspaceId, mediaId }, "a received file could not be fetched");
    await settle(context, workspaceId, media, (trx) =>
      sql`
        update public.message_media set state = 'failed'
        where workspace_id = ${workspaceId} and id = ${mediaId} and state = 'pending'
        returning id
      `.execute(trx),
    );
    return;
  }
  await settle(context, workspaceId, media, (trx) =>
    sql`
      update public.message_media set
        state = 'stored', storage_path = ${`${workspaceId}/${mediaId}`},
        content_type = ${fetched.contentType}, size_bytes = ${fetched.bytes.length},
        width = ${fetched.width}, height = ${fetched.height}
      where workspace_id = ${workspaceId} and id = ${mediaId} and state = 'pending'
      returning id
    `.execute(trx),
  );
}

async function findPending(
  { database }: Context,
  workspaceId: string,
  mediaId: string,
): Promise<PendingMedia | null> {
  const { rows } = await database.asSystem((trx) =>
    sql<PendingMedia>`
      select f.id, f.message_id, f.source_url, m.twilio_sid
      from public.message_media f
      join public.messages m on m.workspace_id = f.workspace_id and m.id = f.message_id
      where f.workspace_id = ${workspaceId} and f.id = ${mediaId} and f.state = 'pending'
    `.execute(trx),
  );
  return rows[0] ?? null;
}

async function download(
  { database, keys, twilio }: Context,
  workspaceId: string,
  media: PendingMedia,
): Promise<Buffer> {
  if (!media.source_url || !media.twilio_sid) {
    throw new MediaRefusedError("The file has no address to fetch it from.");
  }
  const target = await findWebhookTarget(database, keys, workspaceId);
  if (!target) throw new Error("The workspace has no connection to Twilio now.");
  const source = {
    url: media.source_url,
    messageSid: media.twilio_sid,
    accountSid: target.accountSid,
    apiOrigin: await twilio.apiOrigin(target.accountSid),
  };
  return downloadWithAnyToken(source, target);
}

/** While tokens rotate, only one of the two is good at a time. */
async function downloadWithAnyToken(
  source: Omit<Parameters<typeof downloadMedia>[0], "authToken">,
  { authTokens }: WebhookTarget,
): Promise<Buffer> {
  let failure: unknown = new Error("The workspace has no Auth Token.");
  for (const authToken of authTokens) {
    try {
      return await downloadMedia({ ...source, authToken });
    } catch (error) {
      if (error instanceof MediaRefusedError) throw error;
      failure = error;
    }
  }
  throw failure;
}

const shownPictures = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

async function prepareReceived(bytes: Buffer): Promise<FetchedMedia> {
  const contentType = await sniffMediaType(bytes);
  const asFile = { bytes, width: null, height: null };
  if (!contentType) return { ...asFile, contentType: "application/octet-stream" };
  if (!shownPictures.has(contentType)) return { ...asFile, contentType };
  try {
    return await shrinkPicture(bytes, contentType, Number.POSITIVE_INFINITY);
  } catch {
    // A broken picture is still the customer's file: kept to download, never shown.
    return { ...asFile, contentType: "application/octet-stream" };
  }
}

/** Changes the file's row and writes the event, once, in one transaction. */
async function settle(
  { database }: Context,
  workspaceId: string,
  { message_id: messageId }: PendingMedia,
  update: (trx: Transaction<Tables>) => Promise<{ rows: unknown[] }>,
): Promise<void> {
  await database.asSystem(async (trx) => {
    // Locked first, so that two files of one text can't each write an event without the other.
    const { rows: messages } = await sql<MessageRow>`
      select * from public.messages
      where workspace_id = ${workspaceId} and id = ${messageId} for update
    `.execute(trx);
    const [message] = messages;
    if (!message || (await update(trx)).rows.length === 0) return;
    const { rows: media } = await sql<MessageMediaRow>`
      select id, position, content_type, file_name, size_bytes, width, height, state
      from public.message_media
      where workspace_id = ${workspaceId} and message_id = ${messageId}
      order by position
    `.execute(trx);
    await appendEvent(trx, workspaceId, "message_updated", {
      message: presentMessage(message, media),
    });
    faultPoint("media_written");
  });
}
