import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import type { ContactRow } from "./present-contact.ts";

/**
 * A contact of this workspace, or the one that an absorbed contact is part of by
 * now: a link to either leads to the conversation. Throws `contact_not_found`.
 */
export async function followContact(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    select * from public.contacts where workspace_id = ${workspaceId} and id = ${contactId}
  `.execute(trx);
  if (rows[0]) return rows[0];
  const { rows: merged } = await sql<{ id: string | null }>`
    select private.find_merged_into(${workspaceId}, ${contactId}) as id
  `.execute(trx);
  return getContact(trx, workspaceId, merged[0]?.id ?? contactId);
}

/**
 * A contact of this workspace. `lock` keeps others from changing it until the
 * transaction ends. Throws `contact_not_found`.
 */
export async function getContact(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
  { lock = false } = {},
): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    select * from public.contacts
    where workspace_id = ${workspaceId} and id = ${contactId}
    ${lock ? sql`for update` : sql``}
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("contact_not_found", "There is no such contact here.");
  return row;
}
