import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/** Writes down what the caller did to the workspace, in the transaction that does it. */
export async function appendAudit(
  trx: Transaction<Tables>,
  workspaceId: string,
  action: string,
  target: string | null,
  details: Record<string, string | null> = {},
): Promise<void> {
  await sql`
    select private.append_audit(
      ${workspaceId}, ${action}, ${target}, ${JSON.stringify(details)}::text::jsonb
    )
  `.execute(trx);
}
