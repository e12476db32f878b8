import type { TestConnectionRequest, TwilioConfig } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import { dispatchWaiting } from "../messages/dispatch-message.ts";
import type { Tables } from "../platform/database.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { setProposals } from "./apply-webhooks.ts";
import { examineLine } from "./examine-line.ts";
import { apiKeySecretName, findCredentials } from "./find-credentials.ts";
import { authTokenNames } from "./find-webhook-target.ts";
import { getTwilioConfig } from "./get-twilio-config.ts";
import { replaceLine } from "./numbers-store.ts";
import { planWebhooks } from "./plan-webhooks.ts";
import { openDoor, syncNumbers } from "./sync-numbers.ts";
import type { TwilioCredentials } from "./twilio-credentials.ts";
import { type VerifiedConnection, verifyCredentials } from "./verify-credentials.ts";
import { buildWebhookUrl } from "./webhook-urls.ts";
import { putSecret, removeSecret } from "./workspace-secrets.ts";

interface ConnectOptions extends TestConnectionRequest {
  webhookType?: TwilioConfig["webhookType"] | undefined;
  /** SIDs whose texts may be taken from somebody else; `everything` in our own simulator. */
  takeOver: readonly string[] | "everything";
}

/**
 * Connects a workspace to an account, or gives it other credentials: asks Twilio
 * whether they hold, seals them, reads the numbers, and points those here that
 * point nowhere or are to be taken over. Nothing is saved when Twilio says no.
 * Of an account that stays the same, webhooks that the old token signed are
 * still let in for a while; texts that waited for good credentials go out at once.
 * Throws as {@link verifyCredentials} does.
 */
export async function connectTwilio(
  context: Context,
  caller: { userId: string },
  { takeOver, webhookType, ...request }: ConnectOptions,
): Promise<TwilioConfig> {
  const { workspaceId } = request;
  const verified = await verifyCredentials(context, request);
  const before = await findCredentials(context, workspaceId).catch(() => null);
  const door = openDoor(context, caller);
  const type = await door(async (trx) => {
    const keepsNext = await saveSecrets(trx, context, workspaceId, verified.credentials, before);
    const saved = await saveConfig(trx, context, workspaceId, verified, { webhookType, keepsNext });
    await replaceLine(trx, workspaceId, verified.line);
    await appendAudit(
      trx,
      workspaceId,
      "twilio.connected",
      verified.credentials.accountSid,
      describeChange(verified, before),
    );
    return saved;
  });
  dispatchWaiting(context, workspaceId);
  const place = { baseUrl: context.config.baseUrl, workspaceId, webhookType: type };
  const wanted = planWebhooks(verified.line, place).filter(
    ({ isSet, isForeign, sid }) =>
      !isSet && (!isForeign || takeOver === "everything" || takeOver.includes(sid)),
  );
  await setProposals(context, caller, workspaceId, verified.credentials, wanted, {
    // One number must not keep the others from working.
    onFailure: (error, sid) =>
      context.log.warn({ err: error, workspaceId, sid }, "a webhook could not be set"),
  });
  if (wanted.length > 0) await syncNumbers(context, door, workspaceId, verified.credentials);
  await examineLine(context, door, workspaceId);
  return getTwilioConfig(context, caller, workspaceId);
}

/** Returns whether a token that is to follow still does. */
async function saveSecrets(
  trx: Transaction<Tables>,
  { keys }: Context,
  workspaceId: string,
  { accountSid, authToken, apiKey }: TwilioCredentials,
  before: TwilioCredentials | null,
): Promise<boolean> {
  const [name, nextName, previousName] = authTokenNames;
  await putSecret(trx, keys, { workspaceId, name }, authToken);
  const isSameAccount = before?.accountSid === accountSid;
  // What signed for another account must not sign for this one.
  if (!isSameAccount) await removeSecret(trx, { workspaceId, name: previousName });
  else if (before.authToken !== authToken) {
    await putSecret(trx, keys, { workspaceId, name: previousName }, before.authToken);
  }
  const keepsNext = isSameAccount && before.nextAuthToken !== authToken;
  if (!keepsNext) await removeSecret(trx, { workspaceId, name: nextName });
  if (apiKey) await putSecret(trx, keys, { workspaceId, name: apiKeySecretName }, apiKey.secret);
  else await removeSecret(trx, { workspaceId, name: apiKeySecretName });
  return keepsNext;
}

async function saveConfig(
  trx: Transaction<Tables>,
  { config }: Context,
  workspaceId: string,
  { credentials: { accountSid, authToken, apiKey }, account }: VerifiedConnection,
  {
    webhookType,
    keepsNext,
  }: { webhookType: TwilioConfig["webhookType"] | undefined; keepsNext: boolean },
): Promise<TwilioConfig["webhookType"]> {
  const { rows } = await sql<{ webhook_type: TwilioConfig["webhookType"] }>`
    insert into public.workspace_twilio_config as c (
      workspace_id, account_sid, account_name, account_type, account_status, auth_token_last4,
      api_key_sid, api_key_secret_last4, webhook_url, webhook_type, is_configured
    )
    values (
      ${workspaceId}, ${accountSid}, ${account.name}, ${account.type}, ${account.status},
      ${authToken.slice(-4)}, ${apiKey?.sid ?? null}, ${apiKey?.secret.slice(-4) ?? null},
      ${buildWebhookUrl(config.baseUrl, workspaceId)}, ${webhookType ?? "per_number"}, true
    )
    on conflict (workspace_id) do update set
      account_sid = excluded.account_sid,
      account_name = excluded.account_name,
      account_type = excluded.account_type,
      account_status = excluded.account_status,
      auth_token_last4 = excluded.auth_token_last4,
      next_auth_token_last4 = case when ${keepsNext}::boolean then c.next_auth_token_last4 end,
      api_key_sid = excluded.api_key_sid,
      api_key_secret_last4 = excluded.api_key_secret_last4,
      webhook_url = excluded.webhook_url,
      webhook_type = coalesce(${webhookType ?? null}::text, c.webhook_type),
      is_configured = true
    returning webhook_type
  `.execute(trx);
  return rows[0]?.webhook_type ?? "per_number";
}

function describeChange(
  { credentials: { accountSid, authToken, apiKey }, account }: VerifiedConnection,
  before: TwilioCredentials | null,
): Record<string, string | null> {
  return {
    accountType: account.type,
    authToken: authToken === before?.authToken ? "kept" : "replaced",
    apiKey: apiKey?.sid ?? null,
    formerAccount: before && before.accountSid !== accountSid ? before.accountSid : null,
  };
}
