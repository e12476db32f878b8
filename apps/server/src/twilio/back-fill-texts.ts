import { sql } from "kysely";
import type { Context } from "../context.ts";
import { receiveText } from "../messages/receive-text.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { getCredentials } from "./find-credentials.ts";
import { parseInboundText } from "./parse-inbound-text.ts";
import { explainUnstorable } from "./process-receipt.ts";
import { isUnstorable, quarantineReceipt } from "./quarantine-receipt.ts";
import { isCut, readSpans } from "./read-spans.ts";
import { type Gap, recoverSentTexts } from "./recover-sent-texts.ts";
import type { CarrierMessage, TwilioCredentials } from "./twilio-client.ts";

/** A text may enter the carrier's list late, and clocks differ. */
const overlapMs = 10 * 60_000;
/** So many failures in a row are no longer the fault of single texts. */
const maxFailuresInRow = 5;

interface BackFillOptions {
  /** Ends the work at the next text; what was stored stays, and the rest comes next time. */
  signal?: AbortSignal;
  /** How many texts of one number are read at a time. */
  limit?: number;
  /** How far to look back at least, also behind the mark. */
  lookBackMs?: number;
}

/**
 * Stores the received texts that the carrier has of a workspace's numbers and we
 * have not, the oldest first, each once and at its own time; none from before
 * the workspace was connected. Returns how many. A text that can't be stored now
 * is passed over and tried again the next time. Throws `twilio_not_connected`,
 * `twilio_credentials_refused`, `twilio_unreachable`, and what the database throws.
 */
export async function backFillTexts(
  context: Context,
  workspaceId: string,
  { signal, limit, lookBackMs = 0 }: BackFillOptions = {},
): Promise<number> {
  const credentials = await getCredentials(context, workspaceId);
  const place = await readPlace(context, workspaceId, credentials);
  const { mark, connectedAt, now, numbers } = place;
  const since = new Date(
    Math.max(
      connectedAt.getTime(),
      Math.min((mark?.getTime() ?? 0) - overlapMs, now.getTime() - lookBackMs),
    ),
  );
  let stored = 0;
  let isWhole = true;
  if (numbers.length === 0) return stored;
  const spans = readSpans({ since, until: now, ...(limit ? { limit } : {}) }, async (bounds) => {
    const texts = await listReceived(context, credentials, numbers, bounds);
    faultPoint("back_fill_listed");
    return texts;
  });
  for await (const { texts, until } of spans) {
    const span = await storeSpan(context, workspaceId, credentials, {
      texts: texts.filter(({ dateCreated }) => dateCreated >= connectedAt),
      signal,
    });
    stored += span.stored;
    isWhole &&= span.isWhole;
    if (signal?.aborted) return stored;
    if (isWhole) await moveMark(context, workspaceId, credentials, until);
    faultPoint("back_fill_mark_moved");
  }
  await recoverGap(context, workspaceId, credentials, place, signal);
  return stored;
}

/** What went out meanwhile, after what came in: a customer who wrote first is known by then. */
async function recoverGap(
  context: Context,
  workspaceId: string,
  credentials: TwilioCredentials,
  { gap, numbers, now }: Place,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!gap) return;
  const work = { credentials, numbers, gap, now, signal };
  const recovered = await recoverSentTexts(context, workspaceId, work);
  if (recovered > 0) {
    context.log.warn({ workspaceId, recovered }, "texts that went out before a restore are here");
  }
}

interface Place {
  /** Everything until then is here. */
  mark: Date | null;
  connectedAt: Date;
  now: Date;
  /** Those whose texts come to this workspace. */
  numbers: string[];
  /** Where this database was put back from a copy, the time that it knows nothing of. */
  gap: Gap | null;
}

