import { SegmentedMessage } from "sms-segments-calculator";

/** How many SMS segments Twilio bills for a body; a message without text counts one. */
export function countSegments(body: string): number {
  return body === "" ? 1 : new SegmentedMessage(body).segmentsCount;
}
