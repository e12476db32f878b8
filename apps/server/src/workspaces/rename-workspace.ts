import type { Workspace } from "@livechat/shared";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "./append-audit.ts";
import { listWorkspaces } from "./workspaces-store.ts";

/** Gives a workspace another name. Throws `workspace_not_found`. */
export async function renameWorkspace(
  { database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
  { name }: { name: string },
): Promise<Workspace> {
  return database.asMember(userId, async (trx) => {
    await trx
      .updateTable("public.workspaces")
      .set({ name })
      .where("id", "=", workspaceId)
      .execute();
    const [renamed] = await listWorkspaces(trx, userId, workspaceId);
    if (!renamed) {
      throw new DomainError("workspace_not_found", "There is no such workspace for you.");
    }
    await appendAudit(trx, workspaceId, "workspace.renamed", workspaceId, { name });
    return renamed;
  });
}
