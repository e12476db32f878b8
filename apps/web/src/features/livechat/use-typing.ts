import { useCallback, useEffect, useRef } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";

const stopsAfterMs = 5000;

/** Tells the colleagues that this person writes to the contact; it ends by itself after a rest. */
export function useTyping(contactId: string): (isTyping: boolean) => void {
  const { connection } = useInbox();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
      connection.type(contactId, false);
    },
    [connection, contactId],
  );

  return useCallback(
    (isTyping) => {
      if (timer.current) clearTimeout(timer.current);
      connection.type(contactId, isTyping);
      if (isTyping)
        timer.current = setTimeout(() => connection.type(contactId, false), stopsAfterMs);
    },
    [connection, contactId],
  );
}
