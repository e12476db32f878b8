import { cannedReply, cannedReplyList, saveCannedReplyRequest } from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { createCannedReply } from "./create-canned-reply.ts";
import { deleteCannedReply } from "./delete-canned-reply.ts";
import { listCannedReplies } from "./list-canned-replies.ts";
import { updateCannedReply } from "./update-canned-reply.ts";

const ofCannedReply = ofWorkspace.extend({ cannedReplyId: z.uuid() });

/** The texts that a workspace keeps ready: list, add, change, remove. */
export const cannedReplyEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/canned-replies",
      summary: "List the canned replies",
      access: "member",
      params: ofWorkspace,
      response: cannedReplyList,
    },
    ({ database }, { params, caller }) =>
      listCannedReplies(database, caller.userId, params.workspaceId),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/canned-replies",
      summary: "Add a canned reply",
      access: "member",
      params: ofWorkspace,
      body: saveCannedReplyRequest,
      response: cannedReply,
      status: 201,
    },
    ({ database }, { params, body, caller }) =>
      createCannedReply(database, caller.userId, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "put",
      path: "/api/workspaces/:workspaceId/canned-replies/:cannedReplyId",
      summary: "Change a canned reply",
      access: "member",
      params: ofCannedReply,
      body: saveCannedReplyRequest,
      response: cannedReply,
    },
    ({ database }, { params, body, caller }) =>
      updateCannedReply(database, caller.userId, params, body),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/canned-replies/:cannedReplyId",
      summary: "Remove a canned reply",
      access: "member",
      params: ofCannedReply,
    },
    ({ database }, { params, caller }) => deleteCannedReply(database, caller.userId, params),
  ),
];
