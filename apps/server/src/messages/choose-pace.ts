import type { Sender } from "@livechat/shared";

/** How many segments the sender may be ahead of its pace, in seconds of it, so that a few quick texts leave at once. */
export const burstSeconds = 2;

const tollFree = /^\+1(800|833|844|855|866|877|888)\d{7}$/;

/** The kind of a sender, which is what carriers limit it by. */
export function classifySender(sender: string): Sender["kind"] {
  if (sender.startsWith("MG")) return "service";
  if (/^\d{3,8}$/.test(sender)) return "short_code";
  if (tollFree.test(sender)) return "toll_free";
  return sender.startsWith("+1") ? "long_code" : "international";
}

/** What a simulated carrier takes: it limits nobody. */
const unlimited = 1000;

/**
 * Segments a second that a sender may send when nobody has set its pace. A
 * service spreads its texts over its own numbers. Source: Twilio, "Understanding
 * Twilio rate limits and message queues".
 */
export function choosePace(sender: string, isLimited: boolean): number {
  if (!isLimited) return unlimited;
  const kind = classifySender(sender);
  switch (kind) {
    case "long_code":
      return 1;
    case "toll_free":
      return 3;
    case "short_code":
      return 100;
    case "international":
    case "service":
      return 10;
    default:
      return kind satisfies never;
  }
}
