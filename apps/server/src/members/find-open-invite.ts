import type { InvitePreview } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { hashInviteToken } from "./invite-token.ts";

/** What an invitation's link offers; null when it is unknown, used or expired. Its holder has no account yet. */
export async function findOpenInvite(
  database: Database,
  token: string,
): Promise<InvitePreview | null> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ name: string; email: string | null; role: InvitePreview["role"] }>`
      select w.name, i.email, i.role
      from public.workspace_invites i
      join public.workspaces w on w.id = i.workspace_id
      where i.token_hash = ${hashInviteToken(token)}
        and i.accepted_at is null and i.expires_at > now()
    `.execute(trx),
  );
  const [row] = rows;
  return row ? { workspaceName: row.name, email: row.email, role: row.role } : null;
}
