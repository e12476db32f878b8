import { newSid } from "./sid.ts";
import type { ApiKey, State } from "./state.ts";

export interface AccountOptions {
  sid: string;
  authToken: string;
  friendlyName?: string;
  type?: "Trial" | "Full";
  status?: "active" | "suspended" | "closed";
  apiKeys?: ApiKey[];
  /** Messaging Services: SID to the sender numbers in it. */
  services?: Record<string, string[]>;
  numbers?: {
    phoneNumber: string;
    sid?: string;
    friendlyName?: string;
    smsUrl?: string;
    smsFallbackUrl?: string;
    sms?: boolean;
  }[];
}

/** Opens an account with its numbers. An account of the same SID is replaced. */
export function addAccount(state: State, options: AccountOptions): void {
  const now = new Date();
  state.accounts.set(options.sid, {
    sid: options.sid,
    authToken: options.authToken,
    friendlyName: options.friendlyName ?? "Simulated account",
    status: options.status ?? "active",
    type: options.type ?? "Full",
    apiKeys: options.apiKeys ?? [],
    services: new Map(Object.entries(options.services ?? {})),
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
      smsMethod: "POST",
      smsFallbackUrl: number.smsFallbackUrl ?? "",
      smsFallbackMethod: "POST",
      smsApplicationSid: "",
      statusCallback: "",
      dateCreated: now,
      dateUpdated: now,
    });
  }
}
