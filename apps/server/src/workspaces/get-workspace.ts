import type { Workspace } from "@livechat/shared";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { listWorkspaces } from "./workspaces-store.ts";

/** A workspace that the caller belongs to. Throws `workspace_not_found`. */
export async function getWorkspace(
  { database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
): Promise<Workspace> {
  const [found] = await database.asMember(userId, (trx) =>
    listWorkspaces(trx, userId, workspaceId),
  );
  if (!found) throw new DomainError("workspace_not_found", "There is no such workspace for you.");
  return found;
}
