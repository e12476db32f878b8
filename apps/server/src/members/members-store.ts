import type { Member } from "@livechat/shared";
import { workspaceRole } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/** The people of a workspace, the longest there first; nobody when the caller is not one of them. */
export async function listMembers(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<Member[]> {
  const { rows } = await sql<{
    user_id: string;
    display_name: string | null;
    email: string | null;
    role: string;
  }>`
    select user_id, display_name, email, role from private.list_members(${workspaceId})
  `.execute(trx);
  return rows.map((row) => ({
    userId: row.user_id,
    displayName: row.display_name || "Someone",
    email: row.email ?? "",
    role: workspaceRole.parse(row.role),
  }));
}

/** One of them; null when there is no such member, or the caller is a stranger. */
export async function findMember(
  trx: Transaction<Tables>,
  workspaceId: string,
  userId: string,
): Promise<Member | null> {
  const members = await listMembers(trx, workspaceId);
  return members.find((member) => member.userId === userId) ?? null;
}
