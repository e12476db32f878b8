import { checkMagicFrom, checkMagicTo } from "./magic-numbers.ts";
import { optOutKey } from "./opt-out-keywords.ts";
import { type Account, findNumber, type State } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";

export interface MessageRequest {
  to: string;
  from: string;
  messagingServiceSid: string;
  body: string;
  mediaUrls: string[];
  statusCallback: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const MAX_BODY = 1600;
const MAX_MEDIA = 10;

/**
 * Throws the error with which Twilio refuses this message at once; returns the sender it would use.
 * Source: Twilio's error dictionary and Messages resource.
 */
export function checkMessage(state: State, account: Account, request: MessageRequest): string {
  const { to, from, body, mediaUrls, messagingServiceSid } = request;
  if (to === "") throw new TwilioError(21604, "A 'To' phone number is required.");
  if (from === "" && messagingServiceSid === "") {
    throw new TwilioError(21603, "A 'From' phone number is required.");
  }
  if (body === "" && mediaUrls.length === 0)
    throw new TwilioError(21602, "Message body is required.");
  if ([...body].length > MAX_BODY) {
    throw new TwilioError(21617, "The concatenated message body exceeds the 1600 character limit");
  }
  if (mediaUrls.length > MAX_MEDIA) {
    throw new TwilioError(21623, "Number of media files exceeds allowed limit");
  }
  for (const url of mediaUrls) {
    if (!isHttpUrl(url)) throw new TwilioError(21620, `Invalid media URL(s): ${url}`);
  }
  checkStatusCallback(request.statusCallback);
  if (!E164.test(to) || to === from) {
    throw new TwilioError(21211, `The 'To' number ${to} is not a valid phone number.`);
  }
  checkMagicTo(to);
  const sender = senderOf(state, account, request);
  if (state.optOuts.has(optOutKey(sender, to))) {
    throw new TwilioError(21610, "Attempt to send to unsubscribed recipient");
  }
  return sender;
}

function senderOf(state: State, account: Account, request: MessageRequest): string {
  const { from, messagingServiceSid } = request;
  if (from === "") {
    const service = account.services.get(messagingServiceSid);
    if (!service) throw new TwilioError(21701, "The Messaging Service does not exist.");
    const [sender] = service.numbers;
    if (sender === undefined) {
      throw new TwilioError(21703, "The Messaging Service does not have a phone number available.");
    }
    return sender;
  }
  if (checkMagicFrom(from)) return from;
  if (!E164.test(from)) {
    throw new TwilioError(21212, `The 'From' number ${from} is not a valid phone number.`);
  }
  if (!findNumber(state, from, account.sid)?.capabilities.sms) {
    throw new TwilioError(
      21606,
      `The 'From' phone number ${from} is not a valid, SMS-capable phone number for your account.`,
    );
  }
  return from;
}

function checkStatusCallback(url: string): void {
  if (url === "") return;
  const host = isHttpUrl(url) ? new URL(url).hostname : "_";
  if (host.includes("_") || url.length > 4000) {
    throw new TwilioError(21609, `The 'StatusCallback' URL ${url} is not a valid URL.`);
  }
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "http:" || url?.protocol === "https:";
}
