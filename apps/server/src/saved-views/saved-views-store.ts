import type { SavedView } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";

/** A row of `public.saved_views`. */
export interface SavedViewRow {
  id: string;
  workspace_id: string;
  owner_id: string | null;
  created_by: string | null;
  name: string;
  view: SavedView["filter"]["view"];
  sort: SavedView["filter"]["sort"];
  tag_id: string | null;
  assigned_to: string | null;
  line: string | null;
  status: NonNullable<SavedView["filter"]["status"]> | null;
  is_unread: boolean;
  position: number;
}

/** A saved view as the people who have it see it. */
export function presentSavedView(row: SavedViewRow): SavedView {
  return {
    id: row.id,
    name: row.name,
    filter: {
      view: row.view,
      sort: row.sort,
      ...(row.tag_id ? { tagId: row.tag_id } : {}),
      ...(row.assigned_to ? { assignedTo: row.assigned_to } : {}),
      ...(row.line ? { line: row.line } : {}),
      ...(row.status ? { status: row.status } : {}),
      ...(row.is_unread ? { isUnread: true as const } : {}),
    },
    isShared: row.owner_id === null,
    createdBy: row.created_by,
    position: row.position,
  };
}

/** The name as it is stored. Throws `invalid_request` when nothing is left of it. */
export function cleanViewName(name: string): string {
  const clean = toStorableText(name).trim();
  if (clean !== "") return clean;
  throw new DomainError("invalid_request", "Give the view a name.", {
    errors: [{ path: "body.name", message: "is empty" }],
  });
}

/** The view with this id that the caller has. Throws `saved_view_not_found`. */
export async function getSavedView(
  trx: Transaction<Tables>,
  workspaceId: string,
  savedViewId: string,
): Promise<SavedViewRow> {
  const { rows } = await sql<SavedViewRow>`
    select * from public.saved_views where workspace_id = ${workspaceId} and id = ${savedViewId}
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("saved_view_not_found", "There is no such saved view here.");
  return row;
}

/** Everyone's view that another person saved may be changed by admins alone. */
export function othersView(): DomainError {
  return new DomainError(
    "forbidden",
    "Someone else saved this view for everyone: ask them or an admin.",
  );
}
