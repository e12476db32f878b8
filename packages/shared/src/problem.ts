import * as z from "zod";
import { carrierError } from "./phone-line.ts";

/** Every reason a request can be refused for. Stable: clients branch on it. */
export const problemCode = z.enum([
  "invalid_request",
  "not_authenticated",
  "token_expired",
  "forbidden",
  "not_found",
  "workspace_not_found",
  "contact_not_found",
  "message_not_found",
  "note_not_found",
  "tag_not_found",
  "tag_name_taken",
  "contact_field_not_found",
  "conflict",
  "signup_closed",
  "invite_invalid",
  "contact_opted_out",
  "contact_blocked",
  "contact_not_textable",
  "contact_is_landline",
  "sender_not_usable",
  "sender_without_media",
  "schedule_invalid",
  "phone_number_taken",
  "canned_reply_not_found",
  "saved_view_not_found",
  "shortcut_taken",
  "twilio_not_connected",
  "twilio_credentials_refused",
  "twilio_account_inactive",
  "twilio_unreachable",
  "no_sender_number",
  "message_empty",
  "message_too_long",
  "media_too_large",
  "media_type_unsupported",
  "too_many_media",
  "signature_invalid",
  "resync_required",
  "rate_limited",
  "payload_too_large",
  "unavailable",
  "internal",
]);
export type ProblemCode = z.infer<typeof problemCode>;

/** The body of every refusal, as `application/problem+json` (RFC 9457). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: problemCode,
  /** What happened here and what to do about it, for a person. */
  detail: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** What Twilio said, when it was Twilio that refused. */
  carrierError: carrierError.optional(),
});
export type Problem = z.infer<typeof problem>;
