import type { Invite } from "@livechat/shared";
import type { Context } from "../context.ts";
import { type InviteRow, inviteColumns, presentInvite } from "./present-invite.ts";

const mostShown = 200;

/** The latest invitations of a workspace, accepted and expired ones too. */
export async function listInvites(
  { database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
): Promise<Invite[]> {
  const rows: InviteRow[] = await database.asMember(userId, (trx) =>
    trx
      .selectFrom("public.workspace_invites")
      .select([...inviteColumns])
      .where("workspace_id", "=", workspaceId)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(mostShown)
      .execute(),
  );
  return rows.map(presentInvite);
}
