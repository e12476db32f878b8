import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findMessage, publishMessage } from "../messages/messages-store.ts";

/**
 * Asks for a received file to be fetched again that could not be fetched; every
 * browser shows it as awaited, and then what came of it. Throws `conflict` for a
 * file that is not lost, or is not there for this person.
 */
export async function retryMedia(
  { database, jobs }: Pick<Context, "database" | "jobs">,
  userId: string,
  { workspaceId, mediaId }: { workspaceId: string; mediaId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql<{ message_id: string | null }>`
      select private.retry_media(${workspaceId}, ${mediaId}) as message_id
    `.execute(trx);
    const messageId = rows[0]?.message_id;
    const message = messageId ? await findMessage(trx, { workspaceId, messageId }) : null;
    if (!message) {
      throw new DomainError("conflict", "This file is not lost. Look at the conversation again.");
    }
    await jobs.enqueue(trx, "fetch_media", { workspaceId, mediaId });
    await publishMessage(trx, message);
  });
}
