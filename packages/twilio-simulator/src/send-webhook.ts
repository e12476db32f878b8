import { randomUUID } from "node:crypto";
import twilio from "twilio";
import type { Carrier } from "./carrier.ts";
import { type ConnectionOverrides, readConnectionOverrides } from "./connection-overrides.ts";
import type { WebhookAttempt } from "./state.ts";

export interface WebhookCall {
  kind: WebhookAttempt["kind"];
  accountSid: string;
  messageSid: string;
  url: string;
  method: "GET" | "POST";
  params: Record<string, string>;
}

export type WebhookAnswer =
  | { outcome: "answered"; status: number; contentType: string; body: string }
  | { outcome: "connect-failed" | "timed-out"; error: string };

const maxAttemptsKept = 5_000;

const CONNECT_FAILURES = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Requests an application's webhook as Twilio does: form-encoded, signed with the account's Auth
 * Token over the URL without fragment or credentials, retried only as the URL's fragment says.
 * Never throws; every attempt is kept in the state.
 */
export async function sendWebhook(carrier: Carrier, call: WebhookCall): Promise<WebhookAnswer> {
  const overrides = readConnectionOverrides(call.url);
  const idempotencyToken = randomUUID();
  const deadline = Date.now() + overrides.totalMs;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await requestOnce(carrier, call, overrides, idempotencyToken, deadline);
    const again = attempt < overrides.retries && Date.now() < deadline && !carrier.closed;
    if (!again || !isRetried(answer, overrides.policy)) return answer;
  }
}

function isRetried(answer: WebhookAnswer, policy: Set<string>): boolean {
  switch (answer.outcome) {
    case "connect-failed":
      return policy.has("ct") || policy.has("all");
    case "timed-out":
      return policy.has("rt") || policy.has("all");
    case "answered": {
      if (answer.status < 400) return false;
      return policy.has("all") || policy.has(answer.status < 500 ? "4xx" : "5xx");
    }
    default: {
      const never: never = answer;
      return never;
    }
  }
}

async function requestOnce(
  carrier: Carrier,
  call: WebhookCall,
  overrides: ConnectionOverrides,
  idempotencyToken: string,
  deadline: number,
): Promise<WebhookAnswer> {
  const credentials = /^(https?:\/\/)([^/?@]*)@/i.exec(overrides.url);
  let url = credentials ? overrides.url.replace(`${credentials[2]}@`, "") : overrides.url;
  if (call.method === "GET") {
    url += (url.includes("?") ? "&" : "?") + new URLSearchParams(call.params).toString();
  }
  const signed = call.method === "GET" ? {} : call.params;
  const token = carrier.state.accounts.get(call.accountSid)?.authToken ?? "";
  const signature = twilio.getExpectedTwilioSignature(token, url, signed);
  const record: WebhookAttempt = {
    ...call,
    url,
    signature,
    idempotencyToken,
    startedAt: new Date(),
    status: null,
    error: null,
  };
  carrier.state.attempts.push(record);
  if (carrier.state.attempts.length > maxAttemptsKept) carrier.state.attempts.shift();
  const headers: Record<string, string> = {
    "X-Twilio-Signature": signature,
    "I-Twilio-Idempotency-Token": idempotencyToken,
    "User-Agent": "TwilioProxy/1.1",
    Accept: "*/*",
  };
  if (credentials?.[2] !== undefined) {
    headers.Authorization = `Basic ${Buffer.from(decodeURIComponent(credentials[2])).toString("base64")}`;
  }
  if (call.method === "POST") {
    headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8";
  }
  const patience = Math.max(1, Math.min(overrides.readMs, deadline - Date.now()));
  try {
    const response = await fetch(carrier.reach(url), {
      method: call.method,
      headers,
      body: call.method === "POST" ? new URLSearchParams(call.params).toString() : null,
      signal: AbortSignal.any([AbortSignal.timeout(patience), carrier.closing]),
    });
    record.status = response.status;
    const body = await response.text();
    const contentType = response.headers.get("content-type") ?? "";
    return { outcome: "answered", status: response.status, contentType, body };
  } catch (thrown) {
    const reason = failureReason(thrown);
    record.error = reason;
    return {
      outcome: CONNECT_FAILURES.has(reason) ? "connect-failed" : "timed-out",
      error: reason,
    };
  }
}

function failureReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return thrown.name === "TypeError" ? thrown.message : thrown.name;
}
