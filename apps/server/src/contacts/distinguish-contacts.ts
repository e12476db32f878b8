import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { getContact } from "./get-contact.ts";

/**
 * Keeps two contacts from being taken for one person again. Throws
 * `contact_not_found`, and `invalid_request` for a contact and itself.
 */
export async function distinguishContacts(
  database: Database,
  userId: string,
  workspaceId: string,
  { contactId, otherId }: { contactId: string; otherId: string },
): Promise<void> {
  const [first = "", second = ""] = [contactId.toLowerCase(), otherId.toLowerCase()].sort();
  if (first === second) {
    throw new DomainError("invalid_request", "A contact can't be told apart from itself.");
  }
  await database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, first);
    await getContact(trx, workspaceId, second);
    await sql`
      insert into public.contact_distinctions (workspace_id, contact_id, other_id, created_by)
      values (${workspaceId}, ${first}, ${second}, ${userId})
      on conflict do nothing
    `.execute(trx);
  });
}
