import { plainQuotes } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { findCredentials } from "../twilio/find-credentials.ts";
import type { CarrierMessage } from "../twilio/twilio-client.ts";
import { applyStatusReport, bindSid, replayStatuses } from "./apply-status.ts";
import type { OutboundRow } from "./messages-store.ts";

const batch = 25;
/** Clocks differ, and the carrier's has whole seconds. */
const earlierMs = 2 * 60_000;
const laterMs = 5 * 60_000;
/** Texts further apart can't both be one entry. */
const window = `${earlierMs + laterMs} milliseconds`;
/** After this, only a person's word or a late report settles it. */
const searchHours = 24;
const listLimit = 200;
// Source: Twilio, "Trial accounts".
const trialPrefix = "Sent from your Twilio trial account - ";

/**
 * Looks texts in doubt up in the carrier's own list. A text is settled only when
 * exactly one entry there can be it and no other text of ours can be that entry.
 * A workspace whose carrier does not answer is left for the next time.
 */
export async function settleUnconfirmed(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<DoubtfulRow>`
      select m.*, greatest(m.sending_since, c.gap_until) as latest from public.messages m
      left join public.workspace_twilio_config c on c.workspace_id = m.workspace_id
      where m.status = 'unconfirmed' and m.twilio_sid is null and m.sending_since is not null
        and m.sending_since > now() - make_interval(hours => ${searchHours})
      order by random() limit ${batch}
    `.execute(trx),
  );
  for (const message of rows) {
    try {
      await settleOne(context, message);
    } catch (error) {
      context.log.warn(
        { err: error, messageId: message.id },
        "a text in doubt could not be looked up",
      );
    }
  }
}

interface DoubtfulRow extends OutboundRow {
  /** When it was last on its way: of a database that was put back, until then. */
  latest: Date;
}

async function settleOne(context: Context, message: DoubtfulRow): Promise<void> {
  const credentials = await findCredentials(context, message.workspace_id);
  if (!credentials || message.to_number === null) return;
  const listed = await context.twilio.listMessages(credentials, {
    to: message.to_number,
    limit: listLimit,
  });
  faultPoint("doubt_listed");
  const candidates = listed.filter((entry) => canBe(entry, message));
  if (candidates.length === 0) return;

  await context.database.asSystem(async (trx) => {
    const sids = candidates.map(({ sid }) => sid);
    const taken = await sql<{ twilio_sid: string }>`
      select twilio_sid from public.messages
      where workspace_id = ${message.workspace_id} and twilio_sid = any (${sids}::text[])
      union all
      select twilio_sid from public.message_attempts
      where workspace_id = ${message.workspace_id} and twilio_sid = any (${sids}::text[])
    `.execute(trx);
    const takenSids = new Set(taken.rows.map((row) => row.twilio_sid));
    const [match, ...more] = candidates.filter(({ sid }) => !takenSids.has(sid));
    if (!match || more.length > 0) return;
    // Twins without an entry of their own, also one whose arrival an agent has
    // confirmed: nobody could tell whose entry it is.
    const others = await sql<{ content: string }>`
      select content from public.messages
      where workspace_id = ${message.workspace_id} and contact_id = ${message.contact_id}
        and id <> ${message.id} and direction = 'outbound' and twilio_sid is null
        and status in ('pending', 'sending', 'unconfirmed', 'sent') and attempt > 0
        and sending_since between ${message.sending_since}::timestamptz - ${window}::interval
          and ${message.latest.toISOString()}::timestamptz + ${window}::interval
    `.execute(trx);
    if (others.rows.some(({ content }) => isSameWords(content, message.content))) return;
    const bound = await bindSid(
      trx,
      { workspaceId: message.workspace_id, messageId: message.id },
      match.sid,
      message.round,
    );
    if (!bound) return;
    await replayStatuses(trx, bound, { isChanged: true });
    await applyStatusReport(trx, {
      workspaceId: message.workspace_id,
      accountSid: credentials.accountSid,
      messageSid: match.sid,
      status: match.status,
      errorCode: match.errorCode,
      errorMessage: match.errorMessage,
      payload: { source: "list" },
      messageId: null,
    });
    faultPoint("doubt_written");
  });
}

function canBe(entry: CarrierMessage, message: DoubtfulRow): boolean {
  const createdMs = entry.dateCreated.getTime();
  return (
    entry.to === message.to_number &&
    // A Messaging Service chooses its own sender.
    (entry.from === null || message.from_number === null || entry.from === message.from_number) &&
    isCarrierCopy(entry.body, message.content) &&
    createdMs >= (message.sending_since?.getTime() ?? 0) - earlierMs &&
    createdMs <= message.latest.getTime() + laterMs
  );
}

/** Whether the carrier would list a text of these words so: a trial account adds some. */
export function isCarrierCopy(listed: string, content: string): boolean {
  return isSameWords(listed, content) || isSameWords(listed, trialPrefix + content);
}

/** A service with Smart Encoding writes plain quotes. Source: Twilio, "Smart Encoding". */
function isSameWords(a: string, b: string): boolean {
  return plainQuotes(a) === plainQuotes(b);
}

/** Gives reports that came before their text was known to it. Throws what the database throws. */
export async function applyWaitingReports(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ workspace_id: string; id: string }>`
      select distinct m.workspace_id, m.id
      from public.message_status_events e
      join public.messages m
        on m.workspace_id = e.workspace_id and m.twilio_sid = e.message_sid
      where e.message_id is null and m.direction = 'outbound' limit ${batch}
    `.execute(trx),
  );
  for (const { workspace_id, id } of rows) {
    await context.database.asSystem(async (trx) => {
      const locked = await sql<OutboundRow>`
        select * from public.messages
        where workspace_id = ${workspace_id} and id = ${id} for update
      `.execute(trx);
      const [message] = locked.rows;
      if (message) await replayStatuses(trx, message, { isChanged: false });
    });
  }
}
