import type { ContactConsent, ContactConsentList } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { getContact } from "./get-contact.ts";

/** More than any person ever says about it; the newest are shown. */
const limit = 200;

interface ConsentRow {
  id: string;
  contact_id: string;
  action: ContactConsent["action"];
  source: ContactConsent["source"];
  note: string | null;
  our_number: string | null;
  error_code: number | null;
  actor_id: string | null;
  actor_name: string | null;
  at: Date;
}

/** Everything on record about a contact's wish to be texted. Throws `contact_not_found`. */
export async function listConsents(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<ContactConsentList> {
  return database.asMember(userId, async (trx) => {
    const contact = await getContact(trx, workspaceId, contactId);
    const numbers = new Map([
      [contact.id, contact.phone_number],
      ...contact.other_numbers.map((number) => [number.contactId, number.phoneNumber] as const),
    ]);
    const { rows } = await sql<ConsentRow>`
      select c.id, c.contact_id, c.action, c.source, c.note, c.our_number, c.error_code, c.actor_id,
        m.display_name as actor_name, c.at
      from public.contact_consents c
      left join private.list_members(${workspaceId}) m on m.user_id = c.actor_id
      where c.workspace_id = ${workspaceId}
        and c.contact_id = any (${`{${[...numbers.keys()].join(",")}}`}::text::uuid[])
      order by c.at desc, c.id desc limit ${limit}
    `.execute(trx);
    const { rows: marks } = await sql<{ is_marked: boolean }>`
      select private.has_agent_mark(${workspaceId}, ${contactId}) as is_marked
    `.execute(trx);
    return {
      items: rows.map((row) => ({
        id: row.id,
        action: row.action,
        source: row.source,
        note: row.note,
        phoneNumber: numbers.get(row.contact_id) ?? contact.phone_number,
        ourNumber: row.our_number,
        errorCode: row.error_code,
        actorId: row.actor_id,
        actorName: row.actor_name,
        at: row.at.toISOString(),
      })),
      canUndo: marks[0]?.is_marked ?? false,
    };
  });
}
