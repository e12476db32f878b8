import * as z from "zod";
import { member, workspaceRole } from "../resources.ts";
import { email, snapshot } from "./fields.ts";

export const updateMemberRequest = z.object({ role: workspaceRole });

export const memberList = z.object({ ...snapshot, items: z.array(member) });
export type MemberList = z.infer<typeof memberList>;

export const invite = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  role: z.enum(["admin", "agent"]),
  expiresAt: z.iso.datetime({ offset: true }),
  acceptedAt: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
});
export type Invite = z.infer<typeof invite>;
export const createInviteRequest = z.object({
  email: email.nullish(),
  role: z.enum(["admin", "agent"]).default("agent"),
});
/** The only time that the link is shown: only the hash of its token is kept. */
export const createdInvite = z.object({ invite, url: z.url() });
export type CreatedInvite = z.infer<typeof createdInvite>;
export const inviteList = z.object({ items: z.array(invite) });
/** What the holder of an invitation's link is told before joining. */
export const invitePreview = z.object({
  workspaceName: z.string(),
  email: z.string().nullable(),
  role: z.enum(["admin", "agent"]),
});
export type InvitePreview = z.infer<typeof invitePreview>;
