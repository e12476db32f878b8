import { sql } from "kysely";
import { restorableSeconds } from "../contacts/delete-contact.ts";
import type { Context } from "../context.ts";

const maxPerSweep = 100;

/**
 * Ends a deleted contact for good: the files, then every row, then what the
 * receipts, the event log and the known words still say of it. Leaves one that was restored.
 * Throws what the database or the store throws; it is safe to repeat.
 */
export async function purgeContact(
  { database, mediaStore }: Context,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<void> {
  await database.asSystem(async (trx) => {
    const { rows: gone } = await sql`
      select from public.contacts
      where workspace_id = ${workspaceId} and id = ${contactId}
        and deleted_at <= now() - make_interval(secs => ${restorableSeconds})
        and merged_into is null
      for update
    `.execute(trx);
    if (gone.length === 0) return;
    const { rows: files } = await sql<{ storage_path: string }>`
      select f.storage_path
      from public.message_media f
      join public.messages m on m.workspace_id = f.workspace_id and m.id = f.message_id
      where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
        and f.storage_path is not null
      for update of f
    `.execute(trx);
    // Before the commit: a file that can't be removed keeps its row for the next try.
    for (const { storage_path } of files) await mediaStore.remove(storage_path);
    // The receipts stay without their content, so that no text of it is taken in anew.
    await sql`
      update public.webhook_receipts r set body = '', headers = '{}'
      from (
        select m.twilio_sid from public.messages m
        where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
        union all
        select t.twilio_sid from public.message_reactions t
        join public.messages m on m.workspace_id = t.workspace_id and m.id = t.message_id
        where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
      ) gone
      where r.workspace_id = ${workspaceId} and r.message_sid = gone.twilio_sid
    `.execute(trx);
    const { rows: cards } = await sql<{ id: string }>`
      select id from public.contacts
      where workspace_id = ${workspaceId} and merged_into = ${contactId}
    `.execute(trx);
    const ids = sql`${`{${[contactId, ...cards.map(({ id }) => id)].join(",")}}`}::text::text[]`;
    await sql`
      update public.workspace_events
      set payload = private.forget_contact(payload)
      where workspace_id = ${workspaceId} and array[
        payload -> 'contact' ->> 'id', payload -> 'message' ->> 'contactId',
        payload -> 'note' ->> 'contactId'
      ] && ${ids}
    `.execute(trx);
    // Those of a contact that this one was merged with for a while name it, too.
    await sql`
      update public.workspace_events
      set payload = private.forget_merge(payload)
      where workspace_id = ${workspaceId} and payload ->> 'absorbedId' = any (${ids})
        or workspace_id = ${workspaceId} and payload ->> 'restoredId' = any (${ids})
    `.execute(trx);
    await sql`
      update public.conversation_activities
      set detail = detail - 'phoneNumber' - 'contactName'
      where workspace_id = ${workspaceId} and kind in ('merged', 'unmerged')
        and detail ->> 'contactId' = any (${ids})
    `.execute(trx);
    const { rows: words } = await sql<{ words: string[] }>`
      select private.list_words(${workspaceId}, ${contactId}) as words
    `.execute(trx);
    await sql`
      delete from public.contacts where workspace_id = ${workspaceId} and id = ${contactId}
    `.execute(trx);
    await sql`
      select private.forget_words(
        ${workspaceId},
        array(select jsonb_array_elements_text(${JSON.stringify(words[0]?.words ?? [])}::text::jsonb))
      )
    `.execute(trx);
  });
}

/** Ends those whose own job got lost. Throws what the database or the store throws. */
export async function purgeOverdue(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ workspace_id: string; id: string }>`
      select workspace_id, id from public.contacts
      where deleted_at <= now() - make_interval(secs => ${restorableSeconds})
        and merged_into is null
      order by deleted_at limit ${maxPerSweep}
    `.execute(trx),
  );
  for (const { workspace_id, id } of rows) {
    await purgeContact(context, { workspaceId: workspace_id, contactId: id });
  }
}
