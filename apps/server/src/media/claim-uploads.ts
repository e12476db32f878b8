import { maxMediaBytesPerText, maxMediaPerText } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { MessageMediaRow } from "../messages/present-message.ts";
import type { Tables } from "../platform/database.ts";
import type { MediaLinkSigner } from "./sign-media-link.ts";

/**
 * Moves uploads into the message that is being sent, in the order of their
 * links, and returns them as the message's files. Runs in the transaction that
 * inserts the message; under row level security only the caller's own uploads
 * count. Throws `too_many_media`, `media_too_large` for files that are too large
 * together, and `invalid_request` for a link that is not
 * ours, is of another workspace, has expired or was sent already.
 */
export async function claimUploads(
  trx: Transaction<Tables>,
  {
    workspaceId,
    messageId,
    mediaUrls,
    links,
  }: {
    workspaceId: string;
    messageId: string;
    mediaUrls: readonly string[];
    links: MediaLinkSigner;
  },
): Promise<MessageMediaRow[]> {
  if (mediaUrls.length > maxMediaPerText) {
    throw new DomainError(
      "too_many_media",
      `One text carries at most ${maxMediaPerText} files. Send the others in another text.`,
    );
  }
  const rows: MessageMediaRow[] = [];
  for (const [position, url] of mediaUrls.entries()) {
    const link = links.parse(url);
    if (link?.kind !== "upload" || link.workspaceId !== workspaceId) throw refuseLink(position);
    const { rows: claimed } = await sql<MessageMediaRow>`
      with claimed as (
        delete from public.media_uploads
        where workspace_id = ${workspaceId} and id = ${link.id}
        returning id, storage_path, content_type, file_name, size_bytes, width, height
      )
      insert into public.message_media (
        id, workspace_id, message_id, position, content_type, file_name, size_bytes,
        width, height, storage_path, state
      )
      select id, ${workspaceId}, ${messageId}, ${position}, content_type, file_name, size_bytes,
        width, height, storage_path, 'stored'
      from claimed
      returning id, position, content_type, file_name, size_bytes, width, height, state
    `.execute(trx);
    const [row] = claimed;
    if (!row) throw refuseLink(position);
    rows.push(row);
  }
  const sizeBytes = rows.reduce((sum, row) => sum + Number(row.size_bytes), 0);
  if (sizeBytes > maxMediaBytesPerText) {
    throw new DomainError(
      "media_too_large",
      "Carriers take at most 5 MB of files with one text. Send them in several texts.",
    );
  }
  return rows;
}

function refuseLink(position: number): DomainError {
  return new DomainError(
    "invalid_request",
    "A file can't be sent: its upload has expired, was sent already or is not yours. Attach it again.",
    { errors: [{ path: `body.mediaUrls.${position}`, message: "is not a waiting upload" }] },
  );
}
