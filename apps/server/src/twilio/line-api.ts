import type twilio from "twilio";
import * as z from "zod";
import { DomainError } from "../errors.ts";
import type { TwilioCredentials } from "./twilio-credentials.ts";

/** An account as Twilio shows it to its own Auth Token. */
export interface CarrierAccount {
  name: string;
  type: "Trial" | "Full";
  /** active, suspended or closed. */
  status: string;
}

export interface CarrierNumber {
  sid: string;
  phoneNumber: string;
  friendlyName: string | null;
  capabilities: Capabilities;
  /** Empty where nothing is set, as the other addresses. */
  smsUrl: string;
  smsMethod: "GET" | "POST";
  smsFallbackUrl: string;
  /** Not empty: the addresses of the number are ignored. */
  smsApplicationSid: string;
}

/** What a Messaging Service does with a text to one of its numbers. */
export interface CarrierService {
  sid: string;
  name: string;
  /** Null: nothing is taken in, unless the numbers' own webhooks are used. */
  inboundUrl: string | null;
  inboundMethod: "GET" | "POST";
  fallbackUrl: string | null;
  usesNumberWebhook: boolean;
  /** SIDs of the numbers in it. */
  numberSids: string[];
}

/** The settings of a number that we may set; what is absent stays. An empty text clears. */
export interface NumberUpdate {
  smsUrl: string;
  smsMethod: "GET" | "POST";
  smsFallbackUrl: string;
  smsApplicationSid: string;
}

/** The settings of a service that we may set. */
export interface ServiceUpdate {
  inboundUrl: string;
  inboundMethod: "GET" | "POST";
  fallbackUrl: string;
  usesNumberWebhook: boolean;
}

/** Of Twilio's API what a phone line is made of: the account, its numbers and its services. */
export interface LineApi {
  /**
   * The account, asked with its Auth Token even where there is a key: a key may
   * not read it, and the token has to hold too. Throws DomainError
   * `twilio_credentials_refused`, `twilio_account_inactive` or `twilio_unreachable`.
   */
  getAccount(credentials: TwilioCredentials): Promise<CarrierAccount>;
  /** Throws as `getAccount` does. */
  listNumbers(credentials: TwilioCredentials): Promise<CarrierNumber[]>;
  /** Changes a number and returns it as it then is. Throws as `getAccount` does, and `not_found` when it is gone. */
  updateNumber(
    credentials: TwilioCredentials,
    sid: string,
    update: NumberUpdate,
  ): Promise<CarrierNumber>;
  /** The Messaging Services, with the numbers in each. Throws as `getAccount` does. */
  listServices(credentials: TwilioCredentials): Promise<CarrierService[]>;
  /** Changes a service and returns it as it then is, but for its numbers. Throws as `updateNumber` does. */
  updateService(
    credentials: TwilioCredentials,
    sid: string,
    update: ServiceUpdate,
  ): Promise<Omit<CarrierService, "numberSids">>;
}

interface Capabilities {
  sms: boolean;
  mms: boolean;
  voice: boolean;
}

type Connect = (credentials: TwilioCredentials) => Promise<twilio.Twilio>;
type Ask = <T>(request: () => Promise<T>) => Promise<T>;

/** The part of the gateway that reads and sets the phone line. */
export function createLineApi(connect: Connect, ask: Ask): LineApi {
  const askFor = async <T>(what: string, request: () => Promise<T>): Promise<T> => {
    try {
      return await ask(request);
    } catch (error) {
      if (!(error instanceof DomainError) || error.facts.carrierError?.code !== 20404) throw error;
      throw new DomainError(
        "not_found",
        `This ${what} is no longer in the Twilio account. Read the numbers again.`,
        error.facts,
      );
    }
  };
  return {
    getAccount: async ({ accountSid, authToken }) => {
      const client = await connect({ accountSid, authToken });
      const account = await ask(() => client.api.v2010.accounts(accountSid).fetch());
      return {
        name: account.friendlyName,
        type: account.type === "Trial" ? "Trial" : "Full",
        status: account.status,
      };
    },
    listNumbers: async (credentials) => {
      const client = await connect(credentials);
      const numbers = await ask(() =>
        client.incomingPhoneNumbers.list({ pageSize: 200, limit: 5000 }),
      );
      return numbers.map(readNumber);
    },
    updateNumber: async (credentials, sid, update) => {
      const client = await connect(credentials);
      const resource = client.incomingPhoneNumbers(sid);
      await askFor("number", () => resource.update({ ...update, smsFallbackMethod: "POST" }));
      // Read again: what was answered to the change is not proof of it.
      return readNumber(await ask(() => resource.fetch()));
    },
    listServices: async (credentials) => {
      const client = await connect(credentials);
      const services = await ask(() =>
        client.messaging.v1.services.list({ pageSize: 100, limit: maxServices }),
      );
      const read: CarrierService[] = [];
      for (const service of services) {
        const members = await ask(() =>
          client.messaging.v1
            .services(service.sid)
            .phoneNumbers.list({ pageSize: 400, limit: 5000 }),
        );
        read.push({ ...readService(service), numberSids: members.map(({ sid }) => sid) });
      }
      return read;
    },
    updateService: async (credentials, sid, update) => {
      const client = await connect(credentials);
      const resource = client.messaging.v1.services(sid);
      await askFor("service", () =>
        resource.update({
          inboundRequestUrl: update.inboundUrl,
          inboundMethod: update.inboundMethod,
          fallbackUrl: update.fallbackUrl,
          fallbackMethod: "POST",
          useInboundWebhookOnNumber: update.usesNumberWebhook,
        }),
      );
      return readService(await ask(() => resource.fetch()));
    },
  };
}

/** More services than any account has in earnest: each costs a request of its own. */
const maxServices = 200;

type SdkService = Awaited<ReturnType<twilio.Twilio["messaging"]["v1"]["services"]["list"]>>[number];

function readService(service: SdkService): Omit<CarrierService, "numberSids"> {
  return {
    sid: service.sid,
    name: service.friendlyName || service.sid,
    inboundUrl: service.inboundRequestUrl || null,
    inboundMethod: readMethod(service.inboundMethod),
    fallbackUrl: service.fallbackUrl || null,
    usesNumberWebhook: service.useInboundWebhookOnNumber === true,
  };
}

type SdkNumber = Awaited<ReturnType<twilio.Twilio["incomingPhoneNumbers"]["list"]>>[number];

function readNumber(number: SdkNumber): CarrierNumber {
  return {
    sid: number.sid,
    phoneNumber: number.phoneNumber,
    friendlyName: number.friendlyName || null,
    capabilities: readCapabilities(number.capabilities),
    smsUrl: number.smsUrl ?? "",
    smsMethod: readMethod(number.smsMethod),
    smsFallbackUrl: number.smsFallbackUrl ?? "",
    smsApplicationSid: number.smsApplicationSid ?? "",
  };
}

function readMethod(method: string | null | undefined): "GET" | "POST" {
  return method?.toUpperCase() === "GET" ? "GET" : "POST";
}

const flags = z.record(z.string(), z.unknown());

/** What a number can do. Twilio has written the names in small and in capital letters. */
export function readCapabilities(raw: unknown): Capabilities {
  const named = Object.entries(flags.safeParse(raw).data ?? {});
  const has = (name: string) =>
    named.some(([key, value]) => key.toLowerCase() === name && value === true);
  return { sms: has("sms"), mms: has("mms"), voice: has("voice") };
}
