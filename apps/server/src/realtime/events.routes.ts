import { eventPage, listEventsQuery } from "@livechat/shared";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { listEventPage } from "./list-event-page.ts";

/** How a browser catches up with what its socket missed. */
export const eventEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/events",
      summary: "List the log after a place in it; 410 asks to load everything anew",
      access: "member",
      params: ofWorkspace,
      query: listEventsQuery,
      response: eventPage,
    },
    ({ database }, { params, query, caller }) =>
      listEventPage(database, caller.userId, params.workspaceId, query),
  ),
];
