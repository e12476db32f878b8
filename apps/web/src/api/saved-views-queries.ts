import {
  type SavedView,
  type SaveViewRequest,
  savedView,
  savedViewList,
  type UpdateSavedViewRequest,
} from "@livechat/shared";
import { queryOptions } from "@tanstack/react-query";
import { apiRequest } from "./client.ts";

const pathOf = (workspaceId: string) => `/api/workspaces/${workspaceId}/saved-views`;

/** The reader's own saved views and everyone's, each in their order. */
export function savedViewsQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["saved-views", workspaceId],
    queryFn: async ({ signal }) => {
      const list = await apiRequest({
        path: pathOf(workspaceId),
        response: savedViewList,
        signal,
      });
      return list.items;
    },
  });
}

/** Keeps a list under a name. Throws ApiError. */
export function saveView(workspaceId: string, body: SaveViewRequest): Promise<SavedView> {
  return apiRequest({ method: "POST", path: pathOf(workspaceId), body, response: savedView });
}

/** Renames, moves or shares a saved view. Throws ApiError. */
export function updateSavedView(
  workspaceId: string,
  id: string,
  body: UpdateSavedViewRequest,
): Promise<SavedView> {
  const path = `${pathOf(workspaceId)}/${id}`;
  return apiRequest({ method: "PATCH", path, body, response: savedView });
}

/** Removes a saved view. Throws ApiError. */
export async function removeSavedView(workspaceId: string, id: string): Promise<void> {
  await apiRequest({ method: "DELETE", path: `${pathOf(workspaceId)}/${id}` });
}
