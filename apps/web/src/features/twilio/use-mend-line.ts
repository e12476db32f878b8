import type { LineMend } from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine } from "../../api/twilio-queries.ts";

type Mendable = Exclude<LineMend, { action: "reconnect" | "open" }>;

/** Carries out what mends a finding, then has everything looked at again. */
export function useMendLine(workspaceId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (mend: Mendable) => apiRequest(requestOf(workspaceId, mend)),
    onSettled: () => invalidateLine(queries, workspaceId),
  });
}

function requestOf(workspaceId: string, mend: Mendable) {
  switch (mend.action) {
    case "set_webhook":
      return {
        method: "POST",
        path: `/api/workspaces/${workspaceId}/twilio/webhooks`,
        body: { sids: [mend.sid], takeOver: mend.question === null ? [] : [mend.sid] },
      } as const;
    case "sync_numbers":
      return {
        method: "POST",
        path: "/api/twilio/phone-numbers/sync",
        body: { workspaceId },
      } as const;
    case "promote_token":
      return {
        method: "POST",
        path: "/api/twilio/config/next-auth-token/promote",
        body: { workspaceId },
      } as const;
    case "choose_no_service":
      return {
        method: "PATCH",
        path: "/api/twilio/config",
        body: { workspaceId, messagingServiceSid: null },
      } as const;
    default:
      return mend satisfies never;
  }
}
