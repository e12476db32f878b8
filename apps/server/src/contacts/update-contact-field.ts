import type { ContactField, UpdateContactFieldRequest } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import {
  type ContactFieldRow,
  listContactFieldRows,
  presentContactField,
} from "./contact-fields-store.ts";

/**
 * Renames, reorders, archives or restores a field, or changes its choices; what
 * contacts hold in it stays. Throws `contact_field_not_found`, `conflict` when a
 * shown field has the label already, `invalid_request` for choices of another kind.
 */
export async function updateContactField(
  database: Database,
  userId: string,
  { workspaceId, fieldId }: { workspaceId: string; fieldId: string },
  changes: UpdateContactFieldRequest,
): Promise<ContactField> {
  return database.asMember(userId, async (trx) => {
    const all = await listContactFieldRows(trx, workspaceId);
    const known = all.find((row) => row.id === fieldId);
    if (!known) throw new DomainError("contact_field_not_found", "There is no such field here.");
    if (changes.choices && known.kind !== "choice") {
      throw new DomainError("invalid_request", "Only a choice has choices.", {
        errors: [{ path: "body.choices", message: "goes with the kind choice" }],
      });
    }
    const isArchived = changes.isArchived ?? known.archived_at !== null;
    const label = changes.label ?? known.label;
    const isTaken = all.some(
      (row) =>
        row.id !== fieldId &&
        row.archived_at === null &&
        row.label.toLowerCase() === label.toLowerCase(),
    );
    if (isTaken && !isArchived) {
      throw new DomainError("conflict", `There is a field “${label}” already.`);
    }
    const { rows } = await sql<ContactFieldRow>`
      update public.contact_fields
      set label = ${label},
        choices = array(
          select jsonb_array_elements_text(${JSON.stringify(changes.choices ?? known.choices)}::text::jsonb)
        ),
        position = ${changes.position ?? known.position},
        archived_at = case when ${isArchived} then coalesce(archived_at, now()) end
      where workspace_id = ${workspaceId} and id = ${fieldId}
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) throw new DomainError("forbidden", "Only an admin can change the fields.");
    const field = presentContactField(row);
    await appendEvent(trx, workspaceId, "contact_field_updated", { field });
    return field;
  });
}
