import {
  createdInvite,
  createInviteRequest,
  inviteList,
  invitePreview,
  member,
  memberList,
  updateMemberRequest,
  workspace,
} from "@livechat/shared";
import * as z from "zod";
import { DomainError } from "../errors.ts";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { acceptInvite } from "./accept-invite.ts";
import { changeRole } from "./change-role.ts";
import { createInvite } from "./create-invite.ts";
import { findOpenInvite } from "./find-open-invite.ts";
import { listInvites } from "./list-invites.ts";
import { listMemberPage } from "./list-member-page.ts";
import { removeMember } from "./remove-member.ts";
import { withdrawInvite } from "./withdraw-invite.ts";

const ofMember = ofWorkspace.extend({ userId: z.uuid() });
const ofInvite = ofWorkspace.extend({ inviteId: z.uuid() });
const ofLink = z.object({ token: z.string().min(1).max(200) });

/** The people of a workspace, and the way in. */
export const memberEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/members",
      summary: "Everyone in a workspace",
      access: "member",
      params: ofWorkspace,
      response: memberList,
    },
    (context, { caller, params }) => listMemberPage(context, caller, params.workspaceId),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/members/:userId",
      summary: "Change a member's role",
      access: "admin",
      params: ofMember,
      body: updateMemberRequest,
      response: member,
    },
    (context, { caller, params, body }) =>
      changeRole(context, caller, { ...params, askedBy: caller.role }, body.role),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/members/:userId",
      summary: "Take a person out of a workspace",
      access: "admin",
      params: ofMember,
    },
    (context, { caller, params }) =>
      removeMember(context, caller, { ...params, askedBy: caller.role }),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/invites",
      summary: "The latest invitations",
      access: "admin",
      params: ofWorkspace,
      response: inviteList,
    },
    async (context, { caller, params }) => ({
      items: await listInvites(context, caller, params.workspaceId),
    }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/invites",
      summary: "Invite a person; the link is shown only now",
      access: "admin",
      params: ofWorkspace,
      body: createInviteRequest,
      response: createdInvite,
      status: 201,
    },
    (context, { caller, params, body }) => createInvite(context, caller, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/invites/:inviteId",
      summary: "Withdraw an invitation",
      access: "admin",
      params: ofInvite,
    },
    (context, { caller, params }) =>
      withdrawInvite(context, caller, params.workspaceId, params.inviteId),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/invites/:token",
      summary: "What an invitation's link offers",
      access: "public",
      params: ofLink,
      response: invitePreview,
    },
    async ({ database }, { params }) => {
      const found = await findOpenInvite(database, params.token);
      if (found) return found;
      throw new DomainError(
        "invite_invalid",
        "This invitation is unknown, used or expired. Ask for a new one.",
      );
    },
  ),
  endpoint(
    {
      method: "post",
      path: "/api/invites/:token/accept",
      summary: "Join the workspace that invites",
      access: "signed_in",
      params: ofLink,
      response: workspace,
    },
    (context, { caller, params }) => acceptInvite(context, caller, params.token),
  ),
];
