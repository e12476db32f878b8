import type { MergePreview } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { getContact } from "./get-contact.ts";
import { presentContact } from "./present-contact.ts";

/** What merging another contact into this one would move. Throws `contact_not_found`. */
export async function previewMerge(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  absorbedId: string,
): Promise<MergePreview> {
  return database.asMember(userId, async (trx) => {
    const contact = await getContact(trx, workspaceId, contactId);
    const absorbed = await getContact(trx, workspaceId, absorbedId);
    const { rows } = await sql<Omit<MergePreview, "contact" | "absorbed">>`
      select count(*)::int as "messageCount",
        count(*) filter (where m.status = 'scheduled')::int as "scheduledCount",
        count(*) filter (where m.status in ('pending', 'sending', 'unconfirmed'))::int
          as "waitingCount",
        (
          select count(*)::int from public.message_media f
          join public.messages carrier
            on carrier.workspace_id = f.workspace_id and carrier.id = f.message_id
          where carrier.workspace_id = ${workspaceId} and carrier.contact_id = ${absorbedId}
            and carrier.message_type = 'media'
        ) as "fileCount",
        (
          select count(*)::int from public.conversation_notes n
          where n.workspace_id = ${workspaceId} and n.contact_id = ${absorbedId}
        ) as "noteCount",
        private.has_agent_mark(${workspaceId}, ${contactId})
          or private.has_agent_mark(${workspaceId}, ${absorbedId}) as "isMarked"
      from public.messages m
      where m.workspace_id = ${workspaceId} and m.contact_id = ${absorbedId}
    `.execute(trx);
    const [counts] = rows;
    if (!counts) throw new Error("A count returned no row.");
    return { contact: presentContact(contact), absorbed: presentContact(absorbed), ...counts };
  });
}
