import { countKey } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { toaster } from "../../components/toaster.tsx";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";

/** Tells with a toast when a note calls the reader, and leads to it. */
export function useMentionNews(): void {
  const me = useMe();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const unseen = useInboxPart(
    (snapshot) => snapshot.inbox?.counts[countKey("mentions", me.userId)] ?? 0,
  );
  const isLoaded = useInboxPart((snapshot) => snapshot.inbox !== null);
  const known = useRef<number | null>(null);
  const place = useRef(pathname);
  place.current = pathname;
  useEffect(() => {
    const before = known.current;
    // What had waited before the inbox was opened is shown by its view's count.
    known.current = isLoaded ? unseen : null;
    if (before === null || unseen <= before) return;
    toaster.create({
      type: "info",
      title: "You were mentioned in a note",
      duration: 6000,
      closable: true,
      action: {
        label: "Show",
        onClick: () => void navigate(`${place.current}?view=mentions`),
      },
    });
  }, [navigate, isLoaded, unseen]);
}
