import * as z from "zod";
import { asOfSeq } from "./resources.ts";

const isoTime = z.iso.datetime({ offset: true });

/** What Twilio itself said when it refused something. */
export const carrierError = z.object({
  /** Twilio's error code, such as 20003. */
  code: z.int().nullable(),
  message: z.string(),
  /** Twilio's page about this code. */
  url: z.url().nullable(),
});
export type CarrierError = z.infer<typeof carrierError>;

/** How the phone line stood when it was examined last, in one line. */
export const lineHealth = z.object({
  /** Errors and warnings; hints are not counted. */
  problemCount: z.int().nonnegative(),
  /** When something else was found than before. */
  changedAt: isoTime,
});
export type LineHealth = z.infer<typeof lineHealth>;

/** The answer to a browser that loads: the health, and the place in the log up to which it is true. */
export const lineHealthSnapshot = z.object({
  epoch: z.uuid(),
  asOfSeq,
  /** Null while nothing is connected. */
  line: lineHealth.nullable(),
});
export type LineHealthSnapshot = z.infer<typeof lineHealthSnapshot>;

/** What a number or a Messaging Service does with a text that comes in. */
export const webhookSettings = z.object({
  url: z.string().nullable(),
  method: z.enum(["GET", "POST"]),
  fallbackUrl: z.string().nullable(),
  /** Of a number: the application that takes its texts in place of the address. */
  applicationSid: z.string().nullable(),
  /** Of a service: whether it leaves its numbers' texts to the numbers' own addresses. */
  usesNumberWebhook: z.boolean(),
});
export type WebhookSettings = z.infer<typeof webhookSettings>;

/** What is set at Twilio for a number or a service, and what would be set instead. */
export const webhookProposal = z.object({
  target: z.enum(["number", "service"]),
  sid: z.string(),
  /** The phone number, or the service's name. */
  label: z.string(),
  current: webhookSettings,
  proposed: webhookSettings,
  /** True when there is nothing to change. */
  isSet: z.boolean(),
  /** Texts go to somebody else now, so changing it needs a person's word. */
  isForeign: z.boolean(),
});
export type WebhookProposal = z.infer<typeof webhookProposal>;

/** A change that was made at Twilio and can be taken back. */
export const webhookChange = z.object({
  id: z.uuid(),
  target: z.enum(["number", "service"]),
  label: z.string(),
  before: webhookSettings,
  after: webhookSettings,
  changedAt: isoTime,
  undoneAt: isoTime.nullable(),
});
export type WebhookChange = z.infer<typeof webhookChange>;

export const webhookPlan = z.object({
  proposals: z.array(webhookProposal),
  /** The latest first. */
  changes: z.array(webhookChange),
});
export type WebhookPlan = z.infer<typeof webhookPlan>;

export const applyWebhooksRequest = z.object({
  /** SIDs of the numbers and services to set as proposed. */
  sids: z.array(z.string().max(64)).min(1).max(500),
  /** Those of them whose texts may be taken from somebody else. */
  takeOver: z.array(z.string().max(64)).max(500).default([]),
});
export const undoWebhookRequest = z.object({ changeId: z.uuid() });

/** What was looked at. Stable: screens and tests branch on it. */
export const findingCode = z.enum([
  "twilio_reachable",
  "account_active",
  "account_type",
  "auth_token",
  "api_key",
  "next_token",
  "public_address",
  "sending_service",
  "webhook_seen",
  "webhook_refused",
  "number_known",
  "number_present",
  "number_sms",
  "number_webhook",
  "number_method",
  "number_application",
  "number_fallback",
  "number_seen",
  "service_webhook",
  "service_method",
  "service_inbound",
  "service_fallback",
]);
export type FindingCode = z.infer<typeof findingCode>;

/** The one button that mends what was found. */
export const lineMend = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("set_webhook"),
    sid: z.string(),
    /** Not null: texts go elsewhere now, and this asks whether they may be taken from there. */
    question: z.string().nullable(),
  }),
  z.object({ action: z.literal("sync_numbers") }),
  z.object({ action: z.literal("reconnect") }),
  z.object({ action: z.literal("promote_token") }),
  z.object({ action: z.literal("choose_no_service") }),
  z.object({ action: z.literal("open"), url: z.url() }),
]);
export type LineMend = z.infer<typeof lineMend>;

export const lineFinding = z.object({
  code: findingCode,
  /** `hint` is worth knowing and breaks nothing. */
  severity: z.enum(["ok", "hint", "warning", "error"]),
  title: z.string(),
  /** What it means and what to do; null where the title says all. */
  detail: z.string().nullable(),
  mend: lineMend.nullable(),
  carrierError: carrierError.nullable(),
});
export type LineFinding = z.infer<typeof lineFinding>;

export const refusedWebhook = z.object({
  kind: z.enum(["inbound", "status"]),
  reason: z.enum([
    "not_signed",
    "wrong_signature",
    "other_account",
    "other_address",
    "wrong_method",
    "unreadable",
  ]),
  /** The reason in words. */
  detail: z.string(),
  times: z.int().positive(),
  lastAt: isoTime,
});
export type RefusedWebhook = z.infer<typeof refusedWebhook>;

/** The doctor's report: what is right, what is wrong, and what mends it. */
export const lineReport = z.object({
  examinedAt: isoTime,
  problemCount: z.int().nonnegative(),
  account: z.array(lineFinding),
  numbers: z.array(
    z.object({
      sid: z.string(),
      phoneNumber: z.string(),
      friendlyName: z.string().nullable(),
      serviceName: z.string().nullable(),
      lastWebhookAt: isoTime.nullable(),
      findings: z.array(lineFinding),
    }),
  ),
  services: z.array(
    z.object({
      sid: z.string(),
      name: z.string(),
      numbers: z.array(z.string()),
      findings: z.array(lineFinding),
    }),
  ),
  lastWebhookAt: isoTime.nullable(),
  /** The latest first. */
  refused: z.array(refusedWebhook),
  changes: z.array(webhookChange),
});
export type LineReport = z.infer<typeof lineReport>;

/** A Messaging Service of the account, as it was read last. */
export const messagingService = z.object({
  sid: z.string(),
  name: z.string(),
  numbers: z.array(z.string()),
});
export type MessagingService = z.infer<typeof messagingService>;
export const messagingServiceList = z.object({ items: z.array(messagingService) });
