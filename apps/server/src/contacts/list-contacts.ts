import type { ContactList } from "@livechat/shared";
import { type RawBuilder, sql, type Transaction } from "kysely";
import * as z from "zod";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database, Tables } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/** Where a page of contacts ends. `at` is null among those that never had a text. */
const place = z.object({ at: textTime.nullable(), id: z.uuid() });
type Place = z.infer<typeof place>;

type PlacedRow = ContactRow & { place_at: string | null };

/**
 * A page of the workspace's contacts, the latest conversation first and those
 * without a text last. Throws `invalid_request` on a cursor that we did not
 * make, `workspace_not_found` for a stranger.
 */
export async function listContacts(
  database: Database,
  userId: string,
  workspaceId: string,
  query: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<ContactList> {
  const after = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  const matches = matchContacts(query.q ?? "");
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    const wanted = query.limit + 1;
    const rows: PlacedRow[] =
      after?.at === null ? [] : await listTexted(trx, workspaceId, matches, after, wanted);
    if (rows.length < wanted) {
      const within = after?.at === null ? after.id : null;
      rows.push(
        ...(await listNeverTexted(trx, workspaceId, matches, within, wanted - rows.length)),
      );
    }
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      epoch,
      asOfSeq: head,
      items: page.map(presentContact),
      nextCursor: last ? presentCursor<Place>({ at: last.place_at, id: last.id }) : null,
    };
  });
}

// A Date has milliseconds only: two contacts within one would be skipped or shown twice.
const columns = sql`c.*, to_char(c.last_message_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at`;

async function listTexted(
  trx: Transaction<Tables>,
  workspaceId: string,
  matches: RawBuilder<unknown>,
  after: Place | null,
  limit: number,
): Promise<PlacedRow[]> {
  const rest = after
    ? sql`(c.last_message_at, c.id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`
    : sql`c.last_message_at is not null`;
  const { rows } = await sql<PlacedRow>`
    select ${columns} from public.contacts c
    where c.workspace_id = ${workspaceId} and ${rest} and ${matches}
    order by c.last_message_at desc nulls last, c.id desc
    limit ${limit}
  `.execute(trx);
  return rows;
}

async function listNeverTexted(
  trx: Transaction<Tables>,
  workspaceId: string,
  matches: RawBuilder<unknown>,
  afterId: string | null,
  limit: number,
): Promise<PlacedRow[]> {
  const rest = afterId === null ? sql`true` : sql`c.id < ${afterId}::uuid`;
  const { rows } = await sql<PlacedRow>`
    select ${columns} from public.contacts c
    where c.workspace_id = ${workspaceId} and c.last_message_at is null and ${rest} and ${matches}
    order by c.last_message_at desc nulls last, c.id desc
    limit ${limit}
  `.execute(trx);
  return rows;
}

function matchContacts(q: string): RawBuilder<unknown> {
  const text = q.replaceAll("\0", "").trim();
  if (text === "") return sql`true`;
  const part = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  // Digits count only when the whole of it could be a number: "Anna 2" is a name.
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replaceAll(/\D/g, "") : "";
  const byDigits =
    digits === ""
      ? sql`false`
      : sql`regexp_replace(c.phone_number, '\\D', '', 'g') like ${`%${digits}%`}`;
  return sql`(
    c.name ilike ${part} or c.email ilike ${part} or c.phone_number ilike ${part} or ${byDigits}
  )`;
}
