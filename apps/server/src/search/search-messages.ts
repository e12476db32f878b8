import {
  cutSnippet,
  findMatches,
  foldText,
  type MessageSearchPage,
  readPhoneDigits,
  splitWords,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import * as z from "zod";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { MessageRow } from "../messages/present-message.ts";
import type { Database, Tables } from "../platform/database.ts";
import { listInOrder } from "./list-in-order.ts";
import { type SearchScope, writeSpan, writeWithin } from "./search-scope.ts";
import { type WantedWord, writeTsQuery } from "./write-ts-query.ts";

/** What may stand for one word of the query: its beginning, or whole known words near to it. */
const wantedWord = z.object({
  word: z.string().regex(/^[^\s'\\]{1,200}$/),
  nearest: z.array(z.string().regex(/^[^\s'\\]{1,24}$/)).max(3),
});

/** Where a page ends, and the words that it looked for if they were mended. */
const place = z.object({
  at: textTime,
  id: z.uuid(),
  mended: z.array(wantedWord).min(1).max(8).nullable(),
});
type Place = z.infer<typeof place>;

interface Query extends SearchScope {
  q: string;
  contactId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const snippetLength = 140;

/**
 * The texts that have every word of the query or one that begins with it, the
 * latest first. When there are none, a word with a typo is read as the nearest
 * that the workspace's texts have. Throws `invalid_request` on a cursor that we
 * did not make.
 */
export async function searchMessages(
  database: Database,
  userId: string,
  workspaceId: string,
  query: Query,
): Promise<MessageSearchPage> {
  const after = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  const words = splitWords(query.q);
  return database.asMember(userId, async (trx) => {
    if (words.length === 0) return { items: [], nextCursor: null, mendedTo: null };
    const given = words.map((word): WantedWord => ({ word, nearest: [] }));
    let wanted: readonly WantedWord[] = after?.mended ?? given;
    let rows = await findIds(trx, workspaceId, wanted, query, after);
    if (rows.length === 0 && !after) {
      wanted = await mendWords(trx, workspaceId, words);
      const isMended = wanted.some(({ nearest }) => nearest.length > 0);
      rows = isMended ? await findIds(trx, workspaceId, wanted, query, null) : [];
    }
    const isMended = rows.length > 0 && wanted.some(({ nearest }) => nearest.length > 0);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      items: await present(
        trx,
        workspaceId,
        page.map(({ id }) => id),
        wanted,
      ),
      nextCursor: last
        ? presentCursor<Place>({
            ...last,
            mended: isMended
              ? wanted.map(({ word, nearest }) => ({ word, nearest: [...nearest] }))
              : null,
          })
        : null,
      mendedTo: isMended ? wanted.map(({ word, nearest }) => nearest[0] ?? word).join(" ") : null,
    };
  });
}

async function findIds(
  trx: Transaction<Tables>,
  workspaceId: string,
  wanted: readonly WantedWord[],
  { q, contactId, limit, ...scope }: Query,
  after: Place | null,
): Promise<{ id: string; at: string }[]> {
  const { rows } = await sql<{ id: string; at: string }>`
    select id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from private.search_message_ids(
      ${workspaceId}, ${writeTsQuery(wanted, readPhoneDigits(q))}, ${contactId ?? null}::uuid,
      ${writeWithin(scope)}, ${writeSpan(scope)},
      ${after?.at ?? null}::text::timestamptz, ${after?.id ?? null}::uuid, ${limit + 1}
    )
  `.execute(trx);
  return rows;
}

async function mendWords(
  trx: Transaction<Tables>,
  workspaceId: string,
  words: readonly string[],
): Promise<WantedWord[]> {
  const mended: WantedWord[] = [];
  for (const word of words) {
    const canMend = [...word].length >= 4 && word.length <= 24 && !/\d/.test(word);
    const { rows } = canMend
      ? await sql<{ word: string }>`
          select private.mend_word(${workspaceId}, ${word}) as word
        `.execute(trx)
      : { rows: [] };
    const folded = foldText(word);
    const known = rows.some((row) => row.word.startsWith(folded));
    mended.push({ word, nearest: known ? [] : rows.map((row) => row.word) });
  }
  return mended;
}

async function present(
  trx: Transaction<Tables>,
  workspaceId: string,
  ids: readonly string[],
  wanted: readonly WantedWord[],
): Promise<MessageSearchPage["items"]> {
  const messages = await listInOrder<MessageRow>(trx, "messages", workspaceId, ids);
  const contactIds = [...new Set(messages.map((row) => row.contact_id))];
  const contacts = new Map(
    (await listInOrder<ContactRow>(trx, "contacts", workspaceId, contactIds)).map((row) => [
      row.id,
      presentContact(row),
    ]),
  );
  const shown = wanted.flatMap(({ word, nearest }) => [word, ...nearest]);
  return messages.flatMap((row) => {
    const contact = contacts.get(row.contact_id);
    if (!contact) return [];
    const matches = findMatches(row.content, shown);
    const snippet = cutSnippet(row.content, matches, snippetLength);
    return {
      messageId: row.id,
      contact,
      direction: row.direction,
      createdAt: row.created_at.toISOString(),
      createdBy: row.created_by,
      hasMedia: row.message_type === "media",
      snippet: { text: snippet.text, ranges: snippet.ranges.map(([from, to]) => [from, to]) },
    };
  });
}
