export type MessageStatus =
  | "accepted"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "undelivered"
  | "failed"
  | "canceled"
  | "received";

export type MessageDirection = "inbound" | "outbound-api" | "outbound-reply";

/** What happens to a message that the network carries to a simulated handset. */
export type PhoneCondition =
  | "reachable"
  | "unreachable"
  | "unknown"
  | "landline"
  | "filtered"
  | "failing"
  | "no-receipts";

export interface Media {
  sid: string;
  contentType: string;
  bytes: Buffer;
  dateCreated: Date;
}

export interface Message {
  sid: string;
  accountSid: string;
  messagingServiceSid: string | null;
  direction: MessageDirection;
  from: string | null;
  to: string;
  body: string;
  status: MessageStatus;
  numSegments: number;
  numMedia: number;
  media: Media[];
  mediaUrls: string[];
  errorCode: number | null;
  errorMessage: string | null;
  statusCallback: string | null;
  dateCreated: Date;
  dateUpdated: Date;
  dateSent: Date | null;
}

export interface PhoneNumber {
  sid: string;
  accountSid: string;
  phoneNumber: string;
  friendlyName: string;
  capabilities: { voice: boolean; sms: boolean; mms: boolean; fax: boolean };
  smsUrl: string;
  smsMethod: "GET" | "POST";
  smsFallbackUrl: string;
  smsFallbackMethod: "GET" | "POST";
  smsApplicationSid: string;
  statusCallback: string;
  dateCreated: Date;
  dateUpdated: Date;
}

export interface ApiKey {
  sid: string;
  secret: string;
  kind: "main" | "standard";
}

/** A Messaging Service: a pool of senders with settings of their own. */
export interface Service {
  sid: string;
  friendlyName: string;
  /** The senders in the pool, by phone number. */
  numbers: string[];
  /** Null: what comes in is neither posted nor logged, unless the numbers' own webhooks are used. */
  inboundRequestUrl: string | null;
  inboundMethod: "GET" | "POST";
  fallbackUrl: string | null;
  fallbackMethod: "GET" | "POST";
  statusCallback: string | null;
  useInboundWebhookOnNumber: boolean;
  dateCreated: Date;
  dateUpdated: Date;
}

export interface Account {
  sid: string;
  /** Signs webhooks and opens the API. */
  authToken: string;
  /** Opens the API too, and signs nothing before it is promoted. */
  secondaryAuthToken: string | null;
  friendlyName: string;
  status: "active" | "suspended" | "closed";
  type: "Trial" | "Full";
  apiKeys: ApiKey[];
  services: Map<string, Service>;
  dateCreated: Date;
}

export interface Phone {
  number: string;
  condition: PhoneCondition;
}

export interface WebhookAttempt {
  kind: "inbound" | "fallback" | "status";
  accountSid: string;
  messageSid: string;
  url: string;
  method: "GET" | "POST";
  params: Record<string, string>;
  signature: string;
  idempotencyToken: string;
  startedAt: Date;
  status: number | null;
  error: string | null;
}

/** What Twilio would show in its Debugger. */
export interface Alert {
  code: number;
  messageSid: string;
  url: string;
  at: Date;
}

export interface State {
  accounts: Map<string, Account>;
  numbers: Map<string, PhoneNumber>;
  messages: Map<string, Message>;
  phones: Map<string, Phone>;
  /** Pairs `<our number> <their number>` that Twilio blocks after STOP. */
  optOuts: Set<string>;
  attempts: WebhookAttempt[];
  alerts: Alert[];
}

/** An empty carrier. */
export function createState(): State {
  return {
    accounts: new Map(),
    numbers: new Map(),
    messages: new Map(),
    phones: new Map(),
    optOuts: new Set(),
    attempts: [],
    alerts: [],
  };
}

/** The handset of a number; it exists, reachable, from the first time it is named. */
export function phoneOf(state: State, number: string): Phone {
  const known = state.phones.get(number);
  if (known) return known;
  const phone: Phone = { number, condition: "reachable" };
  state.phones.set(number, phone);
  return phone;
}

/** The owned number with this E.164 address, in any account or in the one given. */
export function findNumber(
  state: State,
  phoneNumber: string,
  accountSid?: string,
): PhoneNumber | undefined {
  for (const number of state.numbers.values()) {
    if (number.phoneNumber !== phoneNumber) continue;
    if (accountSid === undefined || number.accountSid === accountSid) return number;
  }
  return undefined;
}

/** The Messaging Service that a number is in, if any. */
export function findServiceOf(state: State, number: PhoneNumber): Service | undefined {
  const services = state.accounts.get(number.accountSid)?.services.values() ?? [];
  for (const service of services) {
    if (service.numbers.includes(number.phoneNumber)) return service;
  }
  return undefined;
}
