import { formatAddress, type SenderList } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Context } from "../context.ts";
import type { Tables } from "../platform/database.ts";
import { choosePace, classifySender } from "./choose-pace.ts";

/** What texts of the workspace can go out from: its numbers, then its services. Throws what the database throws. */
export async function listSenders(
  { database, twilio }: Pick<Context, "database" | "twilio">,
  userId: string,
  workspaceId: string,
): Promise<SenderList> {
  const { accountSid, senders } = await database.asMember(userId, (trx) =>
    readSenders(trx, workspaceId),
  );
  const isLimited = accountSid !== null && (await twilio.isLimited(accountSid));
  return {
    items: senders.map((row) => ({
      address: row.address,
      kind: classifySender(row.address),
      // Twilio names a number after itself until somebody gives it a name.
      label: row.name && row.name !== row.address ? row.name : formatAddress(row.address),
      mms: row.mms,
      isDefault: row.is_default,
      segmentsPerSecond: Number(row.pace ?? choosePace(row.address, isLimited)),
      isPaceSet: row.pace !== null,
    })),
  };
}

async function readSenders(trx: Transaction<Tables>, workspaceId: string) {
  const account = await sql<{ account_sid: string }>`
    select account_sid from public.workspace_twilio_config
    where workspace_id = ${workspaceId} and is_configured
  `.execute(trx);
  const { rows } = await sql<{
    address: string;
    name: string | null;
    mms: boolean;
    pace: string | null;
    is_default: boolean;
  }>`
    with senders as (
      select phone_number as address, friendly_name as name, 0 as place, created_at,
        coalesce((capabilities ->> 'mms')::boolean, true) as mms
      from public.twilio_numbers
      where workspace_id = ${workspaceId} and coalesce((capabilities ->> 'sms')::boolean, true)
      union all
      select service_sid, friendly_name, 1, created_at, true
      from public.twilio_services where workspace_id = ${workspaceId}
    )
    select s.address, s.name, s.mms, l.segments_per_second as pace,
      s.address = coalesce(
        w.default_sender,
        (select address from senders order by place, created_at, address limit 1)
      ) as is_default
    from senders s
    join public.workspace_sending w on w.workspace_id = ${workspaceId}
    left join public.sender_lanes l on l.workspace_id = w.workspace_id and l.sender = s.address
    order by s.place, s.created_at, s.address
  `.execute(trx);
  return { accountSid: account.rows[0]?.account_sid ?? null, senders: rows };
}
