import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { createMediaLinks, type MediaLink } from "./sign-media-link.ts";

interface StoredFile {
  storage_path: string;
  content_type: string | null;
  file_name: string | null;
}

/** Kinds that a browser may show in place; none of them can run a script of ours. */
const inlineTypes =
  /^(image\/(jpeg|png|gif|webp)|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+|application\/pdf)$/;

/**
 * Answers GET and HEAD of an expiring link with the file, whole or in part. The
 * link is the permission: browsers and carriers come without a session. Throws
 * `not_found` for a link that is forged, expired or leads to nothing.
 */
export async function sendMediaFile(
  context: Context,
  request: Request,
  response: Response,
): Promise<void> {
  const { token } = request.params;
  const links = createMediaLinks({ keys: context.keys, baseUrl: context.config.baseUrl });
  const link = typeof token === "string" ? links.verify(token) : null;
  const file = link && (await findFile(context, link));
  if (!link || !file) throw refuse();
  const whole = await context.mediaStore.open(file.storage_path);
  if (!whole) throw refuse();
  const { sizeBytes } = whole;

  const contentType = file.content_type ?? "application/octet-stream";
  const maxAge = Math.max(0, Math.floor((link.expiresAt.getTime() - Date.now()) / 1000));
  response.set({
    "Content-Type": contentType === "text/plain" ? "text/plain; charset=utf-8" : contentType,
    "Content-Disposition": describe(contentType, file.file_name),
    "X-Content-Type-Options": "nosniff",
    // Browsers refuse to show a PDF in a sandbox; its viewer is one of its own.
    "Content-Security-Policy": `default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'${contentType === "application/pdf" ? "" : "; sandbox"}`,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": `private, max-age=${maxAge}, immutable`,
    "Accept-Ranges": "bytes",
  });

  const range = findRange(request, sizeBytes);
  if (request.method === "HEAD" || range !== null) whole.stream.destroy();
  if (range === "unsatisfiable") {
    response.status(416).set("Content-Range", `bytes */${sizeBytes}`).end();
    return;
  }
  const part = range ?? { start: 0, end: sizeBytes - 1 };
  if (range) {
    response.status(206).set("Content-Range", `bytes ${part.start}-${part.end}/${sizeBytes}`);
  }
  response.set("Content-Length", String(part.end - part.start + 1));
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const opened = range ? await context.mediaStore.open(file.storage_path, range) : whole;
  if (!opened) throw refuse();
  try {
    await pipeline(opened.stream, response);
  } catch (error) {
    // Whoever closes a page stops its videos; that is no failure.
    if (!response.destroyed && !response.headersSent) throw error;
    response.destroy();
  }
}

function refuse(): DomainError {
  return new DomainError(
    "not_found",
    "This link has expired or leads to nothing. Ask for a new one.",
  );
}

async function findFile({ database }: Context, link: MediaLink): Promise<StoredFile | null> {
  const { rows } = await database.asSystem((trx) =>
    // An upload keeps its id when a text takes it, so its link stays good.
    sql<StoredFile>`
      select storage_path, content_type, file_name from public.message_media
      where workspace_id = ${link.workspaceId} and id = ${link.id} and state = 'stored'
      union all
      select storage_path, content_type, file_name from public.media_uploads
      where workspace_id = ${link.workspaceId} and id = ${link.id}
        and ${link.kind}::text = 'upload'
    `.execute(trx),
  );
  return rows[0] ?? null;
}

function describe(contentType: string, fileName: string | null): string {
  const disposition = inlineTypes.test(contentType) ? "inline" : "attachment";
  if (!fileName) return disposition;
  const plain = fileName.replaceAll(/[^A-Za-z0-9._-]/g, "_").slice(-20);
  const encoded = encodeURIComponent(fileName).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function findRange(
  request: Request,
  sizeBytes: number,
): { start: number; end: number } | "unsatisfiable" | null {
  const ranges = request.range(sizeBytes);
  if (ranges === undefined || ranges === -2) return null;
  if (ranges === -1) return "unsatisfiable";
  const [range] = ranges;
  // Several parts at once are allowed to be answered with the whole.
  return ranges.type === "bytes" && ranges.length === 1 && range ? range : null;
}
