import * as z from "zod";
import { describeError, explainError } from "./error-catalogue.ts";
import type { SendOutcome } from "./send-outcome.ts";

const thrown = z.object({
  status: z.number().optional().catch(undefined),
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  /** What an RFC 9457 answer says for a person; its `message` is the SDK's own. */
  detail: z.string().optional().catch(undefined),
  /** The system call that failed. */
  syscall: z.string().optional().catch(undefined),
  cause: z
    .object({ syscall: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** How a request to Twilio went wrong, without anything secret that the SDK's errors carry. */
export type Failure =
  | { kind: "answered"; status: number; errorCode: number | null; message: string }
  | { kind: "not_connected" | "broken"; reason: string };

// Nothing was written to a connection that never stood.
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
]);

/** Reads what the SDK threw: an answer of Twilio, or a connection that failed before or after it stood. */
export function readFailure(error: unknown): Failure {
  const { status, code, message, detail, syscall, cause } = thrown.safeParse(error).data ?? {};
  if (status !== undefined) {
    return {
      kind: "answered",
      status,
      errorCode: typeof code === "number" && code > 0 ? code : null,
      message: detail ?? message ?? `Twilio answered ${status}.`,
    };
  }
  const isBeforeWrite =
    syscall === "connect" ||
    cause?.syscall === "connect" ||
    (message ?? "").includes("before secure TLS connection was established");
  if (typeof code === "string" && (neverConnected.has(code) || isBeforeWrite)) {
    return { kind: "not_connected", reason: `Twilio could not be reached (${code}).` };
  }
  const reason = typeof code === "string" ? code : "unreadable answer";
  return { kind: "broken", reason: `The connection to Twilio broke (${reason}).` };
}

/** Ten hours of texts wait there, so a moment later nothing has changed. Source: Twilio error 21611. */
const queueFullRetryMs = 5 * 60_000;

/** What is wrong with the account, whatever the text. Source: Twilio's error dictionary. */
const accountErrors = new Set([10001, 20003, 20005, 20006, 20404]);

/** What is wrong, without what to do with one text: none of them has to be sent again. */
function describeRefusal(errorCode: number | null, message: string): string {
  const known = errorCode === null ? null : describeError(errorCode);
  return known?.isKnown ? known.meaning : message;
}

function isAboutAccount(status: number, errorCode: number | null): boolean {
  if (status === 401 || (errorCode !== null && accountErrors.has(errorCode))) return true;
  return status === 403 && errorCode === null;
}

/**
 * What a failed `messages.create` means for the text. Only what Twilio provably
 * did not take may be tried again. Source: Twilio errors 20003, 20429, 20500, 21611.
 */
export function classifySendFailure(error: unknown): Exclude<SendOutcome, { outcome: "accepted" }> {
  const failure = readFailure(error);
  switch (failure.kind) {
    case "not_connected":
      return { outcome: "refused", reason: failure.reason, retryAfterMs: null };
    case "broken":
      return { outcome: "unknown", reason: failure.reason };
    case "answered": {
      const { status, errorCode, message } = failure;
      if (status === 429 || errorCode === 20429) {
        return { outcome: "refused", reason: "Twilio is too busy (429).", retryAfterMs: null };
      }
      if (errorCode === 21611) {
        return { outcome: "refused", reason: message, retryAfterMs: queueFullRetryMs };
      }
      // 408 comes from between us and Twilio, so nobody knows what Twilio saw.
      if (status < 400 || status >= 500 || status === 408) {
        return { outcome: "unknown", reason: `Twilio answered ${status}.` };
      }
      if (isAboutAccount(status, errorCode)) {
        return {
          outcome: "account_refused",
          errorCode,
          reason: describeRefusal(errorCode, message),
        };
      }
      return { outcome: "rejected", errorCode, errorMessage: explainError(errorCode, message) };
    }
    default:
      return failure satisfies never;
  }
}
