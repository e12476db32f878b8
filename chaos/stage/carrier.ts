import { createHmac, randomBytes } from "node:crypto";
import * as z from "zod";

const message = z.object({
  sid: z.string(),
  direction: z.enum(["inbound", "outbound-api", "outbound-reply"]),
  from: z.string().nullable(),
  to: z.string(),
  body: z.string(),
  status: z.string(),
  numMedia: z.number(),
  errorCode: z.number().nullable(),
  dateCreated: z.iso.datetime(),
});
const attempt = z.object({
  kind: z.enum(["inbound", "fallback", "status"]),
  messageSid: z.string(),
  status: z.number().nullable(),
  startedAt: z.iso.datetime(),
});
const presented = z.object({ sid: z.string() });

/** A text as the carrier knows it. */
export type CarrierMessage = z.infer<typeof message>;
export type WebhookAttempt = z.infer<typeof attempt>;

export type RequestFault =
  | "delay"
  | "429"
  | "500"
  | "accept-then-500"
  | "accept-then-502"
  | "accept-then-hang"
  | "accept-then-reset"
  | "malformed";

/** The simulator's own side: it alone knows what was really sent and received. */
export interface Carrier {
  origin: string;
  accountSid: string;
  authToken: string;
  numbers: readonly string[];
  /** A customer texts; resolves with the SID once the webhook is done with, whatever became of it. */
  text(text: {
    from: string;
    to: string;
    body: string;
    media?: { contentType: string; base64: string }[];
  }): Promise<string>;
  /** Everything that it took, in the order in which it took it. */
  listMessages(): Promise<CarrierMessage[]>;
  listAttempts(): Promise<WebhookAttempt[]>;
  injectFault(fault: {
    route: string;
    kind: RequestFault;
    times?: number;
    delayMs?: number;
  }): Promise<void>;
  injectCallbackFault(fault: {
    kind: "lost" | "duplicated" | "out-of-order" | "delay";
    times?: number;
    delayMs?: number;
  }): Promise<void>;
  clearFaults(): Promise<void>;
}

/** Speaks to a simulator that listens there. */
export function connectCarrier(options: {
  origin: string;
  accountSid: string;
  authToken: string;
  numbers: readonly string[];
}): Carrier {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${options.origin}/simulator/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  }
  return {
    ...options,
    text: async (text) => presented.parse(await ask("POST", "texts", text)).sid,
    listMessages: async () =>
      z.object({ messages: z.array(message) }).parse(await ask("GET", "messages")).messages,
    listAttempts: async () =>
      z.object({ attempts: z.array(attempt) }).parse(await ask("GET", "attempts")).attempts,
    injectFault: async (fault) => void (await ask("POST", "faults", fault)),
    injectCallbackFault: async (fault) => void (await ask("POST", "callback-faults", fault)),
    clearFaults: async () => void (await ask("DELETE", "faults")),
  };
}

/** A SID as Twilio makes them. */
export function createSid(prefix: "SM" | "MM" | "AC" | "ME"): string {
  return prefix + randomBytes(16).toString("hex");
}

/** Twilio's signature of a form, from its description, by none of the product's code. */
export function signForm(
  authToken: string,
  url: string,
  form: readonly (readonly [string, string])[],
): string {
  const sorted = [...form].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = url + sorted.map(([name, value]) => name + value).join("");
  return createHmac("sha1", authToken).update(Buffer.from(text, "utf8")).digest("base64");
}

/** Posts a form as Twilio does, to any address, signed for another one if that is given. */
export async function postForm(
  url: string,
  form: readonly (readonly [string, string])[],
  { authToken, signedUrl = url }: { authToken: string; signedUrl?: string },
): Promise<{ status: number; body: string }> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": signForm(authToken, signedUrl, form),
      "i-twilio-idempotency-token": crypto.randomUUID(),
    },
    body: form.map((pair) => pair.map(encodeURIComponent).join("=")).join("&"),
  });
  return { status: response.status, body: await response.text() };
}
