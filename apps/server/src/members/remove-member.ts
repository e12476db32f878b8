import { sql } from "kysely";
import type { Context } from "../context.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getMemberToChange, keepAnOwner, type MemberChange } from "./get-member-to-change.ts";

/**
 * Takes a person out of a workspace; their open sockets end with the event, and
 * their conversations are nobody's again.
 * Throws `not_found`, `forbidden` when it takes an owner to do so, `conflict`
 * when nobody would own the workspace any more.
 */
export async function removeMember(
  { database }: Context,
  caller: { userId: string },
  change: MemberChange,
): Promise<void> {
  const { workspaceId, userId } = change;
  await database.asMember(caller.userId, async (trx) => {
    await getMemberToChange(trx, change);
    await sql`select private.unassign_member(${workspaceId}, ${userId})`.execute(trx);
    // Written first: someone who removes themself may not write afterwards.
    await appendAudit(trx, workspaceId, "member.removed", userId);
    await appendEvent(trx, workspaceId, "member_removed", { userId });
    await keepAnOwner(() =>
      trx
        .deleteFrom("public.workspace_members")
        .where("workspace_id", "=", workspaceId)
        .where("user_id", "=", userId)
        .returning("user_id")
        .execute(),
    );
  });
}
