import type { ContactList, ContactSort, ContactView, ConversationFilter } from "@livechat/shared";
import { type RawBuilder, sql, type Transaction } from "kysely";
import * as z from "zod";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database, Tables } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/**
 * Where a page of contacts ends: in which part of the list, and there after which
 * moment. Only the last part, of those that never had a text, has no moments.
 */
const place = z.object({
  part: z.enum(["waiting", "texted", "never"]),
  at: textTime.nullable(),
  id: z.uuid(),
});
type Place = z.infer<typeof place>;
type Part = Place["part"];

type PlacedRow = ContactRow & { place_at: string | null };

/** What each sort lists, one part after the other. A view shows no contact that was never texted. */
const partsOf: Record<ContactSort, readonly Part[]> = {
  recent: ["texted", "never"],
  waiting: ["waiting", "texted", "never"],
};

/**
 * A page of the workspace's contacts: the latest conversation first, or whoever
 * has waited longest for an answer, and those without a text last. Throws
 * `invalid_request` on a cursor that we did not make, `workspace_not_found` for a
 * stranger.
 */
export async function listContacts(
  database: Database,
  userId: string,
  workspaceId: string,
  query: {
    q?: string | undefined;
    view?: ContactView | undefined;
    sort?: ContactSort;
    cursor?: string | undefined;
    limit: number;
  } & ConversationFilter,
): Promise<ContactList> {
  const after = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  const { sort = "recent" } = query;
  const matches = sql`${matchContacts(query.q ?? "")} and ${matchFilter(query)} and ${
    query.view ? matchView(query.view, userId) : sql`true`
  } and c.deleted_at is null`;
  const parts = partsOf[sort].slice(after ? partsOf[sort].indexOf(after.part) : 0);
  return database.asMember(userId, async (trx) => {
    const { epoch, head, counts } = await getHead(trx, workspaceId);
    const wanted = query.limit + 1;
    const found: { row: PlacedRow; part: Part }[] = [];
    for (const part of parts) {
      if (found.length >= wanted || (part === "never" && query.view)) continue;
      const rows = await listPart(trx, workspaceId, {
        part,
        // Those who wait have been listed before.
        matches:
          part === "texted" && sort === "waiting"
            ? sql`${matches} and c.waiting_since is null`
            : matches,
        after: after?.part === part ? after : null,
        limit: wanted - found.length,
      });
      found.push(...rows.map((row) => ({ row, part })));
    }
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      epoch,
      asOfSeq: head,
      counts,
      items: page.map(({ row }) => presentContact(row)),
      nextCursor: last
        ? presentCursor<Place>({ part: last.part, at: last.row.place_at, id: last.row.id })
        : null,
    };
  });
}

interface PartQuery {
  part: Part;
  matches: RawBuilder<unknown>;
  after: Place | null;
  limit: number;
}

async function listPart(
  trx: Transaction<Tables>,
  workspaceId: string,
  { part, matches, after, limit }: PartQuery,
): Promise<PlacedRow[]> {
  const { at, rest, order } = describePart(part, after);
  // A Date has milliseconds only: two contacts within one would be skipped or shown twice.
  const { rows } = await sql<PlacedRow>`
    select c.*, to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
    from public.contacts c
    where c.workspace_id = ${workspaceId} and ${rest} and ${matches}
    order by ${order}
    limit ${limit}
  `.execute(trx);
  return rows;
}

function describePart(part: Part, after: Place | null) {
  const afterAt = sql`${after?.at ?? null}::text::timestamptz`;
  const afterId = sql`${after?.id ?? null}::uuid`;
  switch (part) {
    case "waiting":
      return {
        at: sql`c.waiting_since`,
        rest: after
          ? sql`c.waiting_since is not null and (c.waiting_since, c.id) > (${afterAt}, ${afterId})`
          : sql`c.waiting_since is not null`,
        order: sql`c.waiting_since, c.id`,
      };
    case "texted":
      return {
        at: sql`c.last_message_at`,
        rest: after
          ? sql`c.last_message_at is not null
              and (c.last_message_at, c.id) < (${afterAt}, ${afterId})`
          : sql`c.last_message_at is not null`,
        order: sql`c.last_message_at desc nulls last, c.id desc`,
      };
    case "never":
      return {
        at: sql`c.last_message_at`,
        rest: after
          ? sql`c.last_message_at is null and c.id < ${afterId}`
          : sql`c.last_message_at is null`,
        order: sql`c.last_message_at desc nulls last, c.id desc`,
      };
    default:
      return part satisfies never;
  }
}

const isOpen = sql`c.conversation_status <> 'Done' and c.snoozed_until is null and c.blocked_at is null`;

/** As `isInView` of the contract says it, word for word as the indexes have it. */
function matchView(view: ContactView, userId: string): RawBuilder<unknown> {
  switch (view) {
    case "open":
      return isOpen;
    case "unassigned":
      return sql`${isOpen} and c.assigned_to is null`;
    case "mine":
      return sql`${isOpen} and c.assigned_to = ${userId}::uuid`;
    case "unread":
      return sql`c.unread_count > 0 and c.blocked_at is null`;
    case "snoozed":
      return sql`c.snoozed_until is not null and c.blocked_at is null`;
    case "done":
      return sql`c.conversation_status = 'Done' and c.snoozed_until is null and c.blocked_at is null`;
    case "blocked":
      return sql`c.blocked_at is not null`;
    default:
      return view satisfies never;
  }
}

/** As `fitsFilter` of the contract says it. */
function matchFilter(filter: ConversationFilter): RawBuilder<unknown> {
  const { tagId, assignedTo, line, status, isUnread } = filter;
  const conditions = [
    ...(tagId ? [sql`c.tag_ids <> '{}' and c.tag_ids @> array[${tagId}::uuid]`] : []),
    ...(assignedTo ? [sql`c.assigned_to = ${assignedTo}::uuid`] : []),
    ...(line ? [sql`coalesce(c.our_number, c.preferred_sender) = ${line}`] : []),
    ...(status ? [sql`c.conversation_status = ${status}`] : []),
    ...(isUnread ? [sql`c.unread_count > 0`] : []),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function matchContacts(q: string): RawBuilder<unknown> {
  const text = q.replaceAll("\0", "").trim();
  if (text === "") return sql`true`;
  const part = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  // Digits count only when the whole of it could be a number: "Anna 2" is a name.
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replaceAll(/\D/g, "") : "";
  const likeDigits = `%${digits}%`;
  const byDigits =
    digits === ""
      ? sql`false`
      : sql`regexp_replace(c.phone_number, '\\D', '', 'g') like ${likeDigits}`;
  const byOtherNumber = sql`c.other_numbers <> '[]' and exists (
    select from jsonb_array_elements(c.other_numbers) number
    where number ->> 'phoneNumber' ilike ${part} or (
      ${digits !== ""}::boolean
      and regexp_replace(number ->> 'phoneNumber', '\\D', '', 'g') like ${likeDigits}
    )
  )`;
  return sql`(
    c.name ilike ${part} or c.email ilike ${part} or c.phone_number ilike ${part} or ${byDigits}
    or ${byOtherNumber}
  )`;
}
