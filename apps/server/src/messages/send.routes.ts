import { message, sendSmsRequest, sendSmsResponse, settleMessageRequest } from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { sendMessage } from "./send-message.ts";
import { settleMessage } from "./settle-message.ts";

/** The routes by which agents send texts and decide on those in doubt. */
export const sendEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/sms/send-sms",
      summary: "Sends a text to a contact, once per id.",
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
      params: z.object({ workspaceId: z.uuid(), messageId: z.uuid() }),
      body: settleMessageRequest,
      response: message,
    },
    (context, { caller, params, body }) => settleMessage(context, caller, params, body),
  ),
];
