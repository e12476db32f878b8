import { quarantineList } from "@livechat/shared";
import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { apiRequest } from "../../api/client.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";

/** What Twilio sent and could not be used, page by page. For admins. */
export function quarantineQuery(workspaceId: string) {
  return infiniteQueryOptions({
    queryKey: ["quarantine", workspaceId],
    initialPageParam: "",
    getNextPageParam: (last: { nextCursor: string | null }) => last.nextCursor,
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/quarantine`,
        query: { cursor: pageParam || null },
        response: quarantineList,
        signal,
      }),
  });
}

/** The list, read anew whenever the log tells of a change. */
export function useQuarantine(workspaceId: string) {
  const told = useInboxPart((snapshot) => snapshot.inbox?.quarantine);
  const queries = useQueryClient();
  useEffect(() => {
    if (told) void queries.invalidateQueries(quarantineQuery(workspaceId));
  }, [told, queries, workspaceId]);
  return useInfiniteQuery(quarantineQuery(workspaceId));
}
