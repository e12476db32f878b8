import type { Invite } from "@livechat/shared";

/** The columns of an invitation that a wire object is made of. */
export interface InviteRow {
  id: string;
  email: string | null;
  role: "admin" | "agent";
  expires_at: Date;
  accepted_at: Date | null;
  created_at: Date;
}

/** The columns of {@link InviteRow}, for a select. */
export const inviteColumns = [
  "id",
  "email",
  "role",
  "expires_at",
  "accepted_at",
  "created_at",
] as const;

/** An invitation as the API shows it; what its link holds is known to nobody any more. */
export function presentInvite(row: InviteRow): Invite {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    expiresAt: new Date(row.expires_at).toISOString(),
    acceptedAt: row.accepted_at ? new Date(row.accepted_at).toISOString() : null,
    createdAt: new Date(row.created_at).toISOString(),
  };
}
