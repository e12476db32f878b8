import type { Carrier } from "./carrier.ts";
import { countSegments } from "./count-segments.ts";
import { createMessage } from "./create-message.ts";
import { fetchMedia } from "./fetch-media.ts";
import { type Keyword, keywordReply, optOutKey, readKeyword } from "./opt-out-keywords.ts";
import { type Reply, readReply } from "./read-reply.ts";
import { sendWebhook, type WebhookAnswer } from "./send-webhook.ts";
import { newSid } from "./sid.ts";
import {
  findNumber,
  findServiceOf,
  type Media,
  type Message,
  type PhoneNumber,
  phoneOf,
  type Service,
} from "./state.ts";
import { TwilioError } from "./twilio-error.ts";

export type TextedMedia = { url: string } | { contentType: string; base64: string };

export interface Text {
  from: string;
  to: string;
  body?: string | undefined;
  media?: TextedMedia[] | undefined;
  /** What Advanced Opt-Out, with words of the account's own, has taken the text for. */
  optOutType?: "STOP" | "START" | "HELP" | undefined;
}

/**
 * A customer texts one of our numbers. The message exists (status `received`) whatever becomes of
 * the webhook. Resolves once the webhook and its fallback are done with; never rejects because of
 * them. Keywords are answered and enforced first and still reach the webhook.
 */
export async function textFromPhone(carrier: Carrier, text: Text): Promise<Message> {
  const number = findNumber(carrier.state, text.to);
  if (!number) throw new TwilioError(20404, `No simulated number ${text.to}`, 404);
  phoneOf(carrier.state, text.from);
  const service = findServiceOf(carrier.state, number);
  const media = await takeMedia(carrier, text.media ?? []);
  const now = new Date();
  const body = text.body ?? "";
  const message: Message = {
    sid: newSid(media.length > 0 ? "MM" : "SM"),
    accountSid: number.accountSid,
    messagingServiceSid: service?.sid ?? null,
    direction: "inbound",
    from: text.from,
    to: text.to,
    body,
    status: "received",
    numSegments: countSegments(body),
    numMedia: media.length,
    media,
    mediaUrls: [],
    errorCode: null,
    errorMessage: null,
    statusCallback: null,
    dateCreated: now,
    dateUpdated: now,
    dateSent: now,
  };
  const webhook = chooseWebhook(number, service);
  // A service that takes nothing in leaves no trace, not even in the list.
  if (webhook === null) return message;
  carrier.state.messages.set(message.sid, message);
  const keyword = text.optOutType ?? readKeyword(message.body);
  if (keyword) handleKeyword(carrier, message, number, keyword);
  await callApplication(carrier, message, webhook, text.optOutType);
  return message;
}

async function takeMedia(carrier: Carrier, texted: TextedMedia[]): Promise<Media[]> {
  const taken: Media[] = [];
  for (const each of texted) {
    if ("url" in each) {
      const media = await fetchMedia(carrier.reach(each.url), carrier.closing);
      if (!media) throw new TwilioError(11200, `Could not fetch ${each.url}`);
      taken.push(media);
    } else {
      const bytes = Buffer.from(each.base64, "base64");
      taken.push({
        sid: newSid("ME"),
        contentType: each.contentType,
        bytes,
        dateCreated: new Date(),
      });
    }
  }
  return taken;
}

function handleKeyword(
  carrier: Carrier,
  message: Message,
  number: PhoneNumber,
  keyword: Keyword,
): void {
  if (message.from === null) return;
  const key = optOutKey(number.phoneNumber, message.from);
  carrier.state.optOuts.delete(key);
  reply(carrier, message, {
    to: undefined,
    from: undefined,
    statusCallback: undefined,
    body: keywordReply(keyword),
    mediaUrls: [],
  });
  if (keyword === "STOP") carrier.state.optOuts.add(key);
}

interface Webhook {
  url: string;
  method: "GET" | "POST";
  fallbackUrl: string;
  fallbackMethod: "GET" | "POST";
}

