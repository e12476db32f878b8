import type { CreatedInvite, Invite } from "@livechat/shared";
import { v7 as createId } from "uuid";
import type { Context } from "../context.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { createInviteToken, hashInviteToken } from "./invite-token.ts";
import { presentInvite } from "./present-invite.ts";

const lifetimeMs = 7 * 24 * 3600 * 1000;

/** Makes a link that lets one person in, within a week. Only its hash is kept. */
export async function createInvite(
  { config, database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
  { email, role }: { email?: string | null; role: Invite["role"] },
): Promise<CreatedInvite> {
  const token = createInviteToken();
  const id = createId();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  await database.asMember(userId, async (trx) => {
    await trx
      .insertInto("public.workspace_invites")
      .values({
        id,
        workspace_id: workspaceId,
        email: email ?? null,
        role,
        token_hash: hashInviteToken(token),
        expires_at: expiresAt,
        created_by: userId,
      })
      .execute();
    await appendAudit(trx, workspaceId, "invite.created", id, { role, email: email ?? null });
  });
  return {
    invite: presentInvite({
      id,
      email: email ?? null,
      role,
      expires_at: expiresAt,
      accepted_at: null,
      created_at: now,
    }),
    url: `${config.baseUrl}/invite/${token}`,
  };
}
