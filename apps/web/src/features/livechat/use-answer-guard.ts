import type { Message } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";

/**
 * Watches whether a teammate answers while this person writes. `check` returns
 * their newest answer since the writing began, once: who has seen it and sends
 * anyway is not asked again for the same one.
 */
export function useAnswerGuard(
  contactId: string,
  isWriting: boolean,
): { check(): Message | null; reset(): void } {
  const { store } = useInbox();
  const me = useMe();
  const since = useRef<{ ids: ReadonlySet<string> } | null>(null);

  const listAnswers = () =>
    (store.getSnapshot().inbox?.threads.get(contactId) ?? []).filter(
      (row) =>
        row.direction === "outbound" && row.createdBy !== me.userId && row.createdBy !== null,
    );
  const remember = () => {
    since.current = { ids: new Set(listAnswers().map((row) => row.id)) };
  };
  const latestRemember = useRef(remember);
  latestRemember.current = remember;

  useEffect(() => {
    if (isWriting) latestRemember.current();
    else since.current = null;
  }, [isWriting]);

  return {
    check() {
      const seen = since.current?.ids;
      if (!seen) return null;
      const unseen = listAnswers().findLast(
        (row) => !seen.has(row.id) && row.status !== "scheduled",
      );
      if (unseen) remember();
      return unseen ?? null;
    },
    reset: remember,
  };
}
