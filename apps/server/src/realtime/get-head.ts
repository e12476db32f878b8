import type { ViewCounts } from "@livechat/shared";
import type { Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { findHead } from "./event-log.ts";

/** As {@link findHead}; throws `workspace_not_found` when there is no such log for this caller. */
export async function getHead(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<{ epoch: string; head: number; counts: ViewCounts }> {
  const head = await findHead(trx, workspaceId);
  if (head) return head;
  throw new DomainError("workspace_not_found", "There is no such workspace for you.");
}
