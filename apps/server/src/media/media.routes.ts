import { maxUploadBytes, mediaLinks, mediaLinksRequest } from "@livechat/shared";
import express, { type Request, type Response, Router } from "express";
import { sql } from "kysely";
import * as z from "zod";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { authenticate } from "../http/authenticate.ts";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { retryMedia } from "./retry-media.ts";
import { sendMediaFile } from "./send-media-file.ts";
import { createMediaLinks } from "./sign-media-link.ts";
import { storeUpload } from "./store-upload.ts";

const linkHours = 1;
const hourMs = 3_600_000;

/** The routes about files that speak JSON. */
export const mediaEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/media/links",
      summary: "Links to files of messages that open without a session until they expire",
      access: "member",
      params: ofWorkspace,
      body: mediaLinksRequest,
      response: mediaLinks,
    },
    async ({ database, keys, config }, { params: { workspaceId }, body, caller }) => {
      const { rows } = await database.asMember(caller.userId, (trx) =>
        sql<{ id: string }>`
          select id from public.message_media
          where workspace_id = ${workspaceId} and id = any (${body.mediaIds}::uuid[])
            and state = 'stored'
        `.execute(trx),
      );
      const links = createMediaLinks({ keys, baseUrl: config.baseUrl });
      // On the hour, so that a browser is given the same link twice and keeps the file.
      const expiresAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + linkHours * hourMs);
      return {
        items: rows.map(({ id }) => ({
          mediaId: id,
          url: links.sign({ kind: "media", workspaceId, id, expiresAt }),
          expiresAt: expiresAt.toISOString(),
        })),
      };
    },
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/media/:mediaId/retry",
      summary:
        "Fetch a received file again that could not be fetched; what comes of it is told live",
      access: "member",
      params: ofWorkspace.extend({ mediaId: z.uuid() }),
      status: 202,
    },
    (context, { params, caller }) => retryMedia(context, caller.userId, params),
  ),
];

/** The routes whose bodies are files: upload, and expiring links. Mount before anything that reads bodies. */
export function mediaRoutes(context: Context): Router {
  const router = Router();
  router.post("/api/workspaces/:workspaceId/media", async (request, response) => {
    const { userId } = await authenticate(context, request);
    const params = ofWorkspace.safeParse(request.params);
    // Before the body: a stranger's 25 MB are not worth reading.
    if (!params.success || !(await isMember(context, userId, params.data.workspaceId))) {
      throw new DomainError("workspace_not_found", "There is no such workspace for you.");
    }
    const uploaded = await storeUpload(context, {
      workspaceId: params.data.workspaceId.toLowerCase(),
      userId,
      bytes: await readBody(request, response),
      fileName: parseFileName(request.get("x-file-name")),
    });
    response.status(201).set("Cache-Control", "no-store").json(uploaded);
  });
  // Express answers HEAD here too; carriers ask both ways.
  router.get("/media/:token", (request, response) => sendMediaFile(context, request, response));
  return router;
}

async function isMember(
  { database }: Context,
  userId: string,
  workspaceId: string,
): Promise<boolean> {
  const { rows } = await database.asMember(userId, (trx) =>
    sql<{ role: string | null }>`select private.my_role(${workspaceId}) as role`.execute(trx),
  );
  return Boolean(rows[0]?.role);
}

const readRaw = express.raw({ type: () => true, limit: maxUploadBytes, inflate: false });

async function readBody(request: Request, response: Response): Promise<Buffer> {
  await new Promise<void>((resolve, reject) => {
    readRaw(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(explain(error));
    });
  });
  if (Buffer.isBuffer(request.body) && request.body.length > 0) return request.body;
  throw new DomainError("invalid_request", "The file is empty. Choose another one.");
}

function explain(error: unknown): unknown {
  const isTooLarge = error instanceof Error && "type" in error && error.type === "entity.too.large";
  if (!isTooLarge) return error;
  return new DomainError(
    "media_too_large",
    `A file may have at most ${maxUploadBytes / 1024 / 1024} MB. Make it smaller, or send a link to it.`,
  );
}

/** The name that the browser gave, without any folders or invisible characters; null when there is none. */
function parseFileName(header: string | undefined): string | null {
  if (!header) return null;
  let name = header;
  try {
    name = decodeURIComponent(header);
  } catch {
    // Not percent-encoded: taken as it is.
  }
  const base = name.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const visible = base.replaceAll(/[\p{Cc}\p{Cf}]/gu, "").trim();
  return visible.slice(-200) || null;
}
