import type { Member, WorkspaceRole } from "@livechat/shared";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getMemberToChange, keepAnOwner, type MemberChange } from "./get-member-to-change.ts";

/**
 * Gives a member another role, and tells the others. Throws `not_found`,
 * `forbidden` when it takes an owner to do so, `conflict` when nobody would own
 * the workspace any more.
 */
export async function changeRole(
  { database }: Context,
  caller: { userId: string },
  change: MemberChange,
  role: WorkspaceRole,
): Promise<Member> {
  const { workspaceId, userId, askedBy } = change;
  return database.asMember(caller.userId, async (trx) => {
    const before = await getMemberToChange(trx, change);
    if (before.role === role) return before;
    if (role === "owner" && askedBy !== "owner") {
      throw new DomainError("forbidden", "Only an owner can make someone an owner.");
    }
    await keepAnOwner(() =>
      trx
        .updateTable("public.workspace_members")
        .set({ role })
        .where("workspace_id", "=", workspaceId)
        .where("user_id", "=", userId)
        .returning("user_id")
        .execute(),
    );
    const member = { ...before, role };
    await appendAudit(trx, workspaceId, "member.role_changed", userId, { from: before.role, role });
    await appendEvent(trx, workspaceId, "member_added", { member });
    return member;
  });
}
