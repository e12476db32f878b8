import type { Activity, Note } from "@livechat/shared";
import { type RawBuilder, sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";

/** Names one note of one workspace. */
export interface NoteKey {
  workspaceId: string;
  noteId: string;
}

/** A row of `public.conversation_notes` with the people whom it mentions. */
export interface NoteRow {
  id: string;
  contact_id: string;
  author_id: string | null;
  body: string;
  mentioned_ids: string[];
  created_at: Date;
  edited_at: Date | null;
}

/** The columns of a {@link NoteRow}; `n` is the note. */
export const noteColumns: RawBuilder<unknown> = sql`
  n.id, n.contact_id, n.author_id, n.body, n.created_at, n.edited_at,
  array(
    select m.user_id::text from public.note_mentions m
    where m.workspace_id = n.workspace_id and m.note_id = n.id order by m.user_id
  ) as mentioned_ids
`;

/** The note, or null when there is none that this transaction may see. `lock` keeps it as it is. */
export async function findNote(
  trx: Transaction<Tables>,
  { workspaceId, noteId }: NoteKey,
  { lock = false } = {},
): Promise<NoteRow | null> {
  const { rows } = await sql<NoteRow>`
    select ${noteColumns} from public.conversation_notes n
    where n.workspace_id = ${workspaceId} and n.id = ${noteId}
    ${lock ? sql`for update of n` : sql``}
  `.execute(trx);
  return rows[0] ?? null;
}

/** A note that this person wrote, locked. Throws `note_not_found`, `forbidden` for another's. */
export async function getOwnNote(
  trx: Transaction<Tables>,
  key: NoteKey,
  userId: string,
): Promise<NoteRow> {
  const seen = await findNote(trx, key);
  if (!seen) throw new DomainError("note_not_found", "There is no such note here.");
  if (seen.author_id !== userId) {
    throw new DomainError("forbidden", "Only its author can change a note.");
  }
  const row = await findNote(trx, key, { lock: true });
  if (!row) throw new DomainError("note_not_found", "There is no such note here.");
  return row;
}

/** Makes a note call exactly these people. Throws `invalid_request` for someone who is no member. */
export async function setMentions(
  trx: Transaction<Tables>,
  { workspaceId, noteId }: NoteKey,
  userIds: readonly string[],
): Promise<void> {
  const wanted = [...new Set(userIds.map((id) => id.toLowerCase()))];
  const list = sql`${`{${wanted.join(",")}}`}::text::uuid[]`;
  const { rows } = await sql`
    select user_id from public.workspace_members
    where workspace_id = ${workspaceId} and user_id = any (${list})
  `.execute(trx);
  if (rows.length < wanted.length) {
    throw new DomainError("invalid_request", "Only members of the workspace can be mentioned.");
  }
  await sql`
    delete from public.note_mentions
    where workspace_id = ${workspaceId} and note_id = ${noteId} and user_id <> all (${list})
  `.execute(trx);
  for (const userId of wanted) {
    await sql`
      insert into public.note_mentions (workspace_id, note_id, user_id)
      values (${workspaceId}, ${noteId}, ${userId})
      on conflict do nothing
    `.execute(trx);
  }
}

/** A note as every browser sees it, over HTTP and in events alike. */
export function presentNote(row: NoteRow): Note {
  return {
    id: row.id,
    contactId: row.contact_id,
    authorId: row.author_id,
    body: row.body,
    mentionedIds: row.mentioned_ids,
    createdAt: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
  };
}

/** Most lines of one page: a conversation that is touched all day still opens at once. */
const maxBesidePage = 500;

/**
 * What agents noted and did in one conversation in a span of time, each oldest
 * first. `from` counts, `before` does not; null leaves that end open.
 */
export async function listBeside(
  trx: Transaction<Tables>,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  { from, before }: { from: string | null; before: string | null },
): Promise<{ notes: Note[]; activities: Activity[] }> {
  const inSpan = sql`
    workspace_id = ${workspaceId} and contact_id = ${contactId}
    and created_at >= coalesce(${from}::text::timestamptz, '-infinity')
    and created_at < coalesce(${before}::text::timestamptz, 'infinity')
  `;
  const notes = await sql<NoteRow>`
    select ${noteColumns} from (
      select * from public.conversation_notes
      where ${inSpan} order by created_at desc, id desc limit ${maxBesidePage}
    ) n order by n.created_at, n.id
  `.execute(trx);
  const activities = await sql<ActivityRow>`
    select * from (
      select * from public.conversation_activities
      where ${inSpan} order by created_at desc, id desc limit ${maxBesidePage}
    ) a order by a.created_at, a.id
  `.execute(trx);
  return {
    notes: notes.rows.map(presentNote),
    activities: activities.rows.map(presentActivity),
  };
}

interface ActivityRow {
  id: string;
  contact_id: string;
  kind: Activity["kind"];
  actor_id: string | null;
  actor_name: string | null;
  detail: Activity["detail"];
  created_at: Date;
}

// `private.add_activity` writes the same shape into events.
function presentActivity(row: ActivityRow): Activity {
  return {
    id: row.id,
    contactId: row.contact_id,
    kind: row.kind,
    actorId: row.actor_id,
    actorName: row.actor_name,
    detail: row.detail,
    createdAt: row.created_at.toISOString(),
  };
}
