import {
  appConfig,
  createWorkspaceRequest,
  me,
  updateMeRequest,
  updateWorkspaceRequest,
  workspace,
} from "@livechat/shared";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { createWorkspace } from "./create-workspace.ts";
import { getConfig } from "./get-config.ts";
import { getMe } from "./get-me.ts";
import { getWorkspace } from "./get-workspace.ts";
import { updateMe } from "./update-me.ts";
import { updateWorkspace } from "./update-workspace.ts";

/** The installation's settings, the caller, and the workspaces. */
export const workspaceEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/config",
      summary: "What a browser needs before anyone has signed in",
      access: "public",
      response: appConfig,
    },
    (context, { request }) => getConfig(context, request.get("host")),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/me",
      summary: "Who the caller is and where they belong",
      access: "signed_in",
      response: me,
    },
    (context, { caller }) => getMe(context, caller),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/me",
      summary: "Change one's own name",
      access: "signed_in",
      body: updateMeRequest,
      response: me,
    },
    (context, { caller, body }) => updateMe(context, caller, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces",
      summary: "Create a workspace and own it",
      access: "signed_in",
      body: createWorkspaceRequest,
      response: workspace,
      status: 201,
    },
    (context, { caller, body }) => createWorkspace(context, caller, body),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId",
      summary: "One workspace",
      access: "member",
      params: ofWorkspace,
      response: workspace,
    },
    (context, { caller, params }) => getWorkspace(context, caller, params.workspaceId),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId",
      summary: "Change a workspace's name, or whether an answer claims a conversation",
      access: "admin",
      params: ofWorkspace,
      body: updateWorkspaceRequest,
      response: workspace,
    },
    (context, { caller, params, body }) =>
      updateWorkspace(context, caller, params.workspaceId, body),
  ),
];
