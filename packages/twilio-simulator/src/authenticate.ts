import type { Request } from "express";
import type { Account, State } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";

/**
 * The account a request may act on: HTTP Basic with its SID and Auth Token, or with one of its API
 * keys. A standard key can't read the Account itself. Anything else is 401, code 20003.
 */
export function authenticate(
  state: State,
  request: Request,
  accountSid: string,
  readsAccount = false,
): Account {
  const refused = new TwilioError(20003, "Authenticate", 401);
  const [scheme, encoded] = (request.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "basic" || !encoded) throw refused;
  const pair = Buffer.from(encoded, "base64").toString();
  const colon = pair.indexOf(":");
  const user = pair.slice(0, colon);
  const secret = pair.slice(colon + 1);
  const account = state.accounts.get(accountSid);
  if (colon < 0 || !account) throw refused;
  const key = account.apiKeys.find((each) => each.sid === user && each.secret === secret);
  const byToken = user === account.sid && secret === account.authToken;
  if (!byToken && !(key && (key.kind === "main" || !readsAccount))) throw refused;
  if (account.status !== "active" && !readsAccount) {
    throw new TwilioError(20005, "Account not active", 403);
  }
  return account;
}
