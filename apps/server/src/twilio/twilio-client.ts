import twilio from "twilio";
import { DomainError } from "../errors.ts";
import { classifySendFailure, type Failure, readFailure } from "./classify-send-failure.ts";
import { createLineApi, type LineApi } from "./line-api.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { getCredentialPair, type TwilioCredentials } from "./twilio-credentials.ts";

export type { TwilioCredentials } from "./twilio-credentials.ts";

export interface CarrierMessage {
  sid: string;
  direction: "inbound" | "outbound";
  /** False for what came in, and for what Twilio itself answered. */
  isFromApi: boolean;
  /** Twilio's own word, see `parseTwilioStatus`. */
  status: string;
  from: string | null;
  to: string;
  body: string;
  numMedia: number;
  /** Null until the carrier has counted them. */
  numSegments: number | null;
  /** What it cost, a positive decimal number; null until the carrier has said so. */
  price: string | null;
  /** Three letters, such as "USD". */
  priceUnit: string | null;
  dateCreated: Date;
  errorCode: number | null;
  errorMessage: string | null;
}

/** Twilio's REST API as far as we use it; the only place that knows the SDK. */
export interface TwilioGateway extends LineApi {
  /** One attempt, never repeated by the SDK. Does not throw. */
  sendMessage(
    credentials: TwilioCredentials,
    text: {
      from: string | null;
      /** Chooses the sender itself; then `from` is null. */
      messagingServiceSid?: string | null;
      to: string;
      body: string;
      mediaUrls: string[];
      statusCallback: string;
    },
  ): Promise<SendOutcome>;
  /** The newest first, both bounds included; all of them without a limit. Throws as `getAccount` does. */
  listMessages(
    credentials: TwilioCredentials,
    filter: { to?: string; from?: string; sentAfter?: Date; sentBefore?: Date; limit?: number },
  ): Promise<CarrierMessage[]>;
  /** One text as the carrier has it now; null when it has it no more. Throws as `getAccount` does. */
  getMessage(credentials: TwilioCredentials, messageSid: string): Promise<CarrierMessage | null>;
  /** The files of a text and where the API has them. Throws as `listMessages` does. */
  listMedia(
    credentials: TwilioCredentials,
    messageSid: string,
  ): Promise<{ url: string; contentType: string }[]>;
  /** Whether real carriers stand behind this account, which limit how fast each sender sends. */
  isLimited(accountSid: string): boolean | Promise<boolean>;
  /** The API's origin for this account: Twilio's, or the simulator's. */
  apiOrigin(accountSid: string): string | Promise<string>;
}

const twilioOrigin = "https://api.twilio.com";
const timeoutMs = 15_000;
const connection = { timeout: timeoutMs, keepAlive: true, maxSockets: 100, autoRetry: false };

type RequestOptions<T> = Parameters<typeof twilio.RequestClient.prototype.request<T>>[0];

/** The SDK's own client, led to another origin: the one seam that all of its domains share. */
class RedirectedClient extends twilio.RequestClient {
  readonly #origin: string;

  constructor(origin: string) {
    super(connection);
    this.#origin = origin;
  }

