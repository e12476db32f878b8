import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { listContactFieldRows } from "./contact-fields-store.ts";
import type { ContactRow } from "./present-contact.ts";

const pageSize = 500;

/** Every contact of the workspace as lines of a table, the header first, read page by page. */
export async function* exportContacts(
  database: Database,
  userId: string,
  workspaceId: string,
): AsyncGenerator<string[]> {
  const fields = (
    await database.asMember(userId, (trx) => listContactFieldRows(trx, workspaceId))
  ).filter((field) => field.archived_at === null);
  yield [
    "Phone number",
    "Name",
    "E-mail",
    "Company",
    "Time zone",
    "Language",
    "About",
    "Opted out at",
    "Last message at",
    "Created at",
    "Further numbers",
    ...fields.map((field) => field.label),
  ];
  for (let after: string | null = null; ; ) {
    const rows: ContactRow[] = await database.asMember(userId, async (trx) => {
      const page = await sql<ContactRow>`
        select * from public.contacts
        where workspace_id = ${workspaceId} and (${after}::uuid is null or id > ${after}::uuid)
        order by id limit ${pageSize}
      `.execute(trx);
      return page.rows;
    });
    for (const row of rows) {
      yield [
        row.phone_number,
        row.name ?? "",
        row.email ?? "",
        row.company ?? "",
        row.time_zone ?? "",
        row.language ?? "",
        row.about ?? "",
        row.opted_out_at?.toISOString() ?? "",
        row.last_message_at?.toISOString() ?? "",
        row.created_at.toISOString(),
        row.other_numbers
          .map(({ phoneNumber, optedOutAt }) => `${phoneNumber}${optedOutAt ? " (opted out)" : ""}`)
          .join(", "),
        ...fields.map((field) => String(row.custom_fields[field.id] ?? "")),
      ];
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length < pageSize) return;
  }
}
