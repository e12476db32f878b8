import type { Carrier } from "./carrier.ts";
import { checkMessage, type MessageRequest } from "./check-message.ts";
import { countSegments } from "./count-segments.ts";
import { deliverMessage } from "./deliver-message.ts";
import { newSid } from "./sid.ts";
import type { Account, Message, MessageDirection } from "./state.ts";

/**
 * Accepts a message or throws the TwilioError that refuses it. Returned as `queued` (`accepted` with
 * a Messaging Service); the lifecycle and its callbacks go on afterwards, by themselves.
 */
export function createMessage(
  carrier: Carrier,
  account: Account,
  request: MessageRequest,
  direction: MessageDirection = "outbound-api",
): Message {
  const sender = checkMessage(carrier.state, account, request);
  const throughService = request.messagingServiceSid !== "";
  const now = new Date();
  const message: Message = {
    sid: newSid(request.mediaUrls.length > 0 ? "MM" : "SM"),
    accountSid: account.sid,
    messagingServiceSid: throughService ? request.messagingServiceSid : null,
    direction,
    from: request.from === "" ? null : sender,
    to: request.to,
    body: request.body,
    status: throughService ? "accepted" : "queued",
    numSegments: throughService ? 0 : countSegments(request.body),
    numMedia: request.mediaUrls.length,
    media: [],
    mediaUrls: request.mediaUrls,
    errorCode: null,
    errorMessage: null,
    statusCallback: request.statusCallback === "" ? null : request.statusCallback,
    dateCreated: now,
    dateUpdated: now,
    dateSent: null,
  };
  carrier.state.messages.set(message.sid, message);
  carrier.background(() => deliverMessage(carrier, message, sender));
  return message;
}
