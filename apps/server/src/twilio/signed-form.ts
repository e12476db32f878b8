import express, { type Request, type RequestHandler } from "express";
import * as z from "zod";
import type { WebhookTarget } from "./find-webhook-target.ts";
import { type FormParameters, isSignedByTwilio } from "./verify-signature.ts";

const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const rawBodies = new WeakMap<object, Buffer>();

/** Reads Twilio's forms, names and values exactly as they are signed. */
export function readForm(): RequestHandler {
  return express.urlencoded({
    extended: false,
    limit: "64kb",
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
