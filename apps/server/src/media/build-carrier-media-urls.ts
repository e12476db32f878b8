import { sql } from "kysely";
import type { Context } from "../context.ts";
import { createMediaLinks } from "./sign-media-link.ts";

/** The carrier may keep a text queued for hours before it fetches the files. Source: Twilio, error 30001. */
const carrierLinkHours = 24;

/** Links under which the carrier fetches a message's files, in their order. Throws what the database throws. */
export async function buildCarrierMediaUrls(
  context: Context,
  workspaceId: string,
  messageId: string,
): Promise<string[]> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ id: string }>`
      select id from public.message_media
      where workspace_id = ${workspaceId} and message_id = ${messageId} and state = 'stored'
      order by position
    `.execute(trx),
  );
  const links = createMediaLinks({ keys: context.keys, baseUrl: context.config.baseUrl });
  const expiresAt = new Date(Date.now() + carrierLinkHours * 3_600_000);
  return rows.map(({ id }) => links.sign({ kind: "media", workspaceId, id, expiresAt }));
}
