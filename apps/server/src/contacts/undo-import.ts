import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvents } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { restorableSeconds } from "./delete-contact.ts";
import { writeImportValues } from "./import-contacts.ts";
import type { ImportValues } from "./plan-import-row.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

const batchSize = 200;

type ImportedRow = ContactRow & {
  was_created: boolean;
  before: ImportValues;
  after: ImportValues;
};

/**
 * Takes a part of an import back: contacts that it added, and that have no text
 * and no second number since, are deleted; of the others each value that is still the import's becomes
 * what it was. Returns how many are left: call again until none is. Throws
 * `not_found`.
 */
export async function undoImport(
  { database, jobs }: Pick<Context, "database" | "jobs">,
  userId: string,
  { workspaceId, importId }: { workspaceId: string; importId: string },
): Promise<{ leftCount: number }> {
  return database.asMember(userId, async (trx) => {
    const { rows: begun } = await sql<{ was_undone: boolean }>`
      update public.contact_imports i set undone_at = coalesce(i.undone_at, now())
      from (
        select undone_at from public.contact_imports
        where workspace_id = ${workspaceId} and id = ${importId} for update
      ) known
      where i.workspace_id = ${workspaceId} and i.id = ${importId}
      returning known.undone_at is not null as was_undone
    `.execute(trx);
    if (!begun[0]) throw new DomainError("not_found", "There is no such import here.");
    if (!begun[0].was_undone)
      await appendAudit(trx, workspaceId, "contacts.import_undone", importId);
    const rows = await listLeft(trx, workspaceId, importId);
    const removedIds: string[] = [];
    const restored: ContactRow[] = [];
    for (const row of rows) {
      const isUntouched =
        row.last_message_at === null && row.unread_count === 0 && row.other_numbers.length === 0;
      if (row.was_created && isUntouched) {
        await sql`select private.delete_contact(${workspaceId}, ${row.id})`.execute(trx);
        await jobs.enqueue(
          trx,
          "purge_contact",
          { workspaceId, contactId: row.id },
          { startAfterSeconds: restorableSeconds + 1 },
        );
        removedIds.push(row.id);
      } else {
        const changes = listRestorable(row);
        if (Object.keys(changes).length > 0) {
          restored.push(await writeImportValues(trx, row, changes));
        }
      }
    }
    await markUndone(trx, workspaceId, importId, rows);
    const leftCount = await countLeft(trx, workspaceId, importId);
    await appendEvents(trx, workspaceId, [
      ...removedIds.map((contactId) => ({
        type: "contact_removed" as const,
        payload: { contactId },
      })),
      ...restored.map((row) => ({
        type: "contact_updated" as const,
        payload: { contact: presentContact(row) },
      })),
    ]);
    return { leftCount };
  });
}

/** The values that nobody has changed since the import, as they were before it. Pure. */
function listRestorable({ before, after, was_created, ...row }: ImportedRow): ImportValues {
  const changes: ImportValues = {};
  if (was_created) return changes;
  for (const key of ["name", "email", "company", "time_zone", "language", "about"] as const) {
    if (after[key] !== undefined && row[key] === after[key]) changes[key] = before[key] ?? null;
  }
  for (const [id, value] of Object.entries(after.custom_fields ?? {})) {
    if (row.custom_fields[id] !== value) continue;
    changes.custom_fields = {
      ...changes.custom_fields,
      [id]: before.custom_fields?.[id] ?? null,
    };
  }
  return changes;
}

async function listLeft(
  trx: Transaction<Tables>,
  workspaceId: string,
  importId: string,
): Promise<ImportedRow[]> {
  const { rows } = await sql<ImportedRow>`
    select c.*, r.was_created, r.before, r.after
    from public.contact_import_rows r
    join public.contacts c on c.workspace_id = r.workspace_id and c.id = r.contact_id
    where r.workspace_id = ${workspaceId} and r.import_id = ${importId} and r.undone_at is null
    order by c.id limit ${batchSize}
    for update of c
  `.execute(trx);
  return rows;
}

async function markUndone(
  trx: Transaction<Tables>,
  workspaceId: string,
  importId: string,
  rows: readonly ImportedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update public.contact_import_rows set undone_at = now()
    where workspace_id = ${workspaceId} and import_id = ${importId}
      and contact_id = any (${`{${rows.map(({ id }) => id).join(",")}}`}::text::uuid[])
  `.execute(trx);
}

async function countLeft(
  trx: Transaction<Tables>,
  workspaceId: string,
  importId: string,
): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select count(*)::int as left
    from public.contact_import_rows r
    join public.contacts c on c.workspace_id = r.workspace_id and c.id = r.contact_id
    where r.workspace_id = ${workspaceId} and r.import_id = ${importId} and r.undone_at is null
  `.execute(trx);
  return rows[0]?.left ?? 0;
}
