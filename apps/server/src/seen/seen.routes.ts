import { seenList } from "@livechat/shared";
import { type Endpoint, endpoint, ofContact } from "../http/endpoint.ts";
import { listSeen } from "./list-seen.ts";
import { recordSeen } from "./record-seen.ts";

/** Who of the team saw a conversation. */
export const seenEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/seen",
      summary: "List who of the team saw a conversation, and when last",
      access: "member",
      params: ofContact,
      response: seenList,
    },
    ({ database }, { params, caller }) => listSeen(database, caller.userId, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/seen",
      summary: "Say that the caller has the conversation before their eyes",
      access: "member",
      params: ofContact,
    },
    ({ database }, { params, caller }) => recordSeen(database, caller.userId, params),
  ),
];
