import * as z from "zod";
import { messagingService, webhookProposal } from "../phone-line.ts";

const accountSid = z
  .string()
  .trim()
  .regex(/^AC[0-9a-fA-F]{32}$/, "An Account SID is AC and 32 characters from 0-9 and a-f.");
const authToken = z.string().trim().min(1).max(200);

const apiKeySid = z
  .string()
  .trim()
  .regex(/^SK[0-9a-fA-F]{32}$/, "An API key's SID is SK and 32 characters from 0-9 and a-f.");
/** An API key, which sends in place of the Auth Token. Source: Twilio, "API keys". */
export const twilioApiKey = z.object({
  sid: apiKeySid,
  secret: z.string().trim().min(1).max(200),
});

export const twilioWorkspaceQuery = z.object({ workspaceId: z.uuid() });
export const testConnectionRequest = z.object({
  workspaceId: z.uuid(),
  accountSid,
  /** Also needed beside an API key: Twilio signs webhooks with it. Absent: the one that is kept for this account. */
  authToken: authToken.optional(),
  /** Absent: the one that is kept for this account; null: none. */
  apiKey: twilioApiKey.nullish(),
});
export type TestConnectionRequest = z.infer<typeof testConnectionRequest>;

export const twilioNumber = z.object({
  id: z.uuid(),
  phoneNumber: z.string(),
  twilioSid: z.string(),
  friendlyName: z.string().nullable(),
  capabilities: z.object({ sms: z.boolean(), mms: z.boolean(), voice: z.boolean() }),
  /** Where Twilio posts this number's texts now. */
  smsUrl: z.string().nullable(),
  /** Where it should post them. */
  expectedSmsUrl: z.string(),
  /** The Messaging Service that the number is in. */
  messagingServiceSid: z.string().nullable(),
});
export type TwilioNumber = z.infer<typeof twilioNumber>;
export const twilioNumberList = z.object({ items: z.array(twilioNumber) });

/** What Twilio said of these credentials, and what connecting would change there, before anything is saved. */
export const testConnectionResponse = z.object({
  success: z.literal(true),
  accountName: z.string(),
  accountType: z.enum(["Trial", "Full"]),
  accountStatus: z.string(),
  numbers: z.array(
    z.object({
      sid: z.string(),
      phoneNumber: z.string(),
      friendlyName: z.string().nullable(),
      canText: z.boolean(),
    }),
  ),
  proposals: z.array(webhookProposal),
});
export type TestConnectionResponse = z.infer<typeof testConnectionResponse>;

export const webhookType = z.enum(["global", "per_number"]);

/** Verifies, saves, reads the numbers, and points them here where nothing else is set. */
export const putTwilioConfigRequest = testConnectionRequest.extend({
  /**
   * `per_number`: each number carries the address, and services leave their texts to it;
   * `global`: services carry it themselves. Absent: as it is.
   */
  webhookType: webhookType.optional(),
  /** SIDs of numbers and services whose texts go elsewhere now and may be taken from there. */
  takeOver: z.array(z.string().max(64)).max(500).default([]),
});
export const updateTwilioConfigRequest = z.object({
  workspaceId: z.uuid(),
  webhookType: webhookType.optional(),
  /** The service to send through; null: straight from a number. */
  messagingServiceSid: z
    .string()
    .regex(/^MG[0-9a-fA-F]{32}$/)
    .nullish(),
});
export const nextAuthTokenRequest = z.object({ workspaceId: z.uuid(), authToken });
export const twilioConfig = z.object({
  isConfigured: z.boolean(),
  accountSid: z.string().nullable(),
  accountName: z.string().nullable(),
  accountType: z.enum(["Trial", "Full"]).nullable(),
  /** As Twilio said last: active, suspended or closed. */
  accountStatus: z.string().nullable(),
  authTokenLast4: z.string().nullable(),
  /** Of the token that follows when it is promoted at Twilio. */
  nextAuthTokenLast4: z.string().nullable(),
  apiKeySid: z.string().nullable(),
  apiKeySecretLast4: z.string().nullable(),
  webhookType,
  webhookUrl: z.string(),
  /** The service that texts are sent through. */
  messagingServiceSid: z.string().nullable(),
  /** True when the account is the built-in simulator's. */
  isSimulated: z.boolean(),
  numbers: z.array(twilioNumber),
  services: z.array(messagingService),
});
export type TwilioConfig = z.infer<typeof twilioConfig>;
export const connectSimulatorRequest = z.object({ workspaceId: z.uuid() });
