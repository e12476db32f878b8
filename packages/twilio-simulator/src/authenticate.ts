import type { Request } from "express";
import type { Account, State } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";

/** How much of the API a request asks for: only a main key or an Auth Token reads the Account itself. */
export type Scope = "resource" | "account";

/**
 * The account a request may act on: HTTP Basic with its SID and an Auth Token, or with one of its
 * API keys; without `accountSid` in the path, the one that the credentials name. A standard key
 * reads neither the Account nor its tokens. Anything else is 401, code 20003. An account that is
 * not active shows itself and does nothing more.
 */
export function authenticate(
  state: State,
  request: Request,
  accountSid: string | null,
  scope: Scope = "resource",
): Account {
  const refused = new TwilioError(20003, "Authenticate", 401);
  const [scheme, encoded] = (request.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "basic" || !encoded) throw refused;
  const pair = Buffer.from(encoded, "base64").toString();
  const colon = pair.indexOf(":");
  const user = pair.slice(0, colon);
  const secret = pair.slice(colon + 1);
  const account = accountSid === null ? findByUser(state, user) : state.accounts.get(accountSid);
  if (colon < 0 || !account || secret === "") throw refused;
  const key = account.apiKeys.find((each) => each.sid === user && each.secret === secret);
  const byToken =
    user === account.sid && (secret === account.authToken || secret === account.secondaryAuthToken);
  if (!byToken && !(key && (key.kind === "main" || scope === "resource"))) throw refused;
  if (account.status !== "active" && scope === "resource") {
    throw new TwilioError(20005, "Account not active", 403);
  }
  return account;
}

function findByUser(state: State, user: string): Account | undefined {
  for (const account of state.accounts.values()) {
    if (account.sid === user || account.apiKeys.some((key) => key.sid === user)) return account;
  }
  return undefined;
}
