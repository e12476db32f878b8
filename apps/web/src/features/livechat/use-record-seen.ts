import { useEffect } from "react";
import { recordSeen } from "../../api/seen-queries.ts";
import { useWorkspace } from "../../session/use-session.ts";

const seenAfterMs = 1000;
const repeatEveryMs = 60_000;

/**
 * Says that the conversation is seen once it has been in sight for a second, in
 * a window that has the focus, and again each minute while it stays so.
 */
export function useRecordSeen(contactId: string): void {
  const { id: workspaceId } = useWorkspace();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isLookedAt = () => document.visibilityState === "visible" && document.hasFocus();
    const record = () => {
      timer = undefined;
      if (!isLookedAt()) return;
      // What could not be said now is said with the next look.
      recordSeen(workspaceId, contactId).catch(() => {});
      timer = setTimeout(record, repeatEveryMs);
    };
    const look = () => {
      if (timer === undefined && isLookedAt()) timer = setTimeout(record, seenAfterMs);
    };
    look();
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [workspaceId, contactId]);
}
