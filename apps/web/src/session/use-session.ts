import { type Me, me } from "@livechat/shared";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useParams } from "react-router";
import { apiRequest } from "../api/client.ts";
import { readSession, type SessionState, subscribeToSession } from "./session.ts";

/** The signed-in person and their workspaces. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => apiRequest({ path: "/api/me", response: me, signal }),
  staleTime: 60_000,
});

/** Who is signed in in this browser, kept current. */
export function useSessionState(): SessionState {
  return useSyncExternalStore(subscribeToSession, readSession);
}

/** The signed-in person; only inside the signed-in part, where it is loaded already. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** The workspace of the address; throws when the person is no member, which the frame has ruled out. */
export function useWorkspace(): Me["workspaces"][number] {
  const { workspaceId } = useParams();
  const workspace = useMe().workspaces.find((candidate) => candidate.id === workspaceId);
  if (!workspace) throw new Error("This page needs a workspace of the signed-in person.");
  return workspace;
}
