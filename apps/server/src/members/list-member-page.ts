import type { MemberList } from "@livechat/shared";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findHead } from "../realtime/event-log.ts";
import { listMembers } from "./members-store.ts";

/** Everyone in a workspace, and where its log stood before they were read. Throws `workspace_not_found`. */
export async function listMemberPage(
  { database }: Context,
  { userId }: { userId: string },
  workspaceId: string,
): Promise<MemberList> {
  return database.asMember(userId, async (trx) => {
    const stream = await findHead(trx, workspaceId);
    if (!stream) {
      throw new DomainError("workspace_not_found", "There is no such workspace for you.");
    }
    return {
      epoch: stream.epoch,
      asOfSeq: stream.head,
      items: await listMembers(trx, workspaceId),
    };
  });
}
