import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/**
 * Whose word holds a contact opted out: the customer's own (or the carrier's for
 * them), which only they take back, or an agent's; null when nothing does.
 */
export async function findOptOutHolder(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
): Promise<"customer" | "agent" | null> {
  const { rows } = await sql<{ holder: "customer" | "agent" | null }>`
    select private.opt_out_holder(${workspaceId}, ${contactId}) as holder
  `.execute(trx);
  return rows[0]?.holder ?? null;
}
