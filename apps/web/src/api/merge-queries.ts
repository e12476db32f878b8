import {
  contact,
  duplicateList,
  type MergeContactsRequest,
  mergePreview,
  unmergedContacts,
} from "@livechat/shared";
import { queryOptions } from "@tanstack/react-query";
import { apiRequest } from "./client.ts";

/** Contacts that may be one person: those like one contact, or all of the workspace. */
export function duplicatesQuery(workspaceId: string, contactId: string | null, version: string) {
  return queryOptions({
    queryKey: ["duplicates", workspaceId, contactId, version],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/duplicates`,
        query: { contactId: contactId ?? undefined },
        response: duplicateList,
        signal,
      }),
    staleTime: 60_000,
  });
}

/** What a merge would move. */
export function mergePreviewQuery(workspaceId: string, contactId: string, absorbedId: string) {
  return queryOptions({
    queryKey: ["merge preview", workspaceId, contactId, absorbedId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/contacts/${contactId}/merge`,
        query: { absorbedId },
        response: mergePreview,
        signal,
      }),
    staleTime: 0,
  });
}

/** Makes `absorbedId` part of the contact. Throws `ApiError` when the server refuses. */
export function mergeContacts(workspaceId: string, contactId: string, body: MergeContactsRequest) {
  return apiRequest({
    method: "POST",
    path: `/api/workspaces/${workspaceId}/contacts/${contactId}/merge`,
    body,
    response: contact,
  });
}

/** Gives a merged contact back what is its own. Throws `ApiError` when the server refuses. */
export function unmergeContact(workspaceId: string, contactId: string, absorbedId: string) {
  return apiRequest({
    method: "POST",
    path: `/api/workspaces/${workspaceId}/contacts/${contactId}/unmerge`,
    body: { absorbedId },
    response: unmergedContacts,
  });
}

/** Keeps two contacts from being suggested again. Throws `ApiError` when the server refuses. */
export async function dismissDuplicate(workspaceId: string, contactId: string, otherId: string) {
  await apiRequest({
    method: "POST",
    path: `/api/workspaces/${workspaceId}/duplicates/dismissals`,
    body: { contactId, otherId },
  });
}
