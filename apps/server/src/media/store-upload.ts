import type { UploadedMedia } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { prepareUpload } from "./prepare-upload.ts";
import { createMediaLinks } from "./sign-media-link.ts";

/** How long a file waits to be sent. */
export const uploadHours = 24;

/**
 * Keeps an agent's file until a text carries it, and returns the link that sends
 * it. Throws `media_type_unsupported` and `media_too_large`.
 */
export async function storeUpload(
  { database, mediaStore, keys, config }: Context,
  upload: { workspaceId: string; userId: string; bytes: Buffer; fileName: string | null },
): Promise<UploadedMedia> {
  const { workspaceId, userId } = upload;
  const { bytes, contentType, width, height } = await prepareUpload(upload.bytes);
  const fileName = upload.fileName && nameAfterType(upload.fileName, contentType);
  const id = crypto.randomUUID();
  const storagePath = `${workspaceId}/${id}`;
  await mediaStore.put(storagePath, bytes, contentType);
  faultPoint("upload_put");
  try {
    await database.asMember(userId, (trx) =>
      sql`
        insert into public.media_uploads (
          id, workspace_id, created_by, storage_path, content_type, file_name, size_bytes,
          width, height
        )
        values (
          ${id}, ${workspaceId}, ${userId}, ${storagePath}, ${contentType}, ${fileName},
          ${bytes.length}, ${width}, ${height}
        )
      `.execute(trx),
    );
  } catch (error) {
    await mediaStore.remove(storagePath);
    throw error;
  }
  faultPoint("upload_committed");
  const expiresAt = new Date(Date.now() + uploadHours * 3_600_000);
  const links = createMediaLinks({ keys, baseUrl: config.baseUrl });
  return {
    id,
    url: links.sign({ kind: "upload", workspaceId, id, expiresAt }),
    contentType,
    fileName,
    sizeBytes: bytes.length,
    widthPx: width,
    heightPx: height,
  };
}

const endings: Record<string, RegExp> = { "image/jpeg": /\.(jpe?g)$/i, "image/png": /\.png$/i };

/** A picture that became a JPEG must not go on calling itself a PNG. */
function nameAfterType(fileName: string, contentType: string): string {
  const ending = endings[contentType];
  if (!ending || ending.test(fileName)) return fileName;
  const stem = fileName.replace(/\.[A-Za-z0-9]{1,5}$/, "");
  return `${stem}${contentType === "image/png" ? ".png" : ".jpg"}`;
}
