import {
  conversationMediaPage,
  listMediaQuery,
  listMessagesQuery,
  messageList,
} from "@livechat/shared";
import { type Endpoint, endpoint, ofContact } from "../http/endpoint.ts";
import { listConversationMedia } from "./list-conversation-media.ts";
import { listMessages } from "./list-messages.ts";

/** Reading a thread. */
export const messageEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/messages",
      summary: "List a conversation's texts, the newest page first",
      access: "member",
      params: ofContact,
      query: listMessagesQuery,
      response: messageList,
    },
    ({ database }, { params, query, caller }) =>
      listMessages(database, caller.userId, params, query),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/media",
      summary: "List a conversation's files, the latest first",
      access: "member",
      params: ofContact,
      query: listMediaQuery,
      response: conversationMediaPage,
    },
    ({ database }, { params, query, caller }) =>
      listConversationMedia(database, caller.userId, params, query),
  ),
];
