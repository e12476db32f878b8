import {
  paceSenderRequest,
  senderAddress,
  senderList,
  sendingSnapshot,
  updateSendingRequest,
} from "@livechat/shared";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { getHead } from "../realtime/get-head.ts";
import { chooseDefaultSender } from "./choose-default-sender.ts";
import { listSenders } from "./list-senders.ts";
import { paceSender } from "./pace-sender.ts";
import { resumeSending } from "./resume-sending.ts";
import { getSending, presentSending } from "./sending-store.ts";

/** Whether the workspace's texts go out, from where, and how fast. */
export const sendingEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/sending",
      summary: "Whether texts go out, and from where.",
      access: "member",
      params: ofWorkspace,
      response: sendingSnapshot,
    },
    ({ database }, { caller, params: { workspaceId } }) =>
      database.asMember(caller.userId, async (trx) => {
        const { epoch, head } = await getHead(trx, workspaceId);
        return {
          epoch,
          asOfSeq: head,
          sending: presentSending(await getSending(trx, workspaceId)),
        };
      }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/sending/resume",
      summary: "Lets a waiting text try at once whether a paused account works again.",
      access: "member",
      params: ofWorkspace,
      response: sendingSnapshot.pick({ sending: true }),
    },
    (context, { caller, params }) => resumeSending(context, caller, params.workspaceId),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/sending",
      summary: "Chooses what new conversations are sent from.",
      access: "admin",
      params: ofWorkspace,
      body: updateSendingRequest,
      response: sendingSnapshot.pick({ sending: true }),
    },
    ({ database }, { caller, params, body }) =>
      chooseDefaultSender(database, caller.userId, params.workspaceId, body.defaultSender),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/senders",
      summary: "What texts can go out from.",
      access: "member",
      params: ofWorkspace,
      response: senderList,
    },
    (context, { caller, params }) => listSenders(context, caller.userId, params.workspaceId),
  ),
  endpoint(
    {
      method: "put",
      path: "/api/workspaces/:workspaceId/senders/:sender/pace",
      summary: "Sets how fast a sender sends.",
      access: "admin",
      params: ofWorkspace.extend({ sender: senderAddress }),
      body: paceSenderRequest,
      response: senderList,
    },
    (context, { caller, params, body }) => paceSender(context, caller.userId, params, body),
  ),
];