async function readPlace(
  { database }: Context,
  workspaceId: string,
  { accountSid }: TwilioCredentials,
): Promise<Place> {
  const { rows } = await database.asSystem((trx) =>
    sql<{
      connected_at: Date;
      back_filled_until: Date | null;
      gap_from: Date | null;
      gap_until: Date | null;
      now: Date;
      numbers: string[];
    }>`
      select c.connected_at, c.back_filled_until, now() as now,
        greatest(c.gap_from, c.connected_at) as gap_from, c.gap_until, array(
        select n.phone_number from public.twilio_numbers n
        left join public.twilio_services s
          on s.workspace_id = n.workspace_id and s.service_sid = n.messaging_service_sid
        cross join lateral (
          -- A service's own address takes the place of its numbers'.
          select case
            when s.uses_number_webhook is false then s.inbound_url else n.sms_url
          end as url
        ) posted
        where n.workspace_id = c.workspace_id and (
          coalesce(posted.url, '') = ''
          -- Whatever our public address was then; never another workspace's.
          or split_part(posted.url, '#', 1) like '%/api/twilio/webhook/' || c.workspace_id::text
          or (
            split_part(posted.url, '#', 1) like '%/api/twilio/webhook'
            -- The one that the webhook would choose.
            and not exists (
              select from public.twilio_numbers o
              join public.workspace_twilio_config oc on oc.workspace_id = o.workspace_id
              where o.phone_number = n.phone_number and oc.account_sid = c.account_sid
                and oc.is_configured
                and (oc.created_at, oc.workspace_id) < (c.created_at, c.workspace_id)
            )
          )
        )
        order by n.phone_number
      ) as numbers
      from public.workspace_twilio_config c
      where c.workspace_id = ${workspaceId} and c.is_configured and c.account_sid = ${accountSid}
    `.execute(trx),
  );
  const [row] = rows;
  // It was taken away or changed a moment ago.
  if (!row)
    return { mark: null, connectedAt: new Date(), now: new Date(0), numbers: [], gap: null };
  // The carrier's times have whole seconds.
  const connectedAt = new Date(Math.floor(row.connected_at.getTime() / 1000) * 1000);
  return {
    mark: row.back_filled_until,
    connectedAt,
    now: row.now,
    numbers: row.numbers,
    gap: row.gap_from && row.gap_until ? { from: row.gap_from, until: row.gap_until } : null,
  };
}

/** The received texts of a span, the oldest first; null when there are too many to hold. */
async function listReceived(
  { twilio }: Context,
  credentials: TwilioCredentials,
  numbers: readonly string[],
  bounds: { sentAfter: Date; sentBefore?: Date; limit?: number },
): Promise<CarrierMessage[] | null> {
  const texts: CarrierMessage[] = [];
  for (const to of numbers) {
    const listed = await twilio.listMessages(credentials, { ...bounds, to });
    if (isCut(listed, bounds)) return null;
    texts.push(
      ...listed
        .filter(({ direction, status }) => direction === "inbound" && status !== "receiving")
        .reverse(),
    );
  }
  return texts.sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime());
}

async function storeSpan(
  context: Context,
  workspaceId: string,
  credentials: TwilioCredentials,
  { texts, signal }: { texts: readonly CarrierMessage[]; signal: AbortSignal | undefined },
): Promise<{ stored: number; isWhole: boolean }> {
  const known = await findKnown(context, workspaceId, credentials, texts);
  const result = { stored: 0, isWhole: true };
  let failuresInRow = 0;
  let last: { second: number; place: number } = { second: 0, place: 0 };
  const lastOfSender = new Map<string, number>();
  for (const text of texts) {
    const second = text.dateCreated.getTime();
    last = { second, place: second === last.second ? last.place + 1 : 0 };
    const sender = `${text.from} ${text.to}`;
    if (known.has(text.sid)) {
      const knownAtMs = known.get(text.sid)?.getTime() ?? 0;
      lastOfSender.set(sender, Math.max(knownAtMs, lastOfSender.get(sender) ?? 0));
      continue;
    }
    if (signal?.aborted) break;
    // Texts of one second keep their order, and none goes before one that is here already: our
    // times have fractions of the second, and our clock may be ahead.
    const receivedAt = new Date(
      Math.max(second + Math.min(last.place, 999), (lastOfSender.get(sender) ?? 0) + 1),
    );
    lastOfSender.set(sender, receivedAt.getTime());
    try {
      if (await storeText(context, workspaceId, credentials, text, receivedAt)) result.stored += 1;
      faultPoint("back_fill_text_stored");
      failuresInRow = 0;
    } catch (error) {
      failuresInRow += 1;
      if (failuresInRow >= maxFailuresInRow) throw error;
      result.isWhole = false;
      context.log.warn(
        { err: error, workspaceId, messageSid: text.sid },
        "a text that was missed could not be stored yet",
      );
    }
  }
  return result;
}

