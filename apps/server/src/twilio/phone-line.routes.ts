import {
  applyWebhooksRequest,
  lineHealthSnapshot,
  lineReport,
  undoWebhookRequest,
  webhookPlan,
} from "@livechat/shared";
import { DomainError } from "../errors.ts";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { findHead } from "../realtime/event-log.ts";
import { applyWebhooks, getWebhookPlan } from "./apply-webhooks.ts";
import { examineLine } from "./examine-line.ts";
import { findLineHealth } from "./line-health.ts";
import { openDoor } from "./sync-numbers.ts";
import { undoWebhook } from "./undo-webhook.ts";

/** The routes that examine a workspace's phone line and mend it. */
export const phoneLineEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/line",
      summary: "Whether the phone line had problems when it was examined last.",
      access: "member",
      params: ofWorkspace,
      response: lineHealthSnapshot,
    },
    ({ database }, { caller, params: { workspaceId } }) =>
      database.asMember(caller.userId, async (trx) => {
        const place = await findHead(trx, workspaceId);
        if (!place) {
          throw new DomainError("workspace_not_found", "There is no such workspace for you.");
        }
        const line = await findLineHealth(trx, workspaceId);
        return { epoch: place.epoch, asOfSeq: place.head, line };
      }),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/twilio/doctor",
      summary: "Examines the phone line: what is right, what is wrong, and what mends it.",
      access: "admin",
      params: ofWorkspace,
      response: lineReport,
    },
    (context, { caller, params: { workspaceId } }) =>
      examineLine(context, openDoor(context, caller), workspaceId),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/twilio/webhooks",
      summary: "What is set at Twilio, what would be set instead, and what was changed before.",
      access: "admin",
      params: ofWorkspace,
      response: webhookPlan,
    },
    (context, { caller, params: { workspaceId } }) => getWebhookPlan(context, caller, workspaceId),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/twilio/webhooks",
      summary: "Sets numbers and services as proposed, and keeps what was there before.",
      access: "admin",
      params: ofWorkspace,
      body: applyWebhooksRequest,
      response: webhookPlan,
    },
    (context, { caller, params: { workspaceId }, body }) =>
      applyWebhooks(context, caller, workspaceId, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/twilio/webhooks/undo",
      summary: "Puts back what was there before a change.",
      access: "admin",
      params: ofWorkspace,
      body: undoWebhookRequest,
      response: webhookPlan,
    },
    (context, { caller, params: { workspaceId }, body: { changeId } }) =>
      undoWebhook(context, caller, workspaceId, changeId),
  ),
];
