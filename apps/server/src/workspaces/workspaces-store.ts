import type { Workspace } from "@livechat/shared";
import { workspaceRole } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

interface WorkspaceRow {
  id: string;
  name: string;
  role: string;
  twilio_connected: boolean;
  auto_claim: boolean;
}

/** The workspaces that this person belongs to, by name; one of them when `workspaceId` names it. */
export async function listWorkspaces(
  trx: Transaction<Tables>,
  userId: string,
  workspaceId: string | null = null,
): Promise<Workspace[]> {
  const { rows } = await sql<WorkspaceRow>`
    select w.id, w.name, m.role, coalesce(c.is_configured, false) as twilio_connected, w.auto_claim
    from public.workspace_members m
    join public.workspaces w on w.id = m.workspace_id
    left join public.workspace_twilio_config c on c.workspace_id = w.id
    where m.user_id = ${userId}
      and (${workspaceId}::uuid is null or w.id = ${workspaceId}::uuid)
    order by lower(w.name), w.id
  `.execute(trx);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: workspaceRole.parse(row.role),
    twilioConnected: row.twilio_connected,
    autoClaim: row.auto_claim,
  }));
}

/** Whether anyone has a workspace on this installation. */
export async function hasWorkspaces(trx: Transaction<Tables>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select private.has_workspaces() as found
  `.execute(trx);
  return rows[0]?.found ?? true;
}