/** The texts that are here already, and when they came; null for one that is kept aside. */
async function findKnown(
  { database }: Context,
  workspaceId: string,
  { accountSid }: TwilioCredentials,
  texts: readonly CarrierMessage[],
): Promise<Map<string, Date | null>> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ message_sid: string; created_at: Date | null }>`
      select r.message_sid, m.created_at from public.webhook_receipts r
      left join public.messages m
        on m.workspace_id = r.workspace_id and m.twilio_sid = r.message_sid
      where r.workspace_id = ${workspaceId} and r.account_sid = ${accountSid}
        and r.message_sid = any (${texts.map(({ sid }) => sid)}::text[])
        -- What waits in quarantine, or was set aside there, is no business of ours.
        and r.kind = 'inbound' and r.outcome in ('accepted', 'quarantined')
    `.execute(trx),
  );
  return new Map(rows.map((row) => [row.message_sid, row.created_at]));
}

async function storeText(
  { database, twilio, jobs, log }: Context,
  workspaceId: string,
  credentials: TwilioCredentials,
  listed: CarrierMessage,
  receivedAt: Date,
): Promise<boolean> {
  const media = listed.numMedia > 0 ? await twilio.listMedia(credentials, listed.sid) : [];
  const form: Record<string, string> = {
    AccountSid: credentials.accountSid,
    MessageSid: listed.sid,
    From: listed.from ?? "",
    To: listed.to,
    Body: listed.body,
    NumMedia: String(media.length),
    ...(listed.numSegments ? { NumSegments: String(listed.numSegments) } : {}),
  };
  for (const [position, { url, contentType }] of media.entries()) {
    form[`MediaUrl${position}`] = url;
    form[`MediaContentType${position}`] = contentType;
  }
  const receipt = {
    body: Buffer.from(new URLSearchParams(form).toString()),
    headers: { "x-livechat-source": "back-fill" },
  };
  const setAside = async (reason: string) => {
    log.warn({ workspaceId, messageSid: listed.sid, reason }, "a listed text can't be used");
    await quarantineReceipt(database, {
      workspaceId,
      kind: "inbound",
      ...receipt,
      reason,
      accountSid: credentials.accountSid,
      messageSid: listed.sid,
    });
    return false;
  };
  const { text, reason } = parseInboundText(form);
  if (!text) return setAside(reason);
  try {
    const { outcome } = await receiveText(
      database,
      { ...text, workspaceId, receivedAt, receipt },
      (trx, mediaId) => jobs.enqueue(trx, "fetch_media", { workspaceId, mediaId }),
    );
    return outcome !== "duplicate";
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    return setAside(explainUnstorable(error));
  }
}

async function moveMark(
  { database }: Context,
  workspaceId: string,
  { accountSid }: TwilioCredentials,
  until: Date,
): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config
      set back_filled_until = greatest(back_filled_until, ${until.toISOString()}::timestamptz)
      where workspace_id = ${workspaceId} and account_sid = ${accountSid}
        and connected_at <= ${until.toISOString()}::timestamptz
    `.execute(trx),
  );
}
