import {
  savedView,
  savedViewList,
  saveViewRequest,
  updateSavedViewRequest,
} from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { listSavedViews } from "./list-saved-views.ts";
import { removeSavedView } from "./remove-saved-view.ts";
import { saveView } from "./save-view.ts";
import { updateSavedView } from "./update-saved-view.ts";

const ofSavedView = ofWorkspace.extend({ savedViewId: z.uuid() });

/** The lists that people keep under a name: list, save, change, remove. */
export const savedViewEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/saved-views",
      summary: "List the caller's saved views and everyone's",
      access: "member",
      params: ofWorkspace,
      response: savedViewList,
    },
    ({ database }, { params, caller }) =>
      listSavedViews(database, caller.userId, params.workspaceId),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/saved-views",
      summary: "Save a list of conversations under a name",
      access: "member",
      params: ofWorkspace,
      body: saveViewRequest,
      response: savedView,
      status: 201,
    },
    ({ database }, { params, body, caller }) =>
      saveView(database, caller.userId, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/saved-views/:savedViewId",
      summary: "Rename, move or share a saved view",
      access: "member",
      params: ofSavedView,
      body: updateSavedViewRequest,
      response: savedView,
    },
    ({ database }, { params, body, caller }) =>
      updateSavedView(database, caller.userId, params, body),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/saved-views/:savedViewId",
      summary: "Remove a saved view",
      access: "member",
      params: ofSavedView,
    },
    ({ database }, { params, caller }) => removeSavedView(database, caller.userId, params),
  ),
];
