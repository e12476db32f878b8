import type { Problem, ProblemCode } from "@livechat/shared";
import { DomainError } from "../errors.ts";
import { findSqlState } from "../platform/sql-state.ts";

const kinds: Record<ProblemCode, { status: number; title: string }> = {
  invalid_request: { status: 400, title: "The request is wrong" },
  not_authenticated: { status: 401, title: "Not signed in" },
  token_expired: { status: 401, title: "The session has expired" },
  forbidden: { status: 403, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  workspace_not_found: { status: 404, title: "Workspace not found" },
  contact_not_found: { status: 404, title: "Contact not found" },
  message_not_found: { status: 404, title: "Message not found" },
  contact_field_not_found: { status: 404, title: "Field not found" },
  note_not_found: { status: 404, title: "Note not found" },
  tag_not_found: { status: 404, title: "Tag not found" },
  tag_name_taken: { status: 409, title: "The tag's name is taken" },
  conflict: { status: 409, title: "In conflict with what is there" },
  signup_closed: { status: 403, title: "Sign-up is by invitation" },
  invite_invalid: { status: 404, title: "The invitation is not valid" },
  contact_opted_out: { status: 409, title: "The contact has opted out" },
  contact_blocked: { status: 409, title: "The contact is blocked" },
  contact_not_textable: { status: 409, title: "The contact can't be texted" },
  contact_is_landline: { status: 409, title: "The number is a landline" },
  sender_not_usable: { status: 409, title: "The sender can't be used" },
  sender_without_media: { status: 409, title: "The sender can't carry files" },
  schedule_invalid: { status: 422, title: "The time can't be scheduled" },
  phone_number_taken: { status: 409, title: "The phone number is taken" },
  saved_view_not_found: { status: 404, title: "There is no such saved view" },
  canned_reply_not_found: { status: 404, title: "There is no such canned reply" },
  shortcut_taken: { status: 409, title: "The shortcut is taken" },
  twilio_not_connected: { status: 409, title: "Twilio is not connected" },
  twilio_credentials_refused: { status: 422, title: "Twilio refused the credentials" },
  twilio_account_inactive: { status: 422, title: "The Twilio account is not active" },
  twilio_unreachable: { status: 502, title: "Twilio can't be reached" },
  no_sender_number: { status: 409, title: "There is no number to send from" },
  message_empty: { status: 422, title: "The message is empty" },
  message_too_long: { status: 422, title: "The message is too long" },
  media_too_large: { status: 413, title: "The file is too large" },
  media_type_unsupported: { status: 415, title: "This type of file can't be sent" },
  too_many_media: { status: 422, title: "Too many files" },
  signature_invalid: { status: 403, title: "The signature is not valid" },
  resync_required: { status: 410, title: "Load everything anew" },
  rate_limited: { status: 429, title: "Too many requests" },
  payload_too_large: { status: 413, title: "The request is too large" },
  unavailable: { status: 503, title: "Not available at the moment" },
  internal: { status: 500, title: "Something went wrong on our side" },
};

/**
 * What a client is told of this error: a reason to branch on and words for a
 * person. An error that is not a DomainError tells nothing of its inside.
 */
export function presentProblem(error: unknown, requestId?: string): Problem {
  const known = toDomainError(error);
  const { status, title } = kinds[known.code];
  return {
    type: `urn:livechat:problem:${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.detail,
    ...(requestId ? { requestId } : {}),
    ...(known.facts.errors ? { errors: known.facts.errors } : {}),
    ...(known.facts.carrierError ? { carrierError: known.facts.carrierError } : {}),
  };
}

/** The refusal that this error amounts to; `internal` when nobody foresaw it. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return (
    fromHttpError(error) ??
    fromDatabaseError(error) ??
    new DomainError("internal", "The request failed. Try again; if it stays, tell the operator.", {
      cause: error,
    })
  );
}

// Express and its body parsers tell what is wrong by `status` and `type`.
function fromHttpError(error: unknown): DomainError | null {
  if (!(error instanceof Error)) return null;
  const status = "status" in error ? error.status : undefined;
  if (typeof status !== "number" || status < 400 || status > 499) return null;
  if (status === 413) {
    return new DomainError("payload_too_large", "Send less at once.", { cause: error });
  }
  const type = "type" in error ? error.type : undefined;
  const detail =
    type === "entity.parse.failed"
      ? "The body is not valid JSON."
      : "The request can't be read: check its address, its headers and its body.";
  return new DomainError("invalid_request", detail, { cause: error });
}

function fromDatabaseError(error: unknown): DomainError | null {
  const state = findSqlState(error);
  if (!state) return null;
  if (state === "42501") {
    return new DomainError("forbidden", "You are not allowed to do that.", { cause: error });
  }
  if (state === "23505" || state === "23503") {
    return new DomainError("conflict", "It is in conflict with what is there already.", {
      cause: error,
    });
  }
  if (/^22[0-9A-Z]{3}$/.test(state) || state === "23514" || state === "23502") {
    return new DomainError("invalid_request", "A value can't be stored as it is.", {
      cause: error,
    });
  }
  if (/^(08|40|53|57)[0-9A-Z]{3}$/.test(state) || connectionErrors.has(state)) {
    return new DomainError("unavailable", "The database can't answer now. Try again shortly.", {
      cause: error,
    });
  }
  return null;
}

const connectionErrors = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE"]);
