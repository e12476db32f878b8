import type { ContactField, CreateContactFieldRequest } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import {
  type ContactFieldRow,
  listContactFieldRows,
  presentContactField,
} from "./contact-fields-store.ts";

/** Most fields that a workspace adds to its contacts, archived ones not counted. */
const maxFields = 50;

/**
 * Adds a field to every contact of the workspace. Throws `conflict` when another
 * one has the label or there are too many, `invalid_request` when a choice names
 * no choices or another kind does.
 */
export async function createContactField(
  database: Database,
  userId: string,
  workspaceId: string,
  request: CreateContactFieldRequest,
): Promise<ContactField> {
  if ((request.kind === "choice") !== (request.choices !== undefined)) {
    throw new DomainError(
      "invalid_request",
      "A choice names its choices, and only a choice does.",
      {
        errors: [{ path: "body.choices", message: "goes with the kind choice" }],
      },
    );
  }
  return database.asMember(userId, async (trx) => {
    const known = await listContactFieldRows(trx, workspaceId);
    const shown = known.filter((row) => row.archived_at === null);
    if (shown.length >= maxFields) {
      throw new DomainError("conflict", `There are ${maxFields} fields: archive one first.`);
    }
    const position = Math.max(-1, ...known.map((row) => row.position)) + 1;
    const { rows } = await sql<ContactFieldRow>`
      insert into public.contact_fields (workspace_id, label, kind, choices, position)
      values (
        ${workspaceId}, ${request.label}, ${request.kind},
        array(select jsonb_array_elements_text(${JSON.stringify(request.choices ?? [])}::text::jsonb)),
        ${position}
      )
      on conflict do nothing
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) throw new DomainError("conflict", `There is a field “${request.label}” already.`);
    const field = presentContactField(row);
    await appendEvent(trx, workspaceId, "contact_field_updated", { field });
    return field;
  });
}
