import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { MessageRow } from "./present-message.ts";

/** What is said of the number that a text goes to. */
interface LockedNumber {
  opted_out_at: Date | null;
  deleted_at: Date | null;
  phone_number: string;
}

/**
 * The number that a text goes to, held with its conversation until the transaction ends; null when
 * it is gone. Of a merged contact, the number's own card comes before the contact that speaks for
 * it: everyone takes them in this order.
 */
export async function lockTargetNumber(
  trx: Transaction<Tables>,
  {
    workspace_id: workspaceId,
    contact_id: contactId,
    card_id: cardId,
  }: Pick<MessageRow, "workspace_id" | "contact_id" | "card_id">,
): Promise<LockedNumber | null> {
  const number = await lockContact(trx, workspaceId, cardId ?? contactId);
  if (cardId) await lockContact(trx, workspaceId, contactId);
  return number;
}

async function lockContact(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
): Promise<LockedNumber | null> {
  const { rows } = await sql<LockedNumber>`
    select opted_out_at, deleted_at, phone_number from public.contacts
    where workspace_id = ${workspaceId} and id = ${contactId}
    for no key update
  `.execute(trx);
  return rows[0] ?? null;
}
