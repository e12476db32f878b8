import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getCredentials } from "./find-credentials.ts";
import { authTokenNames, findWebhookTarget } from "./find-webhook-target.ts";
import type { Door } from "./sync-numbers.ts";
import { putSecret, removeSecret } from "./workspace-secrets.ts";

/**
 * Makes the token that was to follow the current one, as it was promoted at
 * Twilio; what the old one signed is still let in for a while. Does nothing when
 * there is none. `how` goes into the audit log.
 */
export async function promoteNextToken(
  { database, keys }: Pick<Context, "database" | "keys">,
  door: Door,
  workspaceId: string,
  how: "webhook" | "examination" | "person",
): Promise<void> {
  const target = await findWebhookTarget(database, keys, workspaceId);
  const [current] = target?.authTokens ?? [];
  const next = target?.nextAuthToken;
  if (!target || current === undefined || !next) return;
  const [name, nextName, previousName] = authTokenNames;
  await door(async (trx) => {
    // Of several servers that notice it, one does it.
    const { rows } = await sql`
      update public.workspace_twilio_config
      set auth_token_last4 = ${next.slice(-4)}, next_auth_token_last4 = null
      where workspace_id = ${workspaceId} and account_sid = ${target.accountSid}
        and next_auth_token_last4 is not null
      returning workspace_id
    `.execute(trx);
    if (rows.length === 0) return;
    await putSecret(trx, keys, { workspaceId, name }, next);
    await putSecret(trx, keys, { workspaceId, name: previousName }, current);
    await removeSecret(trx, { workspaceId, name: nextName });
    await appendAudit(trx, workspaceId, "twilio.token_promoted", target.accountSid, { how });
  });
}

/**
 * As {@link promoteNextToken}, on a person's word, which Twilio is asked about:
 * a token that it has replaced opens nothing any more. Throws `conflict` when
 * there is no token to follow, or the old one still holds.
 */
export async function promoteOnRequest(
  context: Context,
  door: Door,
  workspaceId: string,
): Promise<void> {
  const { accountSid, authToken, nextAuthToken } = await getCredentials(context, workspaceId);
  if (nextAuthToken === undefined) {
    throw new DomainError("conflict", "There is no next Auth Token. Enter it first.");
  }
  await context.twilio.getAccount({ accountSid, authToken: nextAuthToken });
  const isOldAccepted = await context.twilio.getAccount({ accountSid, authToken }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof DomainError && error.code === "twilio_credentials_refused") return false;
      throw error;
    },
  );
  if (isOldAccepted) {
    throw new DomainError(
      "conflict",
      "Twilio still takes the old Auth Token, so the new one is not promoted there yet. Promote it in the Twilio Console first.",
    );
  }
  await promoteNextToken(context, door, workspaceId, "person");
}
