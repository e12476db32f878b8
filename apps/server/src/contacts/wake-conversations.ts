import { sql } from "kysely";
import type { Context } from "../context.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

const maxPerSweep = 500;

/**
 * Ends a snooze whose time has come and brings the conversation back as unread.
 * Does nothing to one that was woken before or sleeps longer by now, so it is
 * safe to repeat.
 */
export async function wakeConversation(
  { database }: Context,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<void> {
  await database.asSystem(async (trx) => {
    const { rows } = await sql<ContactRow>`
      update public.contacts
      set snoozed_until = null, unread_count = greatest(unread_count, 1)
      where workspace_id = ${workspaceId} and id = ${contactId}
        and snoozed_until <= now() and deleted_at is null and merged_into is null
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) return;
    await appendEvent(trx, workspaceId, "contact_updated", { contact: presentContact(row) });
  });
}

/** Wakes those whose own job got lost. Throws what the database throws. */
export async function wakeOverdue(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ workspace_id: string; id: string }>`
      select workspace_id, id from public.contacts
      where snoozed_until <= now() and deleted_at is null and merged_into is null
      order by snoozed_until limit ${maxPerSweep}
    `.execute(trx),
  );
  for (const { workspace_id, id } of rows) {
    await wakeConversation(context, { workspaceId: workspace_id, contactId: id });
  }
}
