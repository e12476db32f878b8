import type { Tag } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { findSqlState } from "../platform/sql-state.ts";

/** The workspace's tags by name. */
export async function listTagRows(trx: Transaction<Tables>, workspaceId: string): Promise<Tag[]> {
  const { rows } = await sql<Tag>`
    select id, name, colour from public.tags
    where workspace_id = ${workspaceId} order by lower(name)
  `.execute(trx);
  return rows;
}

/** Runs a write of a tag. Throws `tag_name_taken` when another tag has the name, in any case of letters. */
export async function keepNameUnique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (findSqlState(error) !== "23505") throw error;
    throw new DomainError("tag_name_taken", "There is a tag of this name already.", {
      cause: error,
    });
  }
}
