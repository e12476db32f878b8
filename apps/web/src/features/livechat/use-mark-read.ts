import type { Contact, Message } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";

const seenAfterMs = 1000;

/**
 * Marks a conversation as read once its end has been in sight for a second, in
 * a window that has the focus. `isEndShown` is asked at that moment.
 */
export function useMarkRead(
  contact: Contact,
  messages: readonly Message[],
  isEndShown: () => boolean,
): () => void {
  const { store } = useInbox();
  const readUpTo = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const last = messages.findLast((row) => row.status !== "scheduled");
  const isReadable = () =>
    last !== undefined &&
    contact.unreadCount > 0 &&
    isEndShown() &&
    document.visibilityState === "visible" &&
    document.hasFocus();

  const mark = () => {
    timer.current = null;
    if (!last || !isReadable()) return;
    const key = `${last.id}/${contact.unreadCount}`;
    if (readUpTo.current === key) return;
    readUpTo.current = key;
    store.api.markRead(contact.id, last.id).catch(() => {
      readUpTo.current = null;
    });
  };
  const latest = useRef({ mark, isReadable });
  useEffect(() => {
    latest.current = { mark, isReadable };
  });

  const look = useRef(() => {
    if (timer.current || !latest.current.isReadable()) return;
    timer.current = setTimeout(() => latest.current.mark(), seenAfterMs);
  }).current;

  useEffect(() => {
    // After the first scroll position is known, so that texts below the fold stay unread.
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  });
  useEffect(() => {
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      if (timer.current) clearTimeout(timer.current);
    };
  }, [look]);
  return look;
}
