import * as z from "zod";
import { toStorableText } from "../platform/storable-text.ts";

/** What Twilio says of one of our texts, cleaned of what Postgres cannot hold. */
export interface TwilioStatusReport {
  accountSid: string;
  messageSid: string;
  status: string;
  errorCode: number | null;
  errorMessage: string | null;
  payload: Record<string, string>;
}

const storable = z.string().transform(toStorableText);

const form = z.object({
  AccountSid: z.string().regex(/^AC[0-9a-fA-F]{32}$/),
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/),
  MessageStatus: storable.pipe(z.string().min(1).max(50)),
  ErrorCode: z.coerce.number().int().min(1).max(2_147_483_647).nullish().catch(null),
  ErrorMessage: storable.nullish().catch(null),
});

/**
 * The report in a form that Twilio signed, or null when it is none that we can
 * use. Source: Twilio, "Track outbound message status".
 */
export function parseStatusReport(parameters: Record<string, unknown>): TwilioStatusReport | null {
  const parsed = form.safeParse(parameters);
  if (!parsed.success) return null;
  const values = parsed.data;
  const payload: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const text = storable.safeParse(Array.isArray(value) ? value.join(",") : value);
    if (text.success) payload[storable.parse(name)] = text.data;
  }
  return {
    accountSid: values.AccountSid,
    messageSid: values.MessageSid,
    status: values.MessageStatus,
    errorCode: values.ErrorCode ?? null,
    errorMessage: values.ErrorMessage || null,
    payload,
  };
}
