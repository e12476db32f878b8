import {
  type ChangeConversationsRequest,
  type ChangedConversations,
  type ConversationChange,
  type ConversationExpectation,
  maxTagsPerContact,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { settleWaitingSince, writeWaitingSince } from "./find-waiting-since.ts";
import { getContact } from "./get-contact.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/**
 * Changes the state of conversations: all of them, or none when one is refused.
 * A conversation that is not as the caller expected is left as it is and named
 * among the conflicts. Throws `contact_not_found`, `tag_not_found`, and
 * `invalid_request` for someone who is no member, a snooze into the past or too
 * many tags.
 */
export async function changeConversations(
  { database, jobs }: Context,
  userId: string,
  workspaceId: string,
  { changes }: ChangeConversationsRequest,
): Promise<ChangedConversations> {
  // In one order everywhere, so that two people who do this at once don't wait for each other.
  const inOrder = changes.toSorted((a, b) => (a.contactId < b.contactId ? -1 : 1));
  return database.asMember(userId, async (trx) => {
    await checkMembers(
      trx,
      workspaceId,
      changes.map(({ set }) => set),
    );
    await checkTags(
      trx,
      workspaceId,
      changes.map(({ set }) => set),
    );
    const items: ContactRow[] = [];
    const conflicts: ContactRow[] = [];
    const changed: ContactRow[] = [];
    for (const { contactId, set, expected } of inOrder) {
      const known = await getContact(trx, workspaceId, contactId, { lock: true });
      if (!isAsExpected(known, expected)) {
        conflicts.push(known);
        continue;
      }
      const row = await storeChange(trx, known, await applyChange(trx, known, set));
      items.push(row ?? known);
      if (!row) continue;
      changed.push(row);
      if (row.snoozed_until && row.snoozed_until.getTime() !== known.snoozed_until?.getTime()) {
        const startAfterSeconds = Math.ceil((row.snoozed_until.getTime() - Date.now()) / 1000);
        await jobs.enqueue(
          trx,
          "wake_conversation",
          { workspaceId, contactId },
          { startAfterSeconds: Math.max(1, startAfterSeconds) },
        );
      }
    }
    for (const row of changed) {
      await appendEvent(trx, workspaceId, "contact_updated", { contact: presentContact(row) });
    }
    return { items: items.map(presentContact), conflicts: conflicts.map(presentContact) };
  });
}

type Conversation = Pick<
  ContactRow,
  | "conversation_status"
  | "snoozed_until"
  | "assigned_to"
  | "blocked_at"
  | "unread_count"
  | "waiting_since"
  | "tag_ids"
>;

async function applyChange(
  trx: Transaction<Tables>,
  known: ContactRow,
  set: ConversationChange,
): Promise<Conversation> {
  const next: Conversation = { ...known };
  if (set.conversationStatus !== undefined && set.conversationStatus !== next.conversation_status) {
    next.conversation_status = set.conversationStatus;
    next.snoozed_until = null;
  }
  if (set.snoozedUntil !== undefined) {
    next.snoozed_until = set.snoozedUntil === null ? null : readFuture(set.snoozedUntil);
    if (next.snoozed_until && next.conversation_status === "Done") {
      next.conversation_status = "Open";
    }
  }
  if (set.assignedTo !== undefined) next.assigned_to = set.assignedTo;
  if (set.isUnread !== undefined) {
    next.unread_count = set.isUnread ? Math.max(1, known.unread_count) : 0;
  }
  if (set.isBlocked !== undefined && set.isBlocked !== (known.blocked_at !== null)) {
    next.blocked_at = set.isBlocked ? new Date() : null;
  }
  if (next.blocked_at !== null) {
    next.snoozed_until = null;
    next.unread_count = 0;
  }
  next.waiting_since = await settleWaitingSince(trx, known, next);
  next.tag_ids = [
    ...new Set([...known.tag_ids, ...(set.addTagIds ?? []).map((id) => id.toLowerCase())]),
  ].filter((id) => !set.removeTagIds?.some((removed) => removed.toLowerCase() === id));
  if (next.tag_ids.length > maxTagsPerContact) {
    throw new DomainError("invalid_request", `A contact wears at most ${maxTagsPerContact} tags.`);
  }
  return next;
}

/** The row as it is now; null when nothing changed. */
async function storeChange(
  trx: Transaction<Tables>,
  known: ContactRow,
  next: Conversation,
): Promise<ContactRow | null> {
  const tagIds = sql`${`{${next.tag_ids.join(",")}}`}::text::uuid[]`;
  const snoozedUntil = sql`${next.snoozed_until?.toISOString() ?? null}::text::timestamptz`;
  const blockedAt = sql`${next.blocked_at?.toISOString() ?? null}::text::timestamptz`;
  const waitingSince = writeWaitingSince(known, next.waiting_since);
  const { rows } = await sql<ContactRow>`
    update public.contacts
    set conversation_status = ${next.conversation_status}, snoozed_until = ${snoozedUntil},
      assigned_to = ${next.assigned_to}, blocked_at = ${blockedAt},
      unread_count = ${next.unread_count}, waiting_since = ${waitingSince}, tag_ids = ${tagIds}
    where workspace_id = ${known.workspace_id} and id = ${known.id}
      and (conversation_status, date_trunc('milliseconds', snoozed_until), assigned_to,
        date_trunc('milliseconds', blocked_at), unread_count, tag_ids)
      is distinct from (${next.conversation_status}::text, ${snoozedUntil},
        ${next.assigned_to}::uuid, ${blockedAt}, ${next.unread_count}::integer, ${tagIds})
    returning *
  `.execute(trx);
  return rows[0] ?? null;
}

function isAsExpected(known: ContactRow, expected: ConversationExpectation | undefined): boolean {
  if (!expected) return true;
  const { conversationStatus, snoozedUntil, assignedTo, isBlocked } = expected;
  const isSame = <T>(wanted: T | undefined, found: T) => wanted === undefined || wanted === found;
  return (
    isSame(conversationStatus, known.conversation_status) &&
    isSame(assignedTo, known.assigned_to) &&
    isSame(isBlocked, known.blocked_at !== null) &&
    isSame(
      snoozedUntil === undefined ? undefined : readMs(snoozedUntil),
      known.snoozed_until?.getTime() ?? null,
    )
  );
}

function readMs(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

function readFuture(time: string): Date {
  const until = new Date(time);
  if (until.getTime() <= Date.now()) {
    throw new DomainError("invalid_request", "A snooze ends in the future: choose a later time.");
  }
  return until;
}

async function checkMembers(
  trx: Transaction<Tables>,
  workspaceId: string,
  changes: readonly ConversationChange[],
): Promise<void> {
  const ids = new Set(changes.flatMap(({ assignedTo }) => assignedTo ?? []));
  if (ids.size === 0) return;
  const { rows } = await sql`
    select user_id from public.workspace_members
    where workspace_id = ${workspaceId} and user_id = any (${`{${[...ids].join(",")}}`}::text::uuid[])
  `.execute(trx);
  if (rows.length === ids.size) return;
  throw new DomainError("invalid_request", "Only a member of the workspace can be assigned.");
}

async function checkTags(
  trx: Transaction<Tables>,
  workspaceId: string,
  changes: readonly ConversationChange[],
): Promise<void> {
  const ids = new Set(changes.flatMap(({ addTagIds }) => addTagIds ?? []));
  if (ids.size === 0) return;
  const { rows } = await sql`
    select id from public.tags
    where workspace_id = ${workspaceId} and id = any (${`{${[...ids].join(",")}}`}::text::uuid[])
  `.execute(trx);
  if (rows.length === ids.size) return;
  throw new DomainError("tag_not_found", "There is no such tag here: someone may have removed it.");
}
