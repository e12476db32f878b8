import type { Workspace } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { listWorkspaces } from "../workspaces/workspaces-store.ts";
import { hashInviteToken } from "./invite-token.ts";
import { findMember } from "./members-store.ts";

/**
 * Lets the caller into the workspace that invites them, once. Throws
 * `invite_invalid`, and `conflict` when they belong to it already; the
 * invitation then stays good for someone else.
 */
export async function acceptInvite(
  { database }: Context,
  { userId }: { userId: string },
  token: string,
): Promise<Workspace> {
  return database.asMember(userId, async (trx) => {
    const before = await listWorkspaces(trx, userId);
    const { rows } = await sql<{ workspace_id: string | null }>`
      select private.accept_invite(${hashInviteToken(token)}) as workspace_id
    `.execute(trx);
    const workspaceId = rows[0]?.workspace_id;
    if (!workspaceId) {
      throw new DomainError(
        "invite_invalid",
        "This invitation is unknown, used or expired. Ask for a new one.",
      );
    }
    if (before.some(({ id }) => id === workspaceId)) {
      throw new DomainError("conflict", "You belong to this workspace already.");
    }
    const [joined] = await listWorkspaces(trx, userId, workspaceId);
    const member = await findMember(trx, workspaceId, userId);
    if (!joined || !member) throw new Error("Whoever has just joined is a member.");
    await appendAudit(trx, workspaceId, "invite.accepted", userId, { role: member.role });
    await appendEvent(trx, workspaceId, "member_added", { member });
    return joined;
  });
}
