import type { Contact, Message } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";

const seenAfterMs = 1000;

/**
 * Marks a conversation as read once its end has been in sight for a second without
 * a break, in a window that has the focus. A later text has a second of its own.
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

  const stop = useRef(() => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
  }).current;
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
  const latest = useRef({ mark, isReadable, lastId: last?.id });
  useEffect(() => {
    latest.current = { mark, isReadable, lastId: last?.id };
  });

  const timedId = useRef<string | undefined>(undefined);
  const look = useRef(() => {
    const { isReadable, lastId } = latest.current;
    const isTimed = timer.current !== null && timedId.current === lastId;
    if (isTimed && isReadable()) return;
    stop();
    if (!isReadable()) return;
    timedId.current = lastId;
    timer.current = setTimeout(() => latest.current.mark(), seenAfterMs);
  }).current;

  useEffect(() => {
    // After the first scroll position is known, so that texts below the fold stay unread.
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  });
  useEffect(() => {
    window.addEventListener("focus", look);
    window.addEventListener("blur", stop);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      window.removeEventListener("blur", stop);
      document.removeEventListener("visibilitychange", look);
      stop();
    };
  }, [look, stop]);
  return look;
}
