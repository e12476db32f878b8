import type { OptOutKeyword } from "@livechat/shared";
import * as z from "zod";
import { toStorableText } from "../platform/storable-text.ts";

/** An inbound text as Twilio reports it, cleaned of what Postgres cannot hold. */
export interface InboundText {
  accountSid: string;
  messageSid: string;
  from: string;
  to: string;
  /** May be empty: a picture alone is a text too. */
  body: string;
  media: { url: string; contentType: string }[];
  /** Only from a Messaging Service with Advanced Opt-Out. */
  optOutType: OptOutKeyword | null;
  numSegments: number | null;
}

const storable = z.string("is missing or there twice").transform(toStorableText);
const address = storable.pipe(z.string().min(1, "is empty").max(64, "is too long"));

const form = z.object({
  AccountSid: z
    .string("is missing or there twice")
    .regex(/^AC[0-9a-fA-F]{32}$/, "is no SID of an account"),
  MessageSid: z
    .string("is missing or there twice")
    .regex(/^(SM|MM)[0-9a-fA-F]{32}$/, "is no SID of a message"),
  From: address,
  To: address,
  Body: storable.default(""),
  NumMedia: z.coerce.number().int().min(0).max(10).default(0),
  NumSegments: z.coerce.number().int().min(1).max(100).nullish().catch(null),
  // An unknown or empty one must not hide a STOP in the body.
  OptOutType: storable
    .transform((word) => word.trim().toUpperCase())
    .pipe(z.enum(["STOP", "START", "HELP"]))
    .nullish()
    .catch(null),
});

/**
 * The text in a form that Twilio signed, or the reasons why it is none of ours.
 * A form without Twilio's own names for account and text can't be used at all.
 * Source: Twilio, "Twilio's request to your incoming message webhook".
 */
export function parseInboundText(
  parameters: Record<string, unknown>,
): { text: InboundText; reason: null } | { text: null; reason: string } {
  const parsed = form.safeParse(parameters);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    return { text: null, reason: `${faults.join(", ")}.` };
  }
  const values = parsed.data;
  const media: InboundText["media"] = [];
  for (let position = 0; position < values.NumMedia; position += 1) {
    const url = storable.pipe(z.url()).safeParse(parameters[`MediaUrl${position}`]);
    const contentType = storable.safeParse(parameters[`MediaContentType${position}`]);
    // One missing address must not lose the text or the other media.
    if (!url.success) continue;
    media.push({
      url: url.data,
      contentType: contentType.data ?? "application/octet-stream",
    });
  }
  return {
    text: {
      accountSid: values.AccountSid,
      messageSid: values.MessageSid,
      from: values.From,
      to: values.To,
      body: values.Body,
      media,
      optOutType: values.OptOutType ?? null,
      numSegments: values.NumSegments ?? null,
    },
    reason: null,
  };
}
