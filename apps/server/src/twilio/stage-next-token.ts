import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getCredentials } from "./find-credentials.ts";
import { authTokenNames } from "./find-webhook-target.ts";
import { putSecret, removeSecret } from "./workspace-secrets.ts";

/**
 * Keeps the account's secondary Auth Token beside the current one, once Twilio
 * has accepted it: from then on webhooks that either of them signed are let in.
 * Throws `conflict` for the token that is used already, and what Twilio's
 * refusals throw.
 */
export async function stageNextToken(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  authToken: string,
): Promise<void> {
  const { accountSid, authToken: current } = await getCredentials(context, workspaceId);
  if (authToken === current) {
    throw new DomainError("conflict", "This is the Auth Token that is used already.");
  }
  await context.twilio.getAccount({ accountSid, authToken });
  const [, name] = authTokenNames;
  await context.database.asMember(caller.userId, async (trx) => {
    await putSecret(trx, context.keys, { workspaceId, name }, authToken);
    await sql`
      update public.workspace_twilio_config set next_auth_token_last4 = ${authToken.slice(-4)}
      where workspace_id = ${workspaceId}
    `.execute(trx);
    await appendAudit(trx, workspaceId, "twilio.next_token_kept", accountSid);
  });
}

/** Forgets the token that was to follow. */
export async function dropNextToken(
  { database }: Context,
  caller: { userId: string },
  workspaceId: string,
): Promise<void> {
  const [, name] = authTokenNames;
  await database.asMember(caller.userId, async (trx) => {
    await removeSecret(trx, { workspaceId, name });
    await sql`
      update public.workspace_twilio_config set next_auth_token_last4 = null
      where workspace_id = ${workspaceId}
    `.execute(trx);
    await appendAudit(trx, workspaceId, "twilio.next_token_dropped", null);
  });
}
