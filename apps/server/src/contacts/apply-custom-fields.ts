import {
  type CustomFieldValues,
  parseCustomFieldValue,
  type UpdateContactRequest,
} from "@livechat/shared";
import type { Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { listContactFieldRows, presentContactField } from "./contact-fields-store.ts";

/**
 * The values with these changes in them. Throws `invalid_request`, naming every
 * field that the workspace lacks and every value that its field can't hold.
 */
export async function applyCustomFields(
  trx: Transaction<Tables>,
  workspaceId: string,
  values: CustomFieldValues,
  changes: NonNullable<UpdateContactRequest["customFields"]>,
): Promise<CustomFieldValues> {
  const rows = await listContactFieldRows(trx, workspaceId);
  const fields = new Map(rows.map((row) => [row.id, presentContactField(row)]));
  const next = { ...values };
  const errors: { path: string; message: string }[] = [];
  for (const [id, change] of Object.entries(changes)) {
    const path = `body.customFields.${id}`;
    const field = fields.get(id);
    if (!field) errors.push({ path, message: "is no field of this workspace" });
    else if (change === null || change === "") delete next[id];
    else {
      const parsed = parseCustomFieldValue(field, change);
      if (parsed.ok) next[id] = parsed.value;
      else errors.push({ path, message: parsed.reason });
    }
  }
  if (errors.length > 0) {
    throw new DomainError("invalid_request", "Some fields can't hold what was given.", { errors });
  }
  return next;
}
