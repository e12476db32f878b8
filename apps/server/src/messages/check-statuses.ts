import { sql } from "kysely";
import type { Context } from "../context.ts";
import { findCredentials } from "../twilio/find-credentials.ts";
import { isCut, readSpans } from "../twilio/read-spans.ts";
import type { TwilioCredentials } from "../twilio/twilio-client.ts";
import { applyCarrierRecord } from "./apply-carrier-record.ts";

/** So few that a sweep ends in time even if the carrier is slow. */
const batch = 25;
// Source: Twilio, "Outbound message logging": ask after 12 hours without a final state.
const quietHours = 12;
const againHours = 24;
/** Many carriers never report a delivery: then the text stays "sent", and nobody asks any more. */
const givenUpDays = 4;
const reconcileSeconds = 30 * 60;
const reconcileDays = 3;
const wideReconcileHours = 24;
/** A price may come late; after this, a text without one stays without. */
const wideReconcileDays = 14;
const workspacesAtATime = 5;

interface Unsettled {
  workspace_id: string;
  id: string;
  twilio_sid: string;
}

/**
 * Asks the carrier about texts whose reports contradict each other, and about
 * those without a final state after 12 hours: once a day, and no more after four
 * days. A workspace whose carrier does not answer is left for the next time.
 */
export async function checkStatuses(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<Unsettled>`
      select workspace_id, id, twilio_sid from public.messages
      where direction = 'outbound' and twilio_sid is not null and (
        needs_check or (
          status in ('queued', 'sent')
          and created_at < now() - make_interval(hours => ${quietHours})
          and coalesce(sending_since, created_at) < now() - make_interval(hours => ${quietHours})
          and coalesce(sending_since, created_at) > now() - make_interval(days => ${givenUpDays})
          and coalesce(status_checked_at, '-infinity')
            < now() - make_interval(hours => ${againHours})
        )
      )
      order by needs_check desc, status_checked_at nulls first, created_at
      limit ${batch}
    `.execute(trx),
  );
  for (const [workspaceId, texts] of Map.groupBy(rows, (row) => row.workspace_id)) {
    try {
      const credentials = await findCredentials(context, workspaceId);
      if (!credentials) continue;
      for (const text of texts) await checkOne(context, credentials, text);
    } catch (error) {
      context.log.warn({ err: error, workspaceId }, "the carrier could not be asked about texts");
    }
  }
}

async function checkOne(
  context: Context,
  credentials: TwilioCredentials,
  { workspace_id: workspaceId, id, twilio_sid: messageSid }: Unsettled,
): Promise<void> {
  const record = await context.twilio.getMessage(credentials, messageSid);
  await context.database.asSystem(async (trx) => {
    // A text that was deleted there has nothing more to say.
    await sql`
      update public.messages set status_checked_at = now(), needs_check = ${record !== null} and needs_check
      where workspace_id = ${workspaceId} and id = ${id}
    `.execute(trx);
    if (!record) return;
    await applyCarrierRecord(trx, { workspaceId, accountSid: credentials.accountSid }, record);
  });
}

/**
 * Reads the carrier's list of what was sent of late, every half hour for each
 * workspace that lacks something: prices, segments, senders, and states whose
 * reports were lost; once a day further back. A workspace whose carrier does not
 * answer is left for the next time.
 */
export async function reconcileSent(context: Context): Promise<void> {
  const seconds = reconcileSeconds * (0.8 + 0.2 * Math.random());
  const { rows } = await context.database.asSystem((trx) =>
    // Moved on before the work, so that no other server begins it too.
    sql<{ workspace_id: string; is_wide: boolean }>`
      update public.workspace_twilio_config c
      set reconcile_due_at = now() + make_interval(secs => ${seconds}::double precision),
        wide_reconcile_due_at = case
          when due.is_wide then now() + make_interval(hours => ${wideReconcileHours})
          else c.wide_reconcile_due_at
        end
      from (
        select workspace_id, wide_reconcile_due_at <= now() as is_wide
        from public.workspace_twilio_config
        where is_configured and reconcile_due_at <= now()
        order by reconcile_due_at limit ${workspacesAtATime}
        for update skip locked
      ) due
      where c.workspace_id = due.workspace_id
      returning c.workspace_id, due.is_wide
    `.execute(trx),
  );
  for (const { workspace_id: workspaceId, is_wide: isWide } of rows) {
    try {
      const days = isWide ? wideReconcileDays : reconcileDays;
      await reconcileWorkspace(context, workspaceId, days);
    } catch (error) {
      context.log.warn({ err: error, workspaceId }, "sent texts could not be reconciled");
      if (isWide) await repeatWide(context, workspaceId);
    }
  }
}

async function repeatWide({ database }: Context, workspaceId: string): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config set wide_reconcile_due_at = now()
      where workspace_id = ${workspaceId}
    `.execute(trx),
  );
}

async function reconcileWorkspace(
  context: Context,
  workspaceId: string,
  days: number,
): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ since: Date | null; now: Date }>`
      select min(coalesce(sending_since, created_at)) as since, now() as now
      from public.messages
      where workspace_id = ${workspaceId} and direction = 'outbound' and twilio_sid is not null
        and created_at > now() - make_interval(days => ${days})
        and coalesce(sending_since, created_at) < now() - interval '2 minutes'
        and (
          status in ('queued', 'sent')
          or (price is null and status in ('delivered', 'undelivered'))
        )
    `.execute(trx),
  );
  const [place] = rows;
  const credentials = place?.since ? await findCredentials(context, workspaceId) : null;
  if (!place?.since || !credentials) return;
  const spans = readSpans({ since: place.since, until: place.now }, async (bounds) => {
    const listed = await context.twilio.listMessages(credentials, bounds);
    return isCut(listed, bounds) ? null : listed;
  });
  for await (const { texts } of spans) {
    const sids = texts.map(({ sid }) => sid);
    const lacking = await findLacking(context, workspaceId, sids);
    for (const record of texts) {
      if (!lacking.has(record.sid)) continue;
      await context.database.asSystem((trx) =>
        applyCarrierRecord(trx, { workspaceId, accountSid: credentials.accountSid }, record),
      );
    }
  }
}

async function findLacking(
  { database }: Context,
  workspaceId: string,
  sids: string[],
): Promise<Set<string>> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ twilio_sid: string }>`
      select twilio_sid from public.messages
      where workspace_id = ${workspaceId} and twilio_sid = any (${sids}::text[])
        and (
          status in ('queued', 'sent') or price is null or num_segments is null
          or from_number is null
        )
    `.execute(trx),
  );
  return new Set(rows.map((row) => row.twilio_sid));
}
