import express, { type Request, type RequestHandler } from "express";
import * as z from "zod";
import type { WebhookTarget } from "./find-webhook-target.ts";
import type { Refusal } from "./note-refusal.ts";
import { type FormParameters, isSignedByTwilio } from "./verify-signature.ts";

const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const rawBodies = new WeakMap<object, Buffer>();

/** Reads Twilio's forms, names and values exactly as they are signed. */
export function readForm(): RequestHandler {
  return express.urlencoded({
    extended: false,
    // A text is small; what add-ons of the account say of it need not be.
    limit: "256kb",
    verify: (request, _, raw) => {
      rawBodies.set(request, raw);
    },
  });
}

/** The form's bytes as they came. */
export function getRawForm(request: Request): Buffer {
  return rawBodies.get(request) ?? Buffer.alloc(0);
}

/** The form's fields, or null when the request held no such form. */
export function parseForm(request: Request): FormParameters | null {
  return formBody.safeParse({ ...request.body }).data ?? null;
}

/** Whether this target's account signed the request, under the address that `baseUrl` makes of it. */
export function isSignedFor(
  target: WebhookTarget,
  request: Request,
  parameters: FormParameters,
  baseUrl: string,
): boolean {
  return (
    parameters.AccountSid === target.accountSid &&
    isSignedByTwilio(
      target.authTokens,
      request.get("x-twilio-signature"),
      baseUrl + request.originalUrl,
      parameters,
    )
  );
}

/** Whether the token that is to follow signed the request: then it was promoted at Twilio. */
export function isSignedByNext(
  target: WebhookTarget,
  request: Request,
  parameters: FormParameters,
  baseUrl: string,
): boolean {
  const { nextAuthToken } = target;
  if (nextAuthToken === null) return false;
  return isSignedFor({ ...target, authTokens: [nextAuthToken] }, request, parameters, baseUrl);
}

/** Why a webhook for this workspace was not let in, for its admins to mend. */
export function explainRefusal(
  request: Request,
  parameters: FormParameters | null,
  { accountSid, authTokens }: Pick<WebhookTarget, "accountSid" | "authTokens">,
): Refusal {
  const signature = request.get("x-twilio-signature");
  if (!signature) return { reason: "not_signed", fact: null };
  if (!parameters) return { reason: "unreadable", fact: null };
  const named = parameters.AccountSid;
  if (named !== accountSid) {
    const isSid = typeof named === "string" && /^AC[0-9a-fA-F]{32}$/.test(named);
    return { reason: "other_account", fact: isSid ? named : null };
  }
  for (const origin of listOrigins(request)) {
    if (isSignedByTwilio(authTokens, signature, origin + request.originalUrl, parameters)) {
      return { reason: "other_address", fact: origin.slice(0, 200) };
    }
  }
  return { reason: "wrong_signature", fact: null };
}

/** The addresses that the sender may have meant. They are only compared, never trusted. */
function listOrigins(request: Request): string[] {
  const hosts = [request.get("x-forwarded-host")?.split(",")[0]?.trim(), request.get("host")];
  return hosts.flatMap((host) => (host ? [`https://${host}`, `http://${host}`] : []));
}
