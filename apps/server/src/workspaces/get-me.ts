import type { Me } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import type { Tables } from "../platform/database.ts";
import type { Caller } from "../platform/tokens.ts";
import { hasWorkspaces, listWorkspaces } from "./workspaces-store.ts";

/** Who the caller is and where they belong. */
export async function getMe(context: Context, caller: Caller): Promise<Me> {
  return context.database.asMember(caller.userId, (trx) => readMe(context, trx, caller));
}

/** The same within a transaction of the caller's. */
export async function readMe(
  { config }: Context,
  trx: Transaction<Tables>,
  { userId, email }: Caller,
): Promise<Me> {
  const { rows } = await sql<{ name: string | null }>`
    select private.my_name() as name
  `.execute(trx);
  const workspaces = await listWorkspaces(trx, userId);
  return {
    userId,
    email,
    displayName: rows[0]?.name || email.split("@")[0] || "Someone",
    canCreateWorkspace:
      config.isSignupOpen ||
      workspaces.some(({ role }) => role === "owner") ||
      !(await hasWorkspaces(trx)),
    workspaces,
  };
}
