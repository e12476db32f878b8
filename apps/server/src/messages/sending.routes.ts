import { sendingSnapshot } from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { getHead } from "../realtime/get-head.ts";
import { getSending, presentSending } from "./sending-store.ts";

const ofWorkspace = z.object({ workspaceId: z.uuid() });

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
];
