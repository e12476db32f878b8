import type { LogEvent } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";

/** Every text of the workspace that waits for its time, the next first, page by page and live. */
export function useAllScheduled() {
  const { store } = useInbox();
  const isLive = useInboxPart((snapshot) => snapshot.connection === "live");
  const query = useInfiniteQuery({
    queryKey: ["scheduled", store.workspaceId],
    queryFn: ({ pageParam }) => store.api.listScheduled(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const latest = useRef({ items, refetch: query.refetch });
  useEffect(() => {
    latest.current = { items, refetch: query.refetch };
  });

  useEffect(
    () =>
      store.onEvent((event) => {
        const shown = latest.current.items;
        const isShown = (messageId: string) =>
          shown.some(({ message }) => message.id === messageId);
        const isOfShown = (contactId: string) =>
          shown.some(({ contact }) => contact.id === contactId);
        if (touches(event, isShown, isOfShown)) void latest.current.refetch();
      }),
    [store],
  );
  const wasLive = useRef(isLive);
  useEffect(() => {
    // What happened while the line was down may have come as a fresh load, without its events.
    if (isLive && !wasLive.current) void latest.current.refetch();
    wasLive.current = isLive;
  }, [isLive]);

  return { ...query, items };
}

function touches(
  event: LogEvent,
  isShown: (messageId: string) => boolean,
  isOfShown: (contactId: string) => boolean,
): boolean {
  switch (event.type) {
    case "new_message":
    case "message_updated": {
      const { message } = event.payload;
      return message.status === "scheduled" || isShown(message.id);
    }
    case "message_deleted":
      return isShown(event.payload.messageId);
    case "contact_removed":
      return isOfShown(event.payload.contactId);
    case "contact_updated":
      return isOfShown(event.payload.contact.id);
    default:
      return false;
  }
}
