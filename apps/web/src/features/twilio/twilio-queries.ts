import { twilioConfig } from "@livechat/shared";
import { queryOptions } from "@tanstack/react-query";
import { apiRequest } from "../../api/client.ts";

/** How the workspace is connected to Twilio. */
export function twilioConfigQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["twilio-config", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: "/api/twilio/config",
        query: { workspaceId },
        response: twilioConfig,
        signal,
      }),
  });
}
