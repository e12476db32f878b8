import { Box } from "@chakra-ui/react";
import { useEffect, useRef, useState } from "react";
import { useInbox, useInboxPart } from "../realtime/use-inbox.tsx";
import { Banner, BannerButton } from "./Banner.tsx";

const showAfterMs = 2000;
const giveReasonAfterMs = 10_000;
const reliefForMs = 2500;

/**
 * Says quietly that the screen may be behind, once that has lasted longer than a
 * blink, and that it is current again. Mount it anew for each workspace.
 */
export function ConnectionBanner() {
  const { connection: line } = useInbox();
  const connection = useInboxPart((snapshot) => snapshot.connection);
  const isLoaded = useInboxPart((snapshot) => snapshot.inbox !== null);
  // The line is opened after the first load, which says itself how it goes.
  const isBehind = connection === "offline" || (isLoaded && connection !== "live");
  const stage = useLasting(isBehind);
  const [hasBeenLive, setHasBeenLive] = useState(connection === "live");
  if (connection === "live" && !hasBeenLive) setHasBeenLive(true);
  // What was just loaded is current: the first line has longer before it is worth a word.
  const isLate = hasBeenLive ? stage !== "brief" : stage === "long";
  const isShown = isBehind && (isLate || connection === "offline");
  const wasShown = useRef(false);
  const [isRelief, setIsRelief] = useState(false);

  useEffect(() => {
    if (isShown) {
      wasShown.current = true;
      setIsRelief(false);
      return;
    }
    if (isBehind || !wasShown.current) return;
    wasShown.current = false;
    setIsRelief(true);
    const timer = setTimeout(() => setIsRelief(false), reliefForMs);
    return () => clearTimeout(timer);
  }, [isShown, isBehind]);

  return (
    <Box role="status" flexShrink="0">
      {isShown ? (
        <Banner>
          {connection === "offline" ? (
            "You are offline. What you write is kept here and waits for the connection."
          ) : connection === "catching_up" ? (
            "Catching up…"
          ) : stage === "long" ? (
            <>
              The server does not answer. Trying again…
              <BannerButton type="button" onClick={() => line.wake()}>
                Try now
              </BannerButton>
            </>
          ) : (
            "Reconnecting…"
          )}
        </Banner>
      ) : (
        isRelief && !isBehind && <Banner>Up to date again.</Banner>
      )}
    </Box>
  );
}

/** How long something has been so: not worth a word, worth one, or worth a reason. */
function useLasting(isSo: boolean): "brief" | "lasting" | "long" {
  const [stage, setStage] = useState<"brief" | "lasting" | "long">("brief");
  useEffect(() => {
    if (!isSo) {
      setStage("brief");
      return;
    }
    const timers = [
      setTimeout(() => setStage("lasting"), showAfterMs),
      setTimeout(() => setStage("long"), giveReasonAfterMs),
    ];
    return () => timers.forEach(clearTimeout);
  }, [isSo]);
  return stage;
}
