import type { CarrierError, ProblemCode } from "@livechat/shared";

/** Facts beside the code that a caller needs to mend the request. */
export interface ProblemFacts {
  errors?: { path: string; message: string }[];
  retryAfterSeconds?: number;
  /** What Twilio said, without anything secret. */
  carrierError?: CarrierError;
  cause?: unknown;
}

/**
 * A refusal with a reason that clients branch on. `detail` says what happened
 * and what to do, for a person; it never tells what another workspace holds.
 */
export class DomainError extends Error {
  override name = "DomainError";
  readonly code: ProblemCode;
  readonly detail: string;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, detail: string, facts: ProblemFacts = {}) {
    super(`${code}: ${detail}`, { cause: facts.cause });
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }
}
