import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";

/** How long a deleted contact can still be brought back. */
export const restorableSeconds = 60;

/**
 * Takes a contact with the whole conversation off every screen at once, and for
 * good after {@link restorableSeconds}. Throws `contact_not_found`.
 */
export async function deleteContact(
  { database, jobs }: Context,
  { userId }: { userId: string },
  key: { workspaceId: string; contactId: string },
): Promise<void> {
  const { workspaceId, contactId } = key;
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql<{ deleted: boolean }>`
      select private.delete_contact(${workspaceId}, ${contactId}) as deleted
    `.execute(trx);
    if (!rows[0]?.deleted) {
      throw new DomainError("contact_not_found", "There is no such contact here.");
    }
    await jobs.enqueue(trx, "purge_contact", key, { startAfterSeconds: restorableSeconds + 1 });
    await appendAudit(trx, workspaceId, "contact.deleted", contactId);
    await appendEvent(trx, workspaceId, "contact_removed", { contactId });
  });
}
