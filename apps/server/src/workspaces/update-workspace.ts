import type { Workspace } from "@livechat/shared";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "./append-audit.ts";
import { listWorkspaces } from "./workspaces-store.ts";

/** Changes what is given of a workspace and leaves the rest. Throws `workspace_not_found`. */
export async function updateWorkspace(
  { database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
  { name, autoClaim }: { name?: string | undefined; autoClaim?: boolean | undefined },
): Promise<Workspace> {
  return database.asMember(userId, async (trx) => {
    if (name !== undefined || autoClaim !== undefined) {
      await trx
        .updateTable("public.workspaces")
        .set({
          ...(name === undefined ? {} : { name }),
          ...(autoClaim === undefined ? {} : { auto_claim: autoClaim }),
        })
        .where("id", "=", workspaceId)
        .execute();
    }
    const [updated] = await listWorkspaces(trx, userId, workspaceId);
    if (!updated) {
      throw new DomainError("workspace_not_found", "There is no such workspace for you.");
    }
    if (name !== undefined)
      await appendAudit(trx, workspaceId, "workspace.renamed", workspaceId, { name });
    if (autoClaim !== undefined) {
      await appendAudit(trx, workspaceId, "workspace.auto_claim_set", workspaceId, {
        autoClaim: String(autoClaim),
      });
    }
    return updated;
  });
}
