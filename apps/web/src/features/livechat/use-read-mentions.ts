import { countKey } from "@livechat/shared";
import { useEffect } from "react";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";

const seenAfterMs = 1000;

/** Marks the notes that call the reader as seen, once their conversation has been on the screen for a moment. */
export function useReadMentions(contactId: string): void {
  const { store } = useInbox();
  const me = useMe();
  const isCalled = useInboxPart(
    (snapshot) =>
      (snapshot.inbox?.counts[countKey("mentions", me.userId)] ?? 0) > 0 &&
      (snapshot.inbox?.notes
        .get(contactId)
        ?.some((note) => note.mentionedIds.includes(me.userId)) ??
        false),
  );
  const unseen = useInboxPart(
    (snapshot) => snapshot.inbox?.counts[countKey("mentions", me.userId)] ?? 0,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new mention is looked at.
  useEffect(() => {
    if (!isCalled) return;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState !== "visible" || !document.hasFocus()) return;
      timer = setTimeout(() => {
        // What could not be marked now is marked with the next look.
        store.api.readMentions(contactId).catch(() => {});
      }, seenAfterMs);
    };
    look();
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [store, contactId, isCalled, unseen]);
}
