import * as z from "zod";

/**
 * Every state a text can be in, outbound first, `received` for inbound ones.
 * `scheduled` waits for its time and can still be changed. `unconfirmed` means that the carrier may or may not have taken the text:
 * such a text is never sent again without a person's word.
 */
export const messageStatus = z.enum([
  "scheduled",
  "pending",
  "sending",
  "unconfirmed",
  "queued",
  "sent",
  "delivered",
  "undelivered",
  "failed",
  "canceled",
  "received",
]);
export type MessageStatus = z.infer<typeof messageStatus>;

const rankByStatus: Record<MessageStatus, number> = {
  scheduled: -10,
  pending: 0,
  sending: 10,
  unconfirmed: 20,
  queued: 30,
  sent: 40,
  delivered: 60,
  undelivered: 60,
  failed: 60,
  canceled: 60,
  received: 60,
};

/** The place of a status in its life: a text only ever moves to a higher rank. */
export function rankStatus(status: MessageStatus): number {
  return rankByStatus[status];
}

/** Whether a text that is `current` may become `next`. Two final states never replace each other. */
export function canAdvanceStatus(current: MessageStatus, next: MessageStatus): boolean {
  return rankStatus(next) > rankStatus(current);
}

/**
 * Whether a row in state `next` may take the place of one in state `current` on
 * a screen: it never falls, but for a text that goes back in line because it
 * provably was not taken, or because an agent said to send it again.
 */
export function canReplaceStatus(current: MessageStatus, next: MessageStatus): boolean {
  if (next === "pending" && (current === "sending" || current === "unconfirmed")) return true;
  return rankStatus(next) >= rankStatus(current);
}

/**
 * Twilio's word for a status to ours, or null for a word we do not know (it is
 * kept raw in the log of reports and changes nothing).
 * Source: Twilio, "Track outbound message status".
 */
export function parseTwilioStatus(word: string): MessageStatus | null {
  switch (word) {
    case "accepted":
    case "scheduled":
    case "queued":
    case "sending":
      return "queued";
    case "sent":
    case "partially_delivered":
      return "sent";
    case "delivered":
    case "read":
      return "delivered";
    case "undelivered":
      return "undelivered";
    case "failed":
      return "failed";
    case "canceled":
      return "canceled";
    case "receiving":
    case "received":
      return "received";
    default:
      return null;
  }
}

/** A text's standing among the copies of it: the round that a person asked for, then its status. */
interface Standing {
  round: number;
  status: MessageStatus;
}

/**
 * Whether `next` may take the place of `current` on a screen: a later round
 * always, an earlier one never, and within a round by {@link canReplaceStatus}.
 */
export function canReplaceMessage(current: Standing, next: Standing): boolean {
  if (next.round !== current.round) return next.round > current.round;
  return canReplaceStatus(current.status, next.status);
}
