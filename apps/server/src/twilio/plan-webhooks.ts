import type { TwilioConfig, WebhookProposal, WebhookSettings } from "@livechat/shared";
import type { CarrierNumber, CarrierService } from "./line-api.ts";
import { buildFallbackUrl, buildSmsUrl, isFreeToSet } from "./webhook-urls.ts";

/** The numbers and the Messaging Services of an account as Twilio has them now. */
export interface Line {
  numbers: CarrierNumber[];
  services: CarrierService[];
}

interface Place {
  baseUrl: string;
  workspaceId: string;
  webhookType: TwilioConfig["webhookType"];
}

/**
 * What is set at Twilio and what would be set instead, for every number that can
 * text and every service that has numbers. A number whose service takes its
 * texts, or shall take them, is left out: its own address is of no use then.
 */
export function planWebhooks(line: Line, place: Place): WebhookProposal[] {
  return [
    ...line.services
      .filter(({ numberSids }) => numberSids.length > 0)
      .map((service) => proposeForService(service, place)),
    ...line.numbers
      .filter((number) => {
        const service = findServiceOf(line, number);
        if (!number.capabilities.sms) return false;
        if (!service) return true;
        return place.webhookType === "per_number" && !isServedHere(service, place);
      })
      .map((number) => proposeForNumber(number, place)),
  ];
}

/** The proposal for one number or service, whether or not the plan needs it; null when there is none of this SID. */
export function proposeFor(line: Line, sid: string, place: Place): WebhookProposal | null {
  const service = line.services.find((each) => each.sid === sid);
  if (service) return proposeForService(service, place);
  const number = line.numbers.find((each) => each.sid === sid);
  return number ? proposeForNumber(number, place) : null;
}

/** The service that a number is in; a number is in one at most. */
export function findServiceOf({ services }: Line, { sid }: CarrierNumber): CarrierService | null {
  return services.find(({ numberSids }) => numberSids.includes(sid)) ?? null;
}

/** What a number does with a text, in the words that numbers and services share. */
export function readNumberSettings(number: CarrierNumber): WebhookSettings {
  return {
    url: number.smsUrl || null,
    method: number.smsMethod,
    fallbackUrl: number.smsFallbackUrl || null,
    applicationSid: number.smsApplicationSid || null,
    usesNumberWebhook: false,
  };
}

/** What a service does with a text. */
export function readServiceSettings(service: CarrierService): WebhookSettings {
  return {
    url: service.inboundUrl,
    method: service.inboundMethod,
    fallbackUrl: service.fallbackUrl,
    applicationSid: null,
    usesNumberWebhook: service.usesNumberWebhook,
  };
}

/** Whether two settings are the same at Twilio. */
export function isSameSettings(a: WebhookSettings, b: WebhookSettings): boolean {
  return (
    a.url === b.url &&
    a.method === b.method &&
    a.fallbackUrl === b.fallbackUrl &&
    a.applicationSid === b.applicationSid &&
    a.usesNumberWebhook === b.usesNumberWebhook
  );
}

function proposeForNumber(number: CarrierNumber, place: Place): WebhookProposal {
  const current = readNumberSettings(number);
  const isForeign = current.applicationSid !== null || !isFree(current.url, place);
  return {
    target: "number",
    sid: number.sid,
    label: number.phoneNumber,
    current,
    isForeign,
    ...proposeAddress(current, isForeign, place),
  };
}

function proposeForService(service: CarrierService, place: Place): WebhookProposal {
  const current = readServiceSettings(service);
  const isForeign = !current.usesNumberWebhook && !isFree(current.url, place);
  const head = { target: "service" as const, sid: service.sid, label: service.name, current };
  if (place.webhookType === "global") {
    return { ...head, isForeign, ...proposeAddress(current, isForeign, place) };
  }
  // A service that already posts here does no harm.
  const isSet = current.usesNumberWebhook || isServedHere(service, place);
  const proposed = isSet ? current : { ...current, usesNumberWebhook: true };
  return { ...head, isForeign: isForeign && !isSet, proposed, isSet };
}

/** Whether the service itself posts here, completely as we would set it. */
function isServedHere(service: CarrierService, place: Place): boolean {
  const current = readServiceSettings(service);
  return !current.usesNumberWebhook && proposeAddress(current, false, place).isSet;
}

function proposeAddress(
  current: WebhookSettings,
  isForeign: boolean,
  { baseUrl, workspaceId }: Place,
): Pick<WebhookProposal, "proposed" | "isSet"> {
  // A fallback that somebody chose beside our own address is theirs to keep.
  const keepsFallback =
    !isForeign &&
    current.fallbackUrl !== null &&
    !isFreeToSet(current.fallbackUrl, baseUrl, workspaceId) &&
    !current.fallbackUrl.includes(`/api/twilio/webhook/${workspaceId}?`);
  const proposed: WebhookSettings = {
    url: buildSmsUrl(baseUrl, workspaceId),
    method: "POST",
    fallbackUrl: keepsFallback ? current.fallbackUrl : buildFallbackUrl(baseUrl, workspaceId),
    applicationSid: null,
    usesNumberWebhook: false,
  };
  return { proposed, isSet: isSameSettings(current, proposed) };
}

function isFree(url: string | null, { baseUrl, workspaceId }: Place): boolean {
  return isFreeToSet(url ?? "", baseUrl, workspaceId);
}
