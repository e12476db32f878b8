import { sql } from "kysely";
import type { Context } from "../context.ts";
import { fetchMedia } from "./fetch-media.ts";

/** So few that a sweep ends in time even if each of them hangs. */
const maxPerSweep = 3;

/**
 * Settles received files that are still awaited long after their job must have
 * ended, as it was lost with its server: one more attempt, then failed. Throws
 * what the database throws.
 */
export async function retryLostMedia(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ id: string; workspace_id: string }>`
      select id, workspace_id from public.message_media
      where state = 'pending' and source_url is not null
        and updated_at < now() - interval '1 hour'
      order by updated_at limit ${maxPerSweep}
    `.execute(trx),
  );
  for (const { id: mediaId, workspace_id: workspaceId } of rows) {
    await fetchMedia(context, { workspaceId, mediaId }, { isLastAttempt: true });
  }
}
