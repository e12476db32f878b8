import { sql, type Transaction } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import { listMembers } from "../members/members-store.ts";
import type { Database, Tables } from "../platform/database.ts";
import type { MessageRow } from "./present-message.ts";

const pageSize = 500;

interface Place {
  at: string;
  id: string;
}
type ExportedRow = MessageRow & { place_at: string; file_count: number };

/**
 * A conversation's texts as lines of a table, the oldest first, the header before
 * them, read page by page. Throws `contact_not_found` before the first line.
 */
export async function* exportConversation(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): AsyncGenerator<string[]> {
  const { customer, agents } = await database.asMember(userId, async (trx) => {
    const contact = await getContact(trx, workspaceId, contactId);
    const members = await listMembers(trx, workspaceId);
    return {
      customer: contact.name ?? contact.phone_number,
      agents: new Map(members.map((member) => [member.userId, member.displayName])),
    };
  });
  yield ["Time", "From", "Direction", "Text", "Files", "Status", "Error", "Our number"];
  for (let after: Place | null = null; ; ) {
    const place: Place | null = after;
    const rows: ExportedRow[] = await database.asMember(userId, (trx) =>
      listPage(trx, workspaceId, contactId, place),
    );
    for (const row of rows) {
      const isInbound = row.direction === "inbound";
      yield [
        row.created_at.toISOString(),
        isInbound ? customer : (agents.get(row.created_by ?? "") ?? ""),
        row.direction,
        row.content,
        String(row.file_count),
        row.status,
        row.error_message ?? "",
        (isInbound ? row.to_number : row.from_number) ?? "",
      ];
    }
    const last = rows.at(-1);
    after = last ? { at: last.place_at, id: last.id } : null;
    if (rows.length < pageSize) return;
  }
}

async function listPage(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
  after: Place | null,
): Promise<ExportedRow[]> {
  const rest = after
    ? sql`(m.created_at, m.id) > (${after.at}::text::timestamptz, ${after.id}::uuid)`
    : sql`true`;
  const { rows } = await sql<ExportedRow>`
    select m.*,
      to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at,
      (
        select count(*)::int from public.message_media f
        where f.workspace_id = m.workspace_id and f.message_id = m.id
      ) as file_count
    from public.messages m
    where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId} and ${rest}
    order by m.created_at, m.id limit ${pageSize}
  `.execute(trx);
  return rows;
}
