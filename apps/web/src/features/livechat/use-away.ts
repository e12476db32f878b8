import { useEffect } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";

const idleMs = 5 * 60_000;
const hiddenMs = 60_000;

/** Tells teammates when nobody is at this screen: hidden for a minute, or untouched for five. */
export function useAway(): void {
  const { connection } = useInbox();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let restartedAtMs = 0;
    const wait = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => connection.setAway(true), ms);
    };
    const onTouch = () => {
      if (document.visibilityState !== "visible") return;
      connection.setAway(false);
      // Every move of the mouse comes here: the timer is set anew once a second at most.
      if (Date.now() - restartedAtMs < 1000) return;
      restartedAtMs = Date.now();
      wait(idleMs);
    };
    const onVisibility = () => {
      if (document.visibilityState === "visible") onTouch();
      else wait(hiddenMs);
    };
    onVisibility();
    const touches = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
    for (const touch of touches) window.addEventListener(touch, onTouch, { passive: true });
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      clearTimeout(timer);
      for (const touch of touches) window.removeEventListener(touch, onTouch);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [connection]);
}
