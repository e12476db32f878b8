import { rfc2822 } from "./rfc-2822.ts";
import type { Account, Media, Message, PhoneNumber } from "./state.ts";

const root = "/2010-04-01/Accounts";

/** An Account as Twilio's API shows it to its own Auth Token. */
export function presentAccount(account: Account) {
  const uri = `${root}/${account.sid}`;
  return {
    sid: account.sid,
    friendly_name: account.friendlyName,
    status: account.status,
    type: account.type,
    auth_token: account.authToken,
    owner_account_sid: account.sid,
    date_created: rfc2822(account.dateCreated),
    date_updated: rfc2822(account.dateCreated),
    uri: `${uri}.json`,
    subresource_uris: {
      messages: `${uri}/Messages.json`,
      incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
    },
  };
}

/** An IncomingPhoneNumber as Twilio's API shows it. */
export function presentNumber(number: PhoneNumber) {
  return {
    sid: number.sid,
    account_sid: number.accountSid,
    phone_number: number.phoneNumber,
    friendly_name: number.friendlyName,
    capabilities: number.capabilities,
    sms_url: number.smsUrl,
    sms_method: number.smsMethod,
    sms_fallback_url: number.smsFallbackUrl,
    sms_fallback_method: number.smsFallbackMethod,
    sms_application_sid: number.smsApplicationSid,
    status_callback: number.statusCallback,
    status_callback_method: "POST",
    voice_url: "",
    voice_method: "POST",
    trunk_sid: null,
    bundle_sid: null,
    address_sid: null,
    address_requirements: "none",
    api_version: "2010-04-01",
    beta: false,
    origin: "twilio",
    status: "in-use",
    type: "local",
    date_created: rfc2822(number.dateCreated),
    date_updated: rfc2822(number.dateUpdated),
    uri: `${root}/${number.accountSid}/IncomingPhoneNumbers/${number.sid}.json`,
  };
}

/** A Message as Twilio's API shows it: counts are strings, `date_sent` is null until sent. */
export function presentMessage(message: Message) {
  const uri = `${root}/${message.accountSid}/Messages/${message.sid}`;
  return {
    sid: message.sid,
    account_sid: message.accountSid,
    messaging_service_sid: message.messagingServiceSid,
    api_version: "2010-04-01",
    direction: message.direction,
    from: message.from,
    to: message.to,
    body: message.body,
    status: message.status,
    num_segments: String(message.numSegments),
    num_media: String(message.numMedia),
    error_code: message.errorCode,
    error_message: message.errorMessage,
    price: priceOf(message),
    price_unit: "USD",
    date_created: rfc2822(message.dateCreated),
    date_updated: rfc2822(message.dateUpdated),
    date_sent: message.dateSent === null ? null : rfc2822(message.dateSent),
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

/** Twilio names the price once a message is through, and writes what it takes as a negative number. */
function priceOf({ status, numSegments }: Message): string | null {
  const isThrough = ["sent", "delivered", "undelivered", "received"].includes(status);
  return isThrough ? (-0.0079 * Math.max(1, numSegments)).toFixed(5) : null;
}

/** A Media resource as Twilio's API shows it. */
export function presentMedia(message: Message, media: Media) {
  return {
    sid: media.sid,
    account_sid: message.accountSid,
    parent_sid: message.sid,
    content_type: media.contentType,
    date_created: rfc2822(media.dateCreated),
    date_updated: rfc2822(media.dateCreated),
    uri: `${root}/${message.accountSid}/Messages/${message.sid}/Media/${media.sid}.json`,
  };
}
