import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "../workspaces/append-audit.ts";

/** Makes an invitation's link worthless. Throws `not_found`. */
export async function withdrawInvite(
  { database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
  inviteId: string,
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      delete from public.workspace_invites
      where workspace_id = ${workspaceId} and id = ${inviteId}
      returning id
    `.execute(trx);
    if (rows.length === 0) throw new DomainError("not_found", "There is no such invitation.");
    await appendAudit(trx, workspaceId, "invite.withdrawn", inviteId);
  });
}