  override request<T>(options: RequestOptions<T>) {
    const url = new URL(options.uri);
    return super.request<T>({ ...options, uri: this.#origin + url.pathname + url.search });
  }
}

interface GatewayOptions {
  simulatorOrigin: string | null;
  isSimulated(accountSid: string): boolean | Promise<boolean>;
  /** Where Twilio's API is asked instead of at Twilio. */
  apiUrl?: string | null;
}

/** Twilio's API through its own SDK; accounts for which `isSimulated` holds go to the simulator. */
export function createTwilioGateway({
  simulatorOrigin,
  isSimulated,
  apiUrl = null,
}: GatewayOptions): TwilioGateway {
  const real =
    apiUrl === null ? new twilio.RequestClient(connection) : new RedirectedClient(apiUrl);
  const simulated = simulatorOrigin === null ? null : new RedirectedClient(simulatorOrigin);

  async function connect(credentials: TwilioCredentials): Promise<twilio.Twilio> {
    const { accountSid } = credentials;
    const { username, password } = getCredentialPair(credentials);
    // The SDK would silently take credentials from the environment instead.
    if (!accountSid || !username || !password) throw new Error("Twilio's credentials are empty.");
    const httpClient = simulated && (await isSimulated(accountSid)) ? simulated : real;
    return twilio(username, password, { accountSid, httpClient });
  }

  return {
    ...createLineApi(connect, ask),
    sendMessage: async (
      credentials,
      { from, messagingServiceSid, to, body, mediaUrls, statusCallback },
    ) => {
      let client: twilio.Twilio;
      let successor: twilio.Twilio | null;
      try {
        client = await connect(credentials);
        successor = await connectSuccessor(connect, credentials);
      } catch {
        // Nothing has left yet, so trying again is safe.
        return { outcome: "refused", reason: "The account could not be read.", retryAfterMs: null };
      }
      try {
        const text = {
          ...(messagingServiceSid ? { messagingServiceSid } : { from: from ?? "" }),
          to,
          body,
          statusCallback,
          ...(mediaUrls.length > 0 ? { mediaUrl: mediaUrls } : {}),
        };
        const message = await client.messages.create(text).catch((error: unknown) => {
          // Who is refused at the door has left nothing there.
          if (successor && isRefusedAtDoor(error)) return successor.messages.create(text);
          throw error;
        });
        if (!/^(SM|MM)[0-9a-fA-F]{32}$/.test(message.sid)) {
          return { outcome: "unknown", reason: "Twilio's answer could not be read." };
        }
        return {
          outcome: "accepted",
          sid: message.sid,
          status: message.status,
          numSegments: readSegments(message.numSegments),
        };
      } catch (error) {
        return classifySendFailure(error);
      }
    },
    listMessages: async (credentials, { to, from, sentAfter, sentBefore, limit }) => {
      const client = await connect(credentials);
      const messages = await ask(() =>
        client.messages.list({
          ...(limit === undefined ? {} : { limit }),
          pageSize: Math.min(limit ?? 1000, 1000),
          ...(to ? { to } : {}),
          ...(from ? { from } : {}),
          ...(sentAfter ? { dateSentAfter: sentAfter } : {}),
          ...(sentBefore ? { dateSentBefore: sentBefore } : {}),
        }),
      );
      return messages.map(readMessage);
    },
    getMessage: async (credentials, messageSid) => {
      const client = await connect(credentials);
      return ask(async () => {
        try {
          return readMessage(await client.messages(messageSid).fetch());
        } catch (error) {
          const failure = readFailure(error);
          if (failure.kind === "answered" && failure.status === 404) return null;
          throw error;
        }
      });
    },
    listMedia: async (credentials, messageSid) => {
      const client = await connect(credentials);
      const media = await ask(() => client.messages(messageSid).media.list({ limit: 10 }));
      const folder = `/2010-04-01/Accounts/${credentials.accountSid}/Messages/${messageSid}/Media`;
      return media.map(({ sid, contentType }) => ({
        url: `${twilioOrigin}${folder}/${sid}`,
        contentType,
      }));
    },
    isLimited: async (accountSid) => apiUrl === null && !(await isSimulated(accountSid)),
    apiOrigin: async (accountSid) =>
      simulatorOrigin !== null && (await isSimulated(accountSid))
        ? simulatorOrigin
        : (apiUrl ?? twilioOrigin),
  };
}

type ListedMessage = Awaited<ReturnType<ReturnType<typeof twilio>["messages"]["list"]>>[number];

function readMessage(message: ListedMessage): CarrierMessage {
  const unit = message.priceUnit?.toUpperCase() ?? "";
  return {
    sid: message.sid,
    status: message.status,
    from: message.from || null,
    to: message.to,
    // Null once the account's owner has removed it.
    body: message.body ?? "",
    direction: message.direction === "inbound" ? "inbound" : "outbound",
    isFromApi: message.direction === "outbound-api",
    numMedia: Number.parseInt(message.numMedia, 10) || 0,
    numSegments: readSegments(message.numSegments),
    // Twilio writes what it takes from the balance as a negative number.
    price: /^-?\d{1,6}(\.\d{1,6})?$/.test(message.price ?? "")
      ? (message.price?.replace("-", "") ?? null)
      : null,
    priceUnit: /^[A-Z]{3}$/.test(unit) ? unit : null,
    dateCreated: message.dateCreated,
    errorCode: message.errorCode || null,
    errorMessage: message.errorMessage || null,
  };
}

/** "0" until a Messaging Service has chosen the sender. */
function readSegments(count: string): number | null {
  return Number.parseInt(count, 10) || null;
}

/** With the token that follows, where there is one and the account's own token is used. */
async function connectSuccessor(
  connect: (credentials: TwilioCredentials) => Promise<twilio.Twilio>,
  { accountSid, nextAuthToken, apiKey }: TwilioCredentials,
): Promise<twilio.Twilio | null> {
  if (apiKey || nextAuthToken === undefined) return null;
  return connect({ accountSid, authToken: nextAuthToken });
}

function isRefusedAtDoor(error: unknown): boolean {
  const failure = readFailure(error);
  return failure.kind === "answered" && failure.status === 401;
}

/** Runs a request of the SDK. Throws DomainErrors that hold what Twilio said, and no credentials. */
async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const failure = readFailure(error);
    // The SDK's error holds the Authorization header, so it is never passed on as a cause.
    if (failure.kind !== "answered") {
      throw new DomainError("twilio_unreachable", `${failure.reason} Try again in a moment.`);
    }
    throw toRefusal(failure);
  }
}

/** Source: Twilio errors 20003, 20005, 10001, 20404. */
function toRefusal(failure: Extract<Failure, { kind: "answered" }>): DomainError {
  const { status, errorCode, message } = failure;
  const carrierError = {
    code: errorCode,
    message,
    url: errorCode === null ? null : `https://www.twilio.com/docs/errors/${errorCode}`,
  };
  const named = errorCode === null ? `${status}` : `${status}, error ${errorCode}`;
  if (errorCode === 20005 || errorCode === 10001) {
    return new DomainError(
      "twilio_account_inactive",
      `This Twilio account is not active (${named}). Look at its state in the Twilio Console.`,
      { carrierError },
    );
  }
  if ([401, 403, 404].includes(status)) {
    return new DomainError(
      "twilio_credentials_refused",
      `Twilio does not accept these credentials (${named}). Copy the SID and its secret again from the Twilio Console, both from the same account.`,
      { carrierError },
    );
  }
  return new DomainError("twilio_unreachable", `Twilio answered ${named}. Try again in a moment.`, {
    carrierError,
  });
}
