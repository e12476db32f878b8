import {
  type ContactSearchPage,
  type ConversationFilter,
  fitsFilter,
  foldText,
  readPhoneDigits,
  splitWords,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import * as z from "zod";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database, Tables } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { listInOrder } from "./list-in-order.ts";
import { writeWithin } from "./search-scope.ts";

/** Where a page ends. `at` is null among those that never had a text. */
const place = z.object({ at: textTime.nullable(), id: z.uuid() });

/** How many of the nearest are shown when nothing fits. */
const nearLimit = 10;

interface Query extends ConversationFilter {
  q: string;
  cursor?: string | undefined;
  limit: number;
}

/**
 * The contacts of which something contains each word of the query, the latest
 * conversation first; digits find numbers however they are written. When nothing
 * fits, the nearest. Throws `invalid_request` on a cursor that we did not make.
 */
export async function searchContacts(
  database: Database,
  userId: string,
  workspaceId: string,
  { q, cursor, limit, ...filter }: Query,
): Promise<ContactSearchPage> {
  const after = cursor === undefined ? null : parseCursor(place, cursor);
  return database.asMember(userId, async (trx) => {
    const patterns = listPatterns(q);
    if (patterns.length === 0) return { items: [], nextCursor: null, isNear: false };
    const { rows } = await sql<{ id: string; at: string | null }>`
      select id, to_char(last_message_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from private.search_contact_ids(
        ${workspaceId}, array(select jsonb_array_elements_text(${JSON.stringify(patterns)}::text::jsonb)),
        ${writeWithin(filter)},
        ${after?.at ?? null}::text::timestamptz, ${after?.id ?? null}::uuid, ${limit + 1}
      )
    `.execute(trx);
    if (rows.length === 0 && !after) return searchNear(trx, workspaceId, q, filter);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      items: await listContactsInOrder(
        trx,
        workspaceId,
        page.map(({ id }) => id),
      ),
      nextCursor: last ? presentCursor<z.infer<typeof place>>(last) : null,
      isNear: false,
    };
  });
}

function listPatterns(q: string): string[] {
  const digits = readPhoneDigits(q);
  // A number as it is dialled at home begins with a zero that its full form lacks.
  if (digits !== null) return [`%${digits.replace(/^0+(?=\d{3})/, "")}%`];
  return toStorableText(q)
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, 8)
    .map((word) => `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`);
}

async function searchNear(
  trx: Transaction<Tables>,
  workspaceId: string,
  q: string,
  filter: ConversationFilter,
): Promise<ContactSearchPage> {
  const words = splitWords(q).filter((word) => word.length >= 3 && !/^\d+$/.test(word));
  if (words.length === 0) return { items: [], nextCursor: null, isNear: false };
  const { rows } = await sql<{ id: string }>`
    select private.search_similar_contact_ids(
      ${workspaceId}, ${foldText(words.join(" "))}, ${nearLimit}
    ) as id
  `.execute(trx);
  const nearest = await listContactsInOrder(
    trx,
    workspaceId,
    rows.map(({ id }) => id),
  );
  const items = nearest.filter((contact) => fitsFilter(contact, filter));
  return { items, nextCursor: null, isNear: items.length > 0 };
}

async function listContactsInOrder(
  trx: Transaction<Tables>,
  workspaceId: string,
  ids: readonly string[],
) {
  const rows = await listInOrder<ContactRow>(trx, "contacts", workspaceId, ids);
  return rows.map(presentContact);
}
