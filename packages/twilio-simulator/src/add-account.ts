import { newSid } from "./sid.ts";
import type { ApiKey, Service, State } from "./state.ts";

export type ServiceOptions = Partial<Omit<Service, "sid" | "dateCreated" | "dateUpdated">>;

export interface AccountOptions {
  sid: string;
  authToken: string;
  friendlyName?: string;
  type?: "Trial" | "Full";
  status?: "active" | "suspended" | "closed";
  apiKeys?: ApiKey[];
  /** Messaging Services by SID: the sender numbers in it, which keep their own webhooks, or all of it. */
  services?: Record<string, string[] | ServiceOptions>;
  numbers?: {
    phoneNumber: string;
    sid?: string;
    friendlyName?: string;
    smsUrl?: string;
    smsMethod?: "GET" | "POST";
    smsFallbackUrl?: string;
    smsApplicationSid?: string;
    sms?: boolean;
  }[];
}

/** Opens an account with its numbers. An account of the same SID is replaced. */
export function addAccount(state: State, options: AccountOptions): void {
  const now = new Date();
  state.accounts.set(options.sid, {
    sid: options.sid,
    authToken: options.authToken,
    secondaryAuthToken: null,
    friendlyName: options.friendlyName ?? "Simulated account",
    status: options.status ?? "active",
    type: options.type ?? "Full",
    apiKeys: options.apiKeys ?? [],
    services: new Map(
      Object.entries(options.services ?? {}).map(([sid, service]) => [
        sid,
        buildService(sid, service, now),
      ]),
    ),
    dateCreated: now,
  });
  for (const number of options.numbers ?? []) {
    const sid = number.sid ?? newSid("PN");
    const sms = number.sms ?? true;
    state.numbers.set(sid, {
      sid,
      accountSid: options.sid,
      phoneNumber: number.phoneNumber,
      friendlyName: number.friendlyName ?? number.phoneNumber,
      capabilities: { voice: true, sms, mms: sms, fax: false },
      smsUrl: number.smsUrl ?? "",
      smsMethod: number.smsMethod ?? "POST",
      smsFallbackUrl: number.smsFallbackUrl ?? "",
      smsFallbackMethod: "POST",
      smsApplicationSid: number.smsApplicationSid ?? "",
      statusCallback: "",
      dateCreated: now,
      dateUpdated: now,
    });
  }
}

function buildService(sid: string, options: string[] | ServiceOptions, now: Date): Service {
  const given = Array.isArray(options)
    ? { numbers: options, useInboundWebhookOnNumber: true }
    : options;
  return {
    sid,
    friendlyName: "Simulated service",
    numbers: [],
    inboundRequestUrl: null,
    inboundMethod: "POST",
    fallbackUrl: null,
    fallbackMethod: "POST",
    statusCallback: null,
    useInboundWebhookOnNumber: false,
    dateCreated: now,
    dateUpdated: now,
    ...given,
  };
}
