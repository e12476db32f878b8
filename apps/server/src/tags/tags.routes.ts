import { createTagRequest, tag, tagList, updateTagRequest } from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { createTag } from "./create-tag.ts";
import { listTags } from "./list-tags.ts";
import { removeTag } from "./remove-tag.ts";
import { updateTag } from "./update-tag.ts";

const ofTag = ofWorkspace.extend({ tagId: z.uuid() });

/** The words that a workspace sorts its conversations by. */
export const tagEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/tags",
      summary: "List the workspace's tags by name",
      access: "member",
      params: ofWorkspace,
      response: tagList,
    },
    ({ database }, { params, caller }) => listTags(database, caller.userId, params.workspaceId),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/tags",
      summary: "Add a tag",
      access: "admin",
      params: ofWorkspace,
      body: createTagRequest,
      response: tag,
      status: 201,
    },
    ({ database }, { params, body, caller }) =>
      createTag(database, caller.userId, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/tags/:tagId",
      summary: "Change a tag's name or colour",
      access: "admin",
      params: ofTag,
      body: updateTagRequest,
      response: tag,
    },
    ({ database }, { params, body, caller }) => updateTag(database, caller.userId, params, body),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/tags/:tagId",
      summary: "Remove a tag, also from every contact",
      access: "admin",
      params: ofTag,
    },
    ({ database }, { params, caller }) => removeTag(database, caller.userId, params),
  ),
];
