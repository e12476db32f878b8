import type { ConversationMediaPage } from "@livechat/shared";
import { sql } from "kysely";
import * as z from "zod";
import { getContact } from "../contacts/get-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database } from "../platform/database.ts";
import { type MessageMediaRow, type MessageRow, presentMedia } from "./present-message.ts";

const place = z.object({ at: textTime, id: z.uuid(), position: z.int().min(0).max(9) });

type PlacedRow = MessageMediaRow &
  Pick<MessageRow, "direction" | "created_at"> & { message_id: string; place_at: string };

/**
 * The stored files of a conversation, the latest first. Throws `contact_not_found`,
 * and `invalid_request` on a cursor that we did not make.
 */
export async function listConversationMedia(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  query: { cursor?: string | undefined; limit: number },
): Promise<ConversationMediaPage> {
  const after = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  return database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    const rest = after
      ? sql`(m.created_at, m.id, -f.position)
          < (${after.at}::text::timestamptz, ${after.id}::uuid, ${-after.position}::integer)`
      : sql`true`;
    const { rows } = await sql<PlacedRow>`
      select f.*, f.message_id, m.direction, m.created_at,
        to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
      from public.messages m
      join public.message_media f on f.workspace_id = m.workspace_id and f.message_id = m.id
      where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
        and f.state = 'stored' and ${rest}
      order by m.created_at desc, m.id desc, f.position
      limit ${query.limit + 1}
    `.execute(trx);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      items: page.map((row) => ({
        media: presentMedia(row),
        messageId: row.message_id,
        direction: row.direction,
        createdAt: row.created_at.toISOString(),
      })),
      nextCursor: last
        ? presentCursor<z.infer<typeof place>>({
            at: last.place_at,
            id: last.message_id,
            position: last.position,
          })
        : null,
    };
  });
}
