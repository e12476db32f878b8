import type { ContactImport } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { appendAudit } from "../workspaces/append-audit.ts";

interface ImportRecord {
  id: string;
  file_name: string;
  created_by: string | null;
  created_count: number;
  updated_count: number;
  unchanged_count: number;
  failed_count: number;
  undone_at: Date | null;
  created_at: Date;
}

const shownImports = 20;

/** The latest imports of the workspace. */
export async function listImports(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<ContactImport[]> {
  const { rows } = await sql<ImportRecord>`
    select * from public.contact_imports where workspace_id = ${workspaceId}
    order by created_at desc, id desc limit ${shownImports}
  `.execute(trx);
  return rows.map(present);
}

/** Begins an import, once for the same id. Throws `conflict` when the id is another's. */
export async function beginImport(
  trx: Transaction<Tables>,
  userId: string,
  workspaceId: string,
  { id, fileName }: { id: string; fileName: string },
): Promise<ContactImport> {
  const added = await sql<ImportRecord>`
    insert into public.contact_imports (id, workspace_id, created_by, file_name)
    values (${id}, ${workspaceId}, ${userId}, ${toStorableText(fileName)})
    on conflict do nothing
    returning *
  `.execute(trx);
  const [begun] = added.rows;
  if (begun) {
    await appendAudit(trx, workspaceId, "contacts.import_begun", id);
    return present(begun);
  }
  const { rows } = await sql<ImportRecord>`
    select * from public.contact_imports
    where workspace_id = ${workspaceId} and id = ${id} and created_by = ${userId}
  `.execute(trx);
  const [known] = rows;
  if (!known) throw new DomainError("conflict", "This id is taken: begin with another one.");
  return present(known);
}

function present(row: ImportRecord): ContactImport {
  return {
    id: row.id,
    fileName: row.file_name,
    createdBy: row.created_by,
    createdCount: row.created_count,
    updatedCount: row.updated_count,
    unchangedCount: row.unchanged_count,
    failedCount: row.failed_count,
    undoneAt: row.undone_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
