import { useEffect, useState } from "react";
import { useInboxPart } from "../../realtime/use-inbox.tsx";

const showAfterMs = 2000;

/** Says quietly that the screen may be behind, once that has lasted longer than a blink. */
export function ConnectionBanner() {
  const connection = useInboxPart((snapshot) => snapshot.connection);
  const [isLasting, setIsLasting] = useState(false);
  const isBehind = connection !== "live";
  useEffect(() => {
    if (!isBehind) {
      setIsLasting(false);
      return;
    }
    const timer = setTimeout(() => setIsLasting(true), showAfterMs);
    return () => clearTimeout(timer);
  }, [isBehind]);
  const words = {
    live: "",
    connecting: "Reconnecting…",
    catching_up: "Catching up…",
    offline: "You are offline. What you write is kept here.",
  }[connection];
  const isShown = isBehind && (isLasting || connection === "offline");
  return (
    <div className="lc-banner" role="status" data-shown={isShown || undefined}>
      {isShown && words}
    </div>
  );
}
