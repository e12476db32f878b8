import type { WebhookPlan, WebhookProposal, WebhookSettings } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { examineLine } from "./examine-line.ts";
import { getCredentials } from "./find-credentials.ts";
import { getWebhookType } from "./get-webhook-type.ts";
import {
  isSameSettings,
  planWebhooks,
  proposeFor,
  readNumberSettings,
  readServiceSettings,
} from "./plan-webhooks.ts";
import { openDoor, readLine, syncNumbers } from "./sync-numbers.ts";
import type { TwilioCredentials } from "./twilio-credentials.ts";
import { listWebhookChanges } from "./webhook-changes-store.ts";

/** What is set at Twilio now and what we would set, and what we changed before. Throws as `readLine` does. */
export async function getWebhookPlan(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
): Promise<WebhookPlan> {
  const credentials = await getCredentials(context, workspaceId);
  const line = await readLine(context, credentials);
  return context.database.asMember(caller.userId, async (trx) => {
    const webhookType = await getWebhookType(trx, workspaceId);
    const place = { baseUrl: context.config.baseUrl, workspaceId, webhookType };
    return {
      proposals: planWebhooks(line, place),
      changes: await listWebhookChanges(trx, workspaceId),
    };
  });
}

/**
 * Sets numbers and services at Twilio as proposed, keeps what was there before,
 * and reads each again to see that it holds. Texts that go to somebody else are
 * taken from there only where `takeOver` says so; without it nothing at all is
 * changed. Throws `conflict` then, `not_found` for what the account does not
 * have, and what Twilio's refusals throw.
 */
export async function applyWebhooks(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  { sids, takeOver }: { sids: readonly string[]; takeOver: readonly string[] },
): Promise<WebhookPlan> {
  const credentials = await getCredentials(context, workspaceId);
  const line = await readLine(context, credentials);
  const door = openDoor(context, caller);
  const webhookType = await door((trx) => getWebhookType(trx, workspaceId));
  const place = { baseUrl: context.config.baseUrl, workspaceId, webhookType };
  const wanted = sids.map((sid) => {
    const proposal = proposeFor(line, sid, place);
    if (!proposal) {
      throw new DomainError(
        "not_found",
        "This is no longer in the Twilio account. Read the numbers again.",
      );
    }
    if (proposal.isForeign && !takeOver.includes(sid)) {
      throw new DomainError(
        "conflict",
        `Texts to ${proposal.label} go to ${proposal.current.url ?? "another application"} now. Say that they may be taken from there.`,
      );
    }
    return proposal;
  });
  await setProposals(
    context,
    caller,
    workspaceId,
    credentials,
    wanted.filter(({ isSet }) => !isSet),
  );
  await syncNumbers(context, door, workspaceId, credentials);
  await examineLine(context, door, workspaceId);
  return getWebhookPlan(context, caller, workspaceId);
}

interface SetOptions {
  /** Absent: the first failure ends the work and is thrown. */
  onFailure?(error: unknown, sid: string): void;
}

/** Carries proposals out, one after the other, each with its record of what was there before. */
export async function setProposals(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  credentials: TwilioCredentials,
  proposals: readonly WebhookProposal[],
  { onFailure }: SetOptions = {},
): Promise<void> {
  for (const proposal of proposals) {
    try {
      await setOne(context, caller, workspaceId, credentials, proposal);
    } catch (error) {
      if (!onFailure) throw error;
      onFailure(error, proposal.sid);
    }
  }
}

async function setOne(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  credentials: TwilioCredentials,
  { target, sid, label, current, proposed }: WebhookProposal,
): Promise<void> {
  // Before the change: what was there must be known even if we die in between.
  const changeId = await context.database.asMember(caller.userId, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      insert into public.twilio_webhook_changes (
        workspace_id, target, target_sid, label, settings_before, settings_after, created_by
      )
      values (
        ${workspaceId}, ${target}, ${sid}, ${label.slice(0, 200)},
        ${JSON.stringify(current)}::text::jsonb, ${JSON.stringify(proposed)}::text::jsonb,
        ${caller.userId}
      )
      returning id
    `.execute(trx);
    await appendAudit(trx, workspaceId, "twilio.webhook_set", label, {
      sid,
      from: current.url,
      to: proposed.url,
    });
    return rows[0]?.id ?? "";
  });
  try {
    await writeSettings(context, credentials, { target, sid, label }, proposed);
  } catch (error) {
    await context.database.asMember(caller.userId, (trx) =>
      sql`
        update public.twilio_webhook_changes set undone_at = now()
        where workspace_id = ${workspaceId} and id = ${changeId}
      `.execute(trx),
    );
    throw error;
  }
}

/**
 * Sets a number or a service at Twilio and reads it again. Throws `conflict`
 * when something else is there afterwards, and what Twilio's refusals throw.
 */
export async function writeSettings(
  { twilio }: Context,
  credentials: TwilioCredentials,
  { target, sid, label }: Pick<WebhookProposal, "target" | "sid" | "label">,
  settings: WebhookSettings,
): Promise<void> {
  const found =
    target === "number"
      ? readNumberSettings(
          await twilio.updateNumber(credentials, sid, {
            smsUrl: settings.url ?? "",
            smsMethod: settings.method,
            smsFallbackUrl: settings.fallbackUrl ?? "",
            smsApplicationSid: settings.applicationSid ?? "",
          }),
        )
      : readServiceSettings({
          ...(await twilio.updateService(credentials, sid, {
            inboundUrl: settings.url ?? "",
            inboundMethod: settings.method,
            fallbackUrl: settings.fallbackUrl ?? "",
            usesNumberWebhook: settings.usesNumberWebhook,
          })),
          numberSids: [],
        });
  if (isSameSettings(found, settings)) return;
  throw new DomainError(
    "conflict",
    `Twilio took the change of ${label}, but has something else there now: ${found.url ?? "no address"}. Something at Twilio changes it too.`,
  );
}
