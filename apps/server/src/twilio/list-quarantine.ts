import type { QuarantineDetail, QuarantineList } from "@livechat/shared";
import { sql } from "kysely";
import * as z from "zod";
import { DomainError } from "../errors.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { parseReceiptBody, presentQuarantine, type QuarantineRow } from "./present-quarantine.ts";
import { countQuarantine } from "./quarantine-receipt.ts";

const place = z.object({ at: textTime, id: z.uuid() });

/**
 * What Twilio signed and nobody could use yet, the newest first. Under row level
 * security only admins see any. Throws `invalid_request` on a cursor that we did not make.
 */
export async function listQuarantine(
  database: Database,
  userId: string,
  workspaceId: string,
  query: { cursor?: string | undefined; limit: number },
): Promise<QuarantineList> {
  const before = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    const older = before
      ? sql`(created_at, id) < (${before.at}::text::timestamptz, ${before.id}::uuid)`
      : sql`true`;
    const { rows } = await sql<QuarantineRow & { place_at: string }>`
      select id, kind, reason, body, tries, tried_at, created_at,
        to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
      from public.webhook_receipts
      where workspace_id = ${workspaceId} and outcome = 'quarantined' and settled_as is null
        and ${older}
      order by created_at desc, id desc limit ${query.limit + 1}
    `.execute(trx);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      epoch,
      asOfSeq: head,
      items: page.map(presentQuarantine),
      nextCursor: last ? presentCursor({ at: last.place_at, id: last.id }) : null,
      openCount: await countQuarantine(trx, workspaceId),
      unknownNumbers: await listUnknownNumbers(trx, workspaceId),
    };
  });
}

/** Numbers that texts came to of late and that are not among those read last. */
async function listUnknownNumbers(
  trx: Parameters<typeof countQuarantine>[0],
  workspaceId: string,
): Promise<QuarantineList["unknownNumbers"]> {
  const { rows } = await sql<{ phone_number: string; last_at: Date }>`
    select recent.to_number as phone_number, max(recent.created_at) as last_at
    from (
      select to_number, created_at from public.messages
      where workspace_id = ${workspaceId} and direction = 'inbound'
        and created_at > now() - interval '7 days'
      order by created_at desc limit 5000
    ) as recent
    where recent.to_number is not null and not exists (
      select from public.twilio_numbers n
      where n.workspace_id = ${workspaceId} and n.phone_number = recent.to_number
    )
    group by recent.to_number order by last_at desc limit 20
  `.execute(trx);
  return rows.map((row) => ({
    phoneNumber: row.phone_number,
    lastAt: row.last_at.toISOString(),
  }));
}

/** One of them with the form as it came. Throws `not_found` when it waits no more. */
export async function getQuarantined(
  database: Database,
  userId: string,
  { workspaceId, receiptId }: { workspaceId: string; receiptId: string },
): Promise<QuarantineDetail> {
  const { rows } = await database.asMember(userId, (trx) =>
    sql<QuarantineRow>`
      select id, kind, reason, body, tries, tried_at, created_at from public.webhook_receipts
      where workspace_id = ${workspaceId} and id = ${receiptId}
        and outcome = 'quarantined' and settled_as is null
    `.execute(trx),
  );
  const [row] = rows;
  if (!row) throw new DomainError("not_found", "This is not waiting any more.");
  return {
    receipt: presentQuarantine(row),
    fields: [...parseReceiptBody(row.body)].map(([name, value]) => ({ name, value })),
  };
}
