import { contactSearchPage, messageSearchPage, noteSearchPage } from "@livechat/shared";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { apiRequest } from "./client.ts";

/** The contacts that a search finds, page by page; the last answer stays until the next is there. */
export function contactSearchQuery(workspaceId: string, q: string) {
  return infiniteQueryOptions({
    queryKey: ["search", workspaceId, "contacts", q],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/search/contacts`,
        query: { q, cursor: pageParam },
        response: contactSearchPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: q !== "",
    staleTime: 10_000,
  });
}

/** The private notes that a search finds. */
export function noteSearchQuery(workspaceId: string, q: string) {
  return infiniteQueryOptions({
    queryKey: ["search", workspaceId, "notes", q],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/search/notes`,
        query: { q, cursor: pageParam },
        response: noteSearchPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: q !== "",
    staleTime: 10_000,
  });
}

/** The texts that a search finds, in all conversations or in one. */
export function messageSearchQuery(
  workspaceId: string,
  q: string,
  { contactId }: { contactId?: string } = {},
) {
  return infiniteQueryOptions({
    queryKey: ["search", workspaceId, "messages", q, contactId ?? null],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/search/messages`,
        query: { q, contactId, cursor: pageParam },
        response: messageSearchPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: q !== "",
    staleTime: 10_000,
  });
}
