import type { TestConnectionRequest } from "@livechat/shared";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findCredentials } from "./find-credentials.ts";
import type { CarrierAccount } from "./line-api.ts";
import type { Line } from "./plan-webhooks.ts";
import { readLine } from "./sync-numbers.ts";
import type { TwilioCredentials } from "./twilio-credentials.ts";

/** Credentials that Twilio has accepted, and what they show. */
export interface VerifiedConnection {
  credentials: TwilioCredentials;
  account: CarrierAccount;
  line: Line;
}

/**
 * Asks Twilio whether credentials hold: the Auth Token by reading the account,
 * and the pair that is to send by reading the numbers. What the request leaves
 * out is what is kept for the same account. Saves nothing. Throws
 * `twilio_credentials_refused`, `twilio_account_inactive`, `twilio_unreachable`
 * and `invalid_request`.
 */
export async function verifyCredentials(
  context: Context,
  request: TestConnectionRequest,
): Promise<VerifiedConnection> {
  const credentials = await completeCredentials(context, request);
  const account = await context.twilio.getAccount(credentials);
  if (account.status !== "active") {
    throw new DomainError(
      "twilio_account_inactive",
      `This Twilio account is ${account.status}. Make it active in the Twilio Console first.`,
    );
  }
  return { credentials, account, line: await readLine(context, credentials) };
}

async function completeCredentials(
  context: Context,
  { workspaceId, accountSid, authToken, apiKey }: TestConnectionRequest,
): Promise<TwilioCredentials> {
  const known =
    authToken === undefined || apiKey === undefined
      ? await findCredentials(context, workspaceId)
      : null;
  const kept = known?.accountSid === accountSid ? known : null;
  const token = authToken ?? kept?.authToken;
  if (token === undefined) {
    throw new DomainError("invalid_request", "Enter the Auth Token of this account.", {
      errors: [{ path: "body.authToken", message: "is needed for this account" }],
    });
  }
  const key = apiKey === undefined ? kept?.apiKey : (apiKey ?? undefined);
  return { accountSid, authToken: token, ...(key ? { apiKey: key } : {}) };
}
