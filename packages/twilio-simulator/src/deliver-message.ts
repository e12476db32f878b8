import type { Carrier } from "./carrier.ts";
import { countSegments } from "./count-segments.ts";
import { fetchMedia } from "./fetch-media.ts";
import { createStatusReporter } from "./report-status.ts";
import { type Message, type MessageStatus, phoneOf } from "./state.ts";

interface Ending {
  status: "delivered" | "undelivered" | "failed" | "sent";
  code?: number;
  text?: string;
}

/**
 * Carries an accepted message to its handset: queued → sending → sent → delivered, or the ending
 * that the handset's condition gives, with a status callback for every step after the API's own
 * answer. Source: Twilio "track outbound message status".
 */
export async function deliverMessage(
  carrier: Carrier,
  message: Message,
  sender: string,
): Promise<void> {
  const reporter = createStatusReporter(carrier, message);
  const step = async (status: MessageStatus, code?: number, text?: string): Promise<boolean> => {
    await carrier.pause(carrier.statusDelayMs);
    if (message.status === "canceled") return false;
    if (message.status === "accepted") {
      // Not before: the API's own answer names no sender and no segments.
      message.from = sender;
      message.numSegments = countSegments(message.body);
    }
    message.status = status;
    message.errorCode = code ?? null;
    message.errorMessage = text ?? null;
    message.dateUpdated = new Date();
    if (status === "sent") message.dateSent = message.dateUpdated;
    reporter.report();
    return true;
  };
  try {
    if (message.status === "accepted" && !(await step("queued"))) return;
    // A delivery that a restart broke off goes on after its last step.
    const isSentAlready = message.status === "sent";
    if (!isSentAlready) {
      if (!(await step("sending"))) return;
      const mediaFailure = await collectMedia(carrier, message);
      if (mediaFailure) {
        await step("failed", mediaFailure.code, mediaFailure.text);
        return;
      }
    }
    const ending = endingFor(carrier, message.to);
    if (ending.status !== "failed" && !isSentAlready) await step("sent");
    if (ending.status !== "sent") await step(ending.status, ending.code, ending.text);
  } finally {
    reporter.flush();
  }
}

async function collectMedia(
  carrier: Carrier,
  message: Message,
): Promise<{ code: number; text: string } | undefined> {
  if (!carrier.fetchOutboundMedia) return undefined;
  for (const url of message.mediaUrls) {
    const media = await fetchMedia(carrier.reach(url), carrier.closing);
    if (!media) return { code: 11200, text: "HTTP retrieval failure" };
    message.media.push(media);
  }
  return undefined;
}

function endingFor(carrier: Carrier, to: string): Ending {
  const { condition } = phoneOf(carrier.state, to);
  switch (condition) {
    case "reachable":
      return { status: "delivered" };
    case "no-receipts":
      return { status: "sent" };
    case "unreachable":
      return { status: "undelivered", code: 30003, text: "Unreachable destination handset" };
    case "unknown":
      return { status: "undelivered", code: 30005, text: "Unknown destination handset" };
    case "landline":
      return { status: "undelivered", code: 30006, text: "Landline or unreachable carrier" };
    case "filtered":
      return { status: "undelivered", code: 30007, text: "Message filtered" };
    case "failing":
      return { status: "failed", code: 30008, text: "Unknown error" };
    default: {
      const never: never = condition;
      return never;
    }
  }
}
