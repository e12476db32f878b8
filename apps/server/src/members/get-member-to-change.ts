import type { Member, WorkspaceRole } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { findSqlState } from "../platform/sql-state.ts";
import { findMember } from "./members-store.ts";

/** Who changes whom, and where. */
export interface MemberChange {
  workspaceId: string;
  userId: string;
  /** The role of the one who asks for it. */
  askedBy: WorkspaceRole | null;
}

/**
 * The member that is to be changed or removed. Holds the workspace's row until
 * the commit, so that two changes come one after the other. Throws `not_found`,
 * and `forbidden` when only an owner may touch this member.
 */
export async function getMemberToChange(
  trx: Transaction<Tables>,
  { workspaceId, userId, askedBy }: MemberChange,
): Promise<Member> {
  // Not the stronger `for update`: what writes an event meanwhile refers to this row, and
  // holds the log that we come to want.
  await sql`
    select id from public.workspaces where id = ${workspaceId} for no key update
  `.execute(trx);
  const member = await findMember(trx, workspaceId, userId);
  if (!member) throw new DomainError("not_found", "There is no such member in this workspace.");
  if (member.role === "owner" && askedBy !== "owner") {
    throw new DomainError("forbidden", "Only an owner can change or remove an owner.");
  }
  return member;
}

/**
 * Runs a change of one member, which returns the rows that it touched. Throws
 * `conflict` when it would leave the workspace without an owner, `forbidden` when
 * the caller has lost the right to it since the request was let in.
 */
export async function keepAnOwner(change: () => Promise<unknown[]>): Promise<void> {
  try {
    const touched = await change();
    if (touched.length > 0) return;
  } catch (error) {
    if (findSqlState(error) !== "23514") throw error;
    throw new DomainError(
      "conflict",
      "A workspace keeps at least one owner. Make another member an owner first.",
      { cause: error },
    );
  }
  throw new DomainError("forbidden", "You are not allowed to do that any more.");
}
