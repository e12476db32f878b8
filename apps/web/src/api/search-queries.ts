import {
  type ConversationFilter,
  contactSearchPage,
  messageSearchPage,
  noteSearchPage,
} from "@livechat/shared";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { apiRequest } from "./client.ts";

/** What a search of texts and notes looks at, beside its words. */
export interface SearchScope extends ConversationFilter {
  from?: string;
  before?: string;
  /** One conversation only; of texts. */
  contactId?: string;
}

const everything: SearchScope = {};

/** The contacts that a search finds, page by page. */
export function contactSearchQuery(
  workspaceId: string,
  q: string,
  filter: ConversationFilter = everything,
) {
  return infiniteQueryOptions({
    queryKey: ["search", workspaceId, "contacts", q, filter],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/search/contacts`,
        query: { ...filter, q, cursor: pageParam },
        response: contactSearchPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: q !== "",
    staleTime: 10_000,
  });
}

/** The internal notes that a search finds. */
export function noteSearchQuery(workspaceId: string, q: string, scope: SearchScope = everything) {
  return infiniteQueryOptions({
    queryKey: ["search", workspaceId, "notes", q, scope],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/search/notes`,
        query: { ...scope, q, cursor: pageParam },
        response: noteSearchPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: q !== "",
    staleTime: 10_000,
  });
}

/** The texts that a search finds, in all conversations or in some. */
export function messageSearchQuery(
  workspaceId: string,
  q: string,
  scope: SearchScope = everything,
) {
  return infiniteQueryOptions({
    queryKey: ["search", workspaceId, "messages", q, scope],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/search/messages`,
        query: { ...scope, q, cursor: pageParam },
        response: messageSearchPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: q !== "",
    staleTime: 10_000,
  });
}
