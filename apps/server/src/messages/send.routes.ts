import {
  editScheduledRequest,
  listScheduledQuery,
  message,
  messageAttemptList,
  scheduledList,
  sendSmsRequest,
  sendSmsResponse,
  settleMessageRequest,
} from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofContact, ofWorkspace } from "../http/endpoint.ts";
import {
  cancelScheduled,
  editScheduled,
  restoreScheduled,
  sendScheduledNow,
} from "./change-scheduled.ts";
import { deleteMessage } from "./delete-message.ts";
import { listAttempts } from "./list-attempts.ts";
import { listScheduled } from "./list-scheduled.ts";
import { retryMessage } from "./retry-message.ts";
import { sendMessage } from "./send-message.ts";
import { settleMessage } from "./settle-message.ts";

const ofMessage = ofWorkspace.extend({ messageId: z.uuid() });

/** The routes by which agents send texts, now or later, and decide on those that did not go. */
export const sendEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/sms/send-sms",
      summary: "Sends a text to a contact, once per id, or keeps it for its time.",
      access: "member",
      body: sendSmsRequest,
      response: sendSmsResponse,
    },
    (context, { caller, body }) => sendMessage(context, caller, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/messages/:messageId/settle",
      summary: "Decides on a text that may or may not have arrived.",
      access: "member",
      params: ofMessage,
      body: settleMessageRequest,
      response: message,
    },
    (context, { caller, params, body }) => settleMessage(context, caller, params, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/messages/:messageId/retry",
      summary: "Sends a failed text again, as a new round of the same text.",
      access: "member",
      params: ofMessage,
      response: message,
    },
    (context, { caller, params }) => retryMessage(context, caller, params),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/messages/:messageId/attempts",
      summary: "Every round of a text and how it ended.",
      access: "member",
      params: ofMessage,
      response: messageAttemptList,
    },
    ({ database }, { caller, params }) => listAttempts(database, caller.userId, params),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/messages/:messageId",
      summary: "Removes a text that surely never left.",
      access: "member",
      params: ofMessage,
    },
    (context, { caller, params }) => deleteMessage(context, caller, params),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/messages/:messageId/schedule",
      summary: "Changes the words or the time of a scheduled text.",
      access: "member",
      params: ofMessage,
      body: editScheduledRequest,
      response: message,
    },
    (context, { caller, params, body }) => editScheduled(context, caller, params, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/messages/:messageId/cancel",
      summary: "Calls a scheduled text off.",
      access: "member",
      params: ofMessage,
      response: message,
    },
    (context, { caller, params }) => cancelScheduled(context, caller, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/messages/:messageId/restore",
      summary: "Schedules a text again that was called off.",
      access: "member",
      params: ofMessage,
      response: message,
    },
    (context, { caller, params }) => restoreScheduled(context, caller, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/messages/:messageId/send-now",
      summary: "Sends a scheduled text before its time.",
      access: "member",
      params: ofMessage,
      response: message,
    },
    (context, { caller, params }) => sendScheduledNow(context, caller, params),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/scheduled",
      summary: "What waits for its time in the whole workspace, the next first.",
      access: "member",
      params: ofWorkspace,
      query: listScheduledQuery,
      response: scheduledList,
    },
    ({ database }, { caller, params, query }) =>
      listScheduled(database, caller.userId, { ...params, contactId: null }, query),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/scheduled",
      summary: "What waits for its time in one conversation, the next first.",
      access: "member",
      params: ofContact,
      query: listScheduledQuery,
      response: scheduledList,
    },
    ({ database }, { caller, params, query }) =>
      listScheduled(database, caller.userId, params, query),
  ),
];
