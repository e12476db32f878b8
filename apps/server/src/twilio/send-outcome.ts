/**
 * What became of an attempt to send. `refused` was provably not taken and may be
 * tried again after `retryAfterMs`; `account_refused` neither, because Twilio
 * refuses everything of this account until a person mends it; `unknown` may have been taken and must not be
 * tried again without a person's word; `rejected` never will be.
 */
export type SendOutcome =
  | { outcome: "accepted"; sid: string; status: string; numSegments: number | null }
  | { outcome: "refused"; reason: string; retryAfterMs: number | null }
  | { outcome: "account_refused"; errorCode: number | null; reason: string }
  | { outcome: "unknown"; reason: string }
  | { outcome: "rejected"; errorCode: number | null; errorMessage: string };
