import type { Contact } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { usePreference } from "../../preferences/use-preference.ts";
import type { QuietHour } from "./quiet-hours.ts";

const answerHoldsMs = 3_600_000;

/** Asks before a text in the night of where the contact lives, at most once an hour. */
export function useQuietHours(contact: Contact): {
  /** The night there at the moment at which the text is to go out; null for none. */
  check(at: Date): QuietHour | null;
  /** The person wants to send all the same. */
  confirm(): void;
} {
  const [warns] = usePreference("warnsInQuietHours");
  const answeredAtMs = useRef(0);
  const find = useRef<typeof import("./quiet-hours.ts").findQuietHour | null>(null);
  useEffect(() => {
    // Loaded beside what is on the screen: nobody has written a text by then.
    import("./quiet-hours.ts").then(
      (rules) => {
        find.current = rules.findQuietHour;
      },
      () => undefined,
    );
  }, []);
  return {
    check(at) {
      if (!warns || Date.now() - answeredAtMs.current < answerHoldsMs) return null;
      return find.current?.(contact, at) ?? null;
    },
    confirm() {
      answeredAtMs.current = Date.now();
    },
  };
}
