import type { WorkspaceRole } from "@livechat/shared";

/** Roles as people read them. */
export const roleNames: Record<WorkspaceRole, string> = {
  owner: "Owner",
  admin: "Admin",
  agent: "Agent",
};
