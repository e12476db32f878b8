import type { ContactField } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/** A row of `public.contact_fields`. */
export interface ContactFieldRow {
  id: string;
  workspace_id: string;
  label: string;
  kind: ContactField["kind"];
  choices: string[];
  position: number;
  archived_at: Date | null;
}

/** The workspace's own fields in their order, archived ones included. */
export async function listContactFieldRows(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<ContactFieldRow[]> {
  const { rows } = await sql<ContactFieldRow>`
    select id, workspace_id, label, kind, choices, position, archived_at
    from public.contact_fields
    where workspace_id = ${workspaceId}
    order by position, created_at, id
  `.execute(trx);
  return rows;
}

/** A field as every browser sees it. */
export function presentContactField(row: ContactFieldRow): ContactField {
  return {
    id: row.id,
    label: row.label,
    kind: row.kind,
    choices: row.choices,
    position: row.position,
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}
