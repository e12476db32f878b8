import type { Contact, Message } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";

/**
 * Watches whether a teammate answers while this person writes. `check` returns
 * their newest answer since the writing began, once: who has seen it and sends
 * anyway is not asked again for the same one.
 */
export function useAnswerGuard(contact: Contact, isWriting: boolean): { check(): Message | null } {
  const { store } = useInbox();
  const me = useMe();
  /** When the newest text came that there was as the writing began; null while nothing is written. */
  const sinceMs = useRef<number | null>(null);
  const latestAt = useRef(contact.lastMessageAt);
  latestAt.current = contact.lastMessageAt;

  // By the contact and not by the texts: which of those are loaded changes while one writes.
  useEffect(() => {
    sinceMs.current = isWriting ? readMs(latestAt.current) : null;
  }, [isWriting]);

  return {
    check() {
      const since = sinceMs.current;
      if (since === null) return null;
      const unseen = (store.getSnapshot().inbox?.threads.get(contact.id) ?? []).findLast(
        (row) =>
          row.direction === "outbound" &&
          row.createdBy !== me.userId &&
          row.createdBy !== null &&
          row.status !== "scheduled" &&
          readSentMs(row) > since,
      );
      if (!unseen) return null;
      sinceMs.current = Math.max(readMs(latestAt.current), readSentMs(unseen));
      return unseen;
    },
  };
}

/** One that was scheduled speaks when it goes out, however long ago it was written. */
function readSentMs({ scheduledFor, createdAt }: Message): number {
  return readMs(scheduledFor ?? createdAt);
}

function readMs(at: string | null): number {
  return at === null ? 0 : Date.parse(at);
}
