import { type Contact, foldText } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import { contactSearchQuery } from "../../api/search-queries.ts";
import { useSettled } from "../../components/use-settled.ts";
import { byLatest } from "../../realtime/by-latest.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";

const settleMs = 200;

/**
 * The contacts that have these words, or all, the latest conversation first. What the
 * browser knows is there at once; `pages` brings the rest from the server.
 */
export function useFoundContacts(words: string) {
  const workspace = useWorkspace();
  const { store } = useInbox();
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const settled = useSettled(words, settleMs);
  const isLoaded = known !== undefined;
  const all = useInfiniteQuery({
    queryKey: ["contact pages", workspace.id],
    queryFn: ({ pageParam, signal }) => store.loadContactPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: isLoaded,
    refetchOnWindowFocus: false,
  });
  const found = useInfiniteQuery(contactSearchQuery(workspace.id, settled));
  const shown = useDeferredValue(known);

  const contacts = useMemo(() => {
    const rows = [...(shown?.values() ?? [])];
    if (words === "") return rows.sort(byLatest);
    const wanted = foldText(words).split(/\s+/);
    const results = new Map<string, Contact>();
    for (const row of rows) {
      const text = foldText(
        `${row.name ?? ""} ${row.phoneNumber} ${row.email ?? ""} ${row.company ?? ""}`,
      );
      if (wanted.every((word) => text.includes(word))) results.set(row.id, row);
    }
    if (settled === words) {
      for (const page of found.data?.pages ?? []) {
        for (const row of page.items) results.set(row.id, shown?.get(row.id) ?? row);
      }
    }
    return [...results.values()].sort(byLatest);
  }, [shown, words, settled, found.data]);

  const pages = words === "" ? all : found;
  const isWaiting = !isLoaded || pages.isLoading || settled !== words;
  return { contacts, pages, isWaiting };
}
