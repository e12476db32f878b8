import type { DuplicateList, DuplicateReason } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { getContact } from "./get-contact.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/** As many as a person reviews at a time; those that were settled make room for more. */
const limit = 100;

/**
 * Contacts that may be one person, the likeliest first: those that may be the
 * same as one contact, or of the whole workspace. Throws `contact_not_found`.
 */
export async function listDuplicates(
  database: Database,
  userId: string,
  workspaceId: string,
  contactId: string | null,
): Promise<DuplicateList> {
  return database.asMember(userId, async (trx) => {
    if (contactId !== null) await getContact(trx, workspaceId, contactId);
    const { rows: pairs } = await sql<{
      contact_id: string;
      other_id: string;
      reason: DuplicateReason;
    }>`
      select contact_id, other_id, reason
      from private.find_duplicates(${workspaceId}, ${contactId}::uuid, ${limit})
    `.execute(trx);
    const ids = [...new Set(pairs.flatMap((pair) => [pair.contact_id, pair.other_id]))];
    const { rows } = await sql<ContactRow>`
      select * from public.contacts
      where workspace_id = ${workspaceId} and id = any (${`{${ids.join(",")}}`}::text::uuid[])
    `.execute(trx);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return {
      items: pairs.flatMap(({ contact_id, other_id, reason }) => {
        const found = [byId.get(contact_id), byId.get(other_id)];
        // The one with the later text stays, unless it was asked for by name.
        if (contactId === null) found.sort((a, b) => latest(b) - latest(a));
        const [contact, other] = found;
        return contact && other
          ? [{ contact: presentContact(contact), other: presentContact(other), reason }]
          : [];
      }),
    };
  });
}

function latest(row: ContactRow | undefined): number {
  return row?.last_message_at?.getTime() ?? 0;
}
