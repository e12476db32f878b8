import { changeConversationsRequest, changedConversations, contact } from "@livechat/shared";
import { type Endpoint, endpoint, ofContact, ofWorkspace } from "../http/endpoint.ts";
import { changeConversations } from "./change-conversations.ts";
import { deleteContact } from "./delete-contact.ts";
import { restoreContact } from "./restore-contact.ts";

/** What agents do with conversations: settle, snooze, assign, tag, block, delete. */
export const conversationEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/conversations/changes",
      summary: "Change the state of conversations, all at once",
      access: "member",
      params: ofWorkspace,
      body: changeConversationsRequest,
      response: changedConversations,
    },
    (context, { params, body, caller }) =>
      changeConversations(context, caller.userId, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/contacts/:contactId",
      summary: "Delete a contact with its texts, files and notes",
      access: "admin",
      params: ofContact,
    },
    (context, { params, caller }) => deleteContact(context, caller, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/restore",
      summary: "Bring a contact back within a minute of its deletion",
      access: "admin",
      params: ofContact,
      response: contact,
    },
    (context, { params, caller }) => restoreContact(context, caller, params),
  ),
];
