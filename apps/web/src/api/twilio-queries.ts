import { lineReport, twilioConfig, webhookPlan } from "@livechat/shared";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { apiRequest } from "./client.ts";

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

/** What the doctor finds now; for admins. Each look asks Twilio. */
export function lineReportQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["line-report", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/twilio/doctor`,
        response: lineReport,
        signal,
      }),
    staleTime: 10_000,
  });
}

/** What is set at Twilio and what would be set instead; for admins. */
export function webhookPlanQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["webhook-plan", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/twilio/webhooks`,
        response: webhookPlan,
        signal,
      }),
  });
}

/** After a change of the line: everything that shows it is asked for again. */
export async function invalidateLine(queries: QueryClient, workspaceId: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries(twilioConfigQuery(workspaceId)),
    queries.invalidateQueries(lineReportQuery(workspaceId)),
    queries.invalidateQueries(webhookPlanQuery(workspaceId)),
  ]);
}
