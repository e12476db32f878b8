import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/** The rows of these ids that this transaction may see, in the order of the ids. */
export async function listInOrder<Row extends { id: string }>(
  trx: Transaction<Tables>,
  table: "contacts" | "messages" | "conversation_notes",
  workspaceId: string,
  ids: readonly string[],
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Row>`
    select * from ${sql.table(`public.${table}`)}
    where workspace_id = ${workspaceId} and id = any (${`{${ids.join(",")}}`}::text::uuid[])
  `.execute(trx);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
