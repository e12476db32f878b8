import type { Workspace } from "@livechat/shared";
import { sql } from "kysely";
import { v7 as createId } from "uuid";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "./append-audit.ts";
import { hasWorkspaces, listWorkspaces } from "./workspaces-store.ts";

/**
 * Makes a workspace that the caller owns. Open to whoever sets the installation
 * up, to owners, and to everyone where sign-up is open. Throws `forbidden`.
 */
export async function createWorkspace(
  { config, database }: Context,
  { userId }: { userId: string },
  { name }: { name: string },
): Promise<Workspace> {
  return database.asMember(userId, async (trx) => {
    // Only one of two people who come first at the same moment may find nobody there.
    await sql`select pg_advisory_xact_lock(hashtext('livechat create workspace'))`.execute(trx);
    const mine = await listWorkspaces(trx, userId);
    const isAllowed =
      config.isSignupOpen ||
      mine.some(({ role }) => role === "owner") ||
      !(await hasWorkspaces(trx));
    if (!isAllowed) {
      throw new DomainError(
        "forbidden",
        "Only an owner can create another workspace. Ask one for an invitation.",
      );
    }
    const id = createId();
    await sql`select private.create_workspace(${id}, ${name})`.execute(trx);
    await appendAudit(trx, id, "workspace.created", id, { name });
    return { id, name, role: "owner", twilioConnected: false, autoClaim: false };
  });
}