/**
 * Where a text to this number is posted; null when its service takes nothing in. A service's own
 * address goes before the number's, unless the service defers to it; an application SID makes
 * Twilio ignore every sms_*_url of the number.
 */
function chooseWebhook(number: PhoneNumber, service: Service | undefined): Webhook | null {
  if (service && !service.useInboundWebhookOnNumber) {
    if (service.inboundRequestUrl === null) return null;
    return {
      url: service.inboundRequestUrl,
      method: service.inboundMethod,
      fallbackUrl: service.fallbackUrl ?? "",
      fallbackMethod: service.fallbackMethod,
    };
  }
  return {
    url: number.smsApplicationSid === "" ? number.smsUrl : "",
    method: number.smsMethod,
    fallbackUrl: number.smsFallbackUrl,
    fallbackMethod: number.smsFallbackMethod,
  };
}

async function callApplication(
  carrier: Carrier,
  message: Message,
  webhook: Webhook,
  optOutType: Text["optOutType"],
): Promise<void> {
  if (webhook.url === "") return;
  const call = { accountSid: message.accountSid, messageSid: message.sid };
  const params = inboundParams(carrier, message);
  if (optOutType) params.OptOutType = optOutType;
  const first = await sendWebhook(carrier, {
    ...call,
    kind: "inbound",
    url: webhook.url,
    method: webhook.method,
    params,
  });
  const code = honour(carrier, message, first, webhook.url);
  if (code === undefined || webhook.fallbackUrl === "") return;
  const second = await sendWebhook(carrier, {
    ...call,
    kind: "fallback",
    url: webhook.fallbackUrl,
    method: webhook.fallbackMethod,
    params: { ...params, ErrorCode: String(code), ErrorUrl: webhook.url },
  });
  honour(carrier, message, second, webhook.fallbackUrl);
}

function honour(
  carrier: Carrier,
  message: Message,
  answer: WebhookAnswer,
  url: string,
): number | undefined {
  const alert = (code: number): number => {
    carrier.state.alerts.push({ code, messageSid: message.sid, url, at: new Date() });
    return code;
  };
  if (answer.outcome !== "answered") {
    return alert(answer.outcome === "connect-failed" ? 11205 : 11200);
  }
  const read = readReply(answer.status, answer.contentType, answer.body);
  if (!read.ok) return alert(read.code);
  for (const each of read.replies) {
    try {
      reply(carrier, message, each);
    } catch (thrown) {
      if (!(thrown instanceof TwilioError)) throw thrown;
      alert(thrown.code);
    }
  }
  return undefined;
}

function reply(carrier: Carrier, message: Message, wanted: Reply): void {
  const account = carrier.state.accounts.get(message.accountSid);
  if (!account) return;
  createMessage(
    carrier,
    account,
    {
      to: wanted.to ?? message.from ?? "",
      from: wanted.from ?? message.to,
      messagingServiceSid: "",
      body: wanted.body,
      mediaUrls: wanted.mediaUrls,
      statusCallback: wanted.statusCallback ?? "",
    },
    "outbound-reply",
  );
}

function inboundParams(carrier: Carrier, message: Message): Record<string, string> {
  const params: Record<string, string> = {
    ToCountry: "US",
    ToState: "",
    ToCity: "",
    ToZip: "",
    FromCountry: "US",
    FromState: "",
    FromCity: "",
    FromZip: "",
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    SmsStatus: "received",
    From: message.from ?? "",
    To: message.to,
    Body: message.body,
    NumMedia: String(message.numMedia),
    NumSegments: String(message.numSegments),
    ApiVersion: "2010-04-01",
  };
  if (message.messagingServiceSid !== null)
    params.MessagingServiceSid = message.messagingServiceSid;
  message.media.forEach((media, index) => {
    params[`MediaUrl${index}`] =
      `${carrier.apiBaseUrl}/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}/Media/${media.sid}`;
    params[`MediaContentType${index}`] = media.contentType;
  });
  return params;
}
