import type { LineReport, RefusedWebhook } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findSimulator } from "../simulator/start-simulator.ts";
import { findCredentials } from "./find-credentials.ts";
import { judgeLine, type Known, type Outcome } from "./judge-line.ts";
import type { CarrierAccount } from "./line-api.ts";
import { keepFindings } from "./line-health.ts";
import type { Line } from "./plan-webhooks.ts";
import { promoteNextToken } from "./promote-next-token.ts";
import { type Door, readLine } from "./sync-numbers.ts";
import type { TwilioCredentials } from "./twilio-credentials.ts";
import { listWebhookChanges } from "./webhook-changes-store.ts";

/**
 * Looks at the phone line at Twilio and here, says what is right and what is
 * wrong, and keeps how many problems there are. Changes nothing at Twilio; a
 * next Auth Token that Twilio has promoted is promoted here too. Throws
 * `twilio_not_connected` and what the database throws; what Twilio refuses is a
 * finding.
 */
export async function examineLine(
  context: Context,
  door: Door,
  workspaceId: string,
): Promise<LineReport> {
  let credentials = await findCredentials(context, workspaceId);
  if (!credentials) {
    throw new DomainError("twilio_not_connected", "Connect Twilio in the settings first.");
  }
  let account = await ask(() => context.twilio.getAccount(credentials as TwilioCredentials));
  if (isRefused(account) && credentials.nextAuthToken !== undefined) {
    const { accountSid, nextAuthToken } = credentials;
    const next = await ask(() =>
      context.twilio.getAccount({ accountSid, authToken: nextAuthToken }),
    );
    if (next.value) {
      await promoteNextToken(context, door, workspaceId, "examination");
      credentials = (await findCredentials(context, workspaceId)) ?? credentials;
      account = next;
    }
  }
  const line = await readWithEither(context, credentials, account);
  const known = await readKnown(context, door, workspaceId, credentials);
  const report = judgeLine({ account, line, known });
  await door(async (trx) => {
    if (account.value) {
      const { name, type, status } = account.value;
      await sql`
        update public.workspace_twilio_config
        set account_name = ${name}, account_type = ${type}, account_status = ${status}
        where workspace_id = ${workspaceId}
          and (account_name, account_type, account_status)
            is distinct from (${name}::text, ${type}::text, ${status}::text)
      `.execute(trx);
    }
    await keepFindings(trx, workspaceId, report);
  });
  return report;
}

function isRefused(outcome: Outcome<unknown>): boolean {
  return outcome.error?.code === "twilio_credentials_refused";
}

/** The line as the pair that sends sees it; where a key is refused, as the Auth Token does. */
async function readWithEither(
  context: Context,
  credentials: TwilioCredentials,
  account: Outcome<CarrierAccount>,
): Promise<{ line: Outcome<Line>; apiKey: Outcome<true> | null }> {
  const line = await ask(() => readLine(context, credentials));
  if (!credentials.apiKey) return { line, apiKey: null };
  const apiKey: Outcome<true> = line.error ? { error: line.error } : { value: true };
  if (!isRefused(line) || !account.value) return { line, apiKey };
  const { accountSid, authToken } = credentials;
  return { line: await ask(() => readLine(context, { accountSid, authToken })), apiKey };
}

async function ask<T>(request: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await request() };
  } catch (error) {
    if (error instanceof DomainError) return { error };
    throw error;
  }
}

interface ConfigRow {
  webhook_type: Known["webhookType"];
  messaging_service_sid: string | null;
  next_auth_token_last4: string | null;
  last_webhook_at: Date | null;
}

async function readKnown(
  { config, database }: Context,
  door: Door,
  workspaceId: string,
  { accountSid }: TwilioCredentials,
): Promise<Known> {
  // Not inside the transaction: it may ask the database itself.
  const isSimulated = (await findSimulator(database)?.recognise(accountSid)) ?? false;
  return door(async (trx) => {
    const configs = await sql<ConfigRow>`
      select c.webhook_type, c.next_auth_token_last4, c.last_webhook_at,
        case when s.default_sender like 'MG%' then s.default_sender end as messaging_service_sid
      from public.workspace_twilio_config c
      left join public.workspace_sending s on s.workspace_id = c.workspace_id
      where c.workspace_id = ${workspaceId}
    `.execute(trx);
    const numbers = await sql<{
      twilio_sid: string;
      phone_number: string;
      friendly_name: string | null;
      last_webhook_at: Date | null;
    }>`
      select twilio_sid, phone_number, friendly_name, last_webhook_at
      from public.twilio_numbers where workspace_id = ${workspaceId}
      order by created_at, phone_number
    `.execute(trx);
    const refused = await sql<{
      kind: RefusedWebhook["kind"];
      reason: RefusedWebhook["reason"];
      fact: string | null;
      times: string | number;
      last_at: Date;
    }>`
      select kind, reason, fact, times, last_at
      from public.refused_webhooks where workspace_id = ${workspaceId}
      order by last_at desc
    `.execute(trx);
    const [row] = configs.rows;
    return {
      workspaceId,
      baseUrl: config.baseUrl,
      isCarrierLocal: isSimulated || config.twilioApiUrl !== null,
      webhookType: row?.webhook_type ?? "per_number",
      messagingServiceSid: row?.messaging_service_sid ?? null,
      nextAuthTokenLast4: row?.next_auth_token_last4 ?? null,
      lastWebhookAt: row?.last_webhook_at ?? null,
      numbers: numbers.rows.map((number) => ({
        sid: number.twilio_sid,
        phoneNumber: number.phone_number,
        friendlyName: number.friendly_name,
        lastWebhookAt: number.last_webhook_at,
      })),
      refused: refused.rows.map((each) => ({
        kind: each.kind,
        reason: each.reason,
        fact: each.fact,
        times: Number(each.times),
        lastAt: each.last_at,
      })),
      changes: await listWebhookChanges(trx, workspaceId),
    };
  });
}
