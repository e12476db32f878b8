import type { ScheduledList } from "@livechat/shared";
import { sql } from "kysely";
import * as z from "zod";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database } from "../platform/database.ts";
import { presentWithMedia } from "./messages-store.ts";
import type { MessageRow } from "./present-message.ts";

const place = z.object({ at: textTime, id: z.uuid() });
type Place = z.infer<typeof place>;

/**
 * A page of what waits for its time, of one contact or the whole workspace, the
 * next first. Throws `invalid_request` on a cursor that we did not make.
 */
export async function listScheduled(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string | null },
  query: { cursor?: string | undefined; limit: number },
): Promise<ScheduledList> {
  const after = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  return database.asMember(userId, async (trx) => {
    const later = after
      ? sql`(m.scheduled_for, m.id) > (${after.at}::text::timestamptz, ${after.id}::uuid)`
      : sql`true`;
    const { rows } = await sql<MessageRow & { place_at: string }>`
      select m.*,
        to_char(m.scheduled_for at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
      from public.messages m
      where m.workspace_id = ${workspaceId} and m.status = 'scheduled' and ${later}
        and (${contactId}::uuid is null or m.contact_id = ${contactId}::uuid)
      order by m.scheduled_for, m.id limit ${query.limit + 1}
    `.execute(trx);
    const page = rows.slice(0, query.limit);
    const contacts = await sql<ContactRow>`
      select * from public.contacts
      where workspace_id = ${workspaceId}
        and id = any (${`{${[...new Set(page.map((row) => row.contact_id))].join(",")}}`}::text::uuid[])
    `.execute(trx);
    const byId = new Map(contacts.rows.map((row) => [row.id, presentContact(row)]));
    const items: ScheduledList["items"] = [];
    for (const row of page) {
      const contact = byId.get(row.contact_id);
      if (contact) items.push({ message: await presentWithMedia(trx, row), contact });
    }
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      items,
      nextCursor: last ? presentCursor<Place>({ at: last.place_at, id: last.id }) : null,
    };
  });
}
