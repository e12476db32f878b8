import type { Contact } from "@livechat/shared";
import { useRef } from "react";
import { usePreference } from "../../preferences/use-preference.ts";
import { findQuietHour, type QuietHour } from "./quiet-hours.ts";

const answerHoldsMs = 3_600_000;

/** Asks before a text in the night of where the contact lives, at most once an hour. */
export function useQuietHours(contact: Contact): {
  check(now: Date): QuietHour | null;
  /** The person wants to send all the same. */
  confirm(): void;
} {
  const [warns] = usePreference("warnsInQuietHours");
  const answeredAtMs = useRef(0);
  return {
    check(now) {
      if (!warns || now.getTime() - answeredAtMs.current < answerHoldsMs) return null;
      return findQuietHour(contact, now);
    },
    confirm() {
      answeredAtMs.current = Date.now();
    },
  };
}
