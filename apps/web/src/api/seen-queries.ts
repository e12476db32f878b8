import { seenList } from "@livechat/shared";
import { queryOptions } from "@tanstack/react-query";
import { apiRequest } from "./client.ts";

const pathOf = (workspaceId: string, contactId: string) =>
  `/api/workspaces/${workspaceId}/contacts/${contactId}/seen`;

/** Who of the team saw a conversation, the latest first. */
export function seenQuery(workspaceId: string, contactId: string) {
  return queryOptions({
    queryKey: ["seen", workspaceId, contactId],
    queryFn: ({ signal }) =>
      apiRequest({ path: pathOf(workspaceId, contactId), response: seenList, signal }),
  });
}

/** Says that the reader has the conversation before their eyes. Throws ApiError. */
export async function recordSeen(workspaceId: string, contactId: string): Promise<void> {
  await apiRequest({ method: "POST", path: pathOf(workspaceId, contactId) });
}
