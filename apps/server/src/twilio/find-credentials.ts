import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findWebhookTarget } from "./find-webhook-target.ts";
import type { TwilioCredentials } from "./twilio-client.ts";

/** How to act for a workspace at Twilio; null when it is not connected. Throws SecretUnreadableError. */
export async function findCredentials(
  { database, keys }: Pick<Context, "database" | "keys">,
  workspaceId: string,
): Promise<TwilioCredentials | null> {
  const target = await findWebhookTarget(database, keys, workspaceId);
  const [authToken] = target?.authTokens ?? [];
  return target && authToken ? { accountSid: target.accountSid, authToken } : null;
}

/** As {@link findCredentials}, but throws `twilio_not_connected` instead of null. */
export async function getCredentials(
  context: Pick<Context, "database" | "keys">,
  workspaceId: string,
): Promise<TwilioCredentials> {
  const credentials = await findCredentials(context, workspaceId);
  if (credentials) return credentials;
  throw new DomainError("twilio_not_connected", "Connect Twilio in the settings first.");
}
