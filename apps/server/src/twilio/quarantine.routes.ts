import { listQuarantineQuery, quarantineDetail, quarantineList } from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { getQuarantined, listQuarantine } from "./list-quarantine.ts";
import { dismissQuarantined, retryQuarantine } from "./settle-quarantine.ts";

const ofReceipt = ofWorkspace.extend({ receiptId: z.uuid() });

/** What Twilio signed and could not be used: for admins to look at, try again or set aside. */
export const quarantineEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/quarantine",
      summary: "List what Twilio sent and could not be used, the newest first",
      access: "admin",
      params: ofWorkspace,
      query: listQuarantineQuery,
      response: quarantineList,
    },
    ({ database }, { params, query, caller }) =>
      listQuarantine(database, caller.userId, params.workspaceId, query),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/quarantine/:receiptId",
      summary: "Read one of them, as it came",
      access: "admin",
      params: ofReceipt,
      response: quarantineDetail,
    },
    ({ database }, { params, caller }) => getQuarantined(database, caller.userId, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/quarantine/process",
      summary: "Try all of them again; what becomes of each is told live",
      access: "admin",
      params: ofWorkspace,
      status: 202,
    },
    (context, { params, caller }) => retryQuarantine(context, caller.userId, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/quarantine/:receiptId/process",
      summary: "Try one of them again; what becomes of it is told live",
      access: "admin",
      params: ofReceipt,
      status: 202,
    },
    (context, { params, caller }) => retryQuarantine(context, caller.userId, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/quarantine/:receiptId/dismiss",
      summary: "Set one of them aside for good",
      access: "admin",
      params: ofReceipt,
    },
    ({ database }, { params, caller }) => dismissQuarantined(database, caller.userId, params),
  ),
];
