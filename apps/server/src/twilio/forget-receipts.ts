import { sql } from "kysely";
import type { Context } from "../context.ts";

const batch = 1_000;

/**
 * Takes people's words and numbers out of what Twilio posted long enough ago. That
 * it came stays, so that nothing is taken in twice, and so does what still waits in
 * quarantine. Reports of texts that were never ours go whole. Throws what the
 * database throws; what one run leaves, the next one finds.
 */
export async function forgetReceipts({
  database,
  config,
}: Pick<Context, "database" | "config">): Promise<void> {
  const ago = sql`now() - make_interval(days => ${config.receiptDays})`;
  await database.asSystem((trx) =>
    sql`
      update public.webhook_receipts set body = '', headers = '{}'
      where id in (
        select id from public.webhook_receipts
        where body <> '' and created_at < ${ago}
          and (outcome <> 'quarantined' or settled_at < ${ago})
        order by created_at limit ${batch}
      )
    `.execute(trx),
  );
  await database.asSystem((trx) =>
    sql`
      delete from public.message_status_events
      where id in (
        select id from public.message_status_events
        where message_id is null and created_at < ${ago}
        order by created_at limit ${batch}
      )
    `.execute(trx),
  );
  await database.asSystem((trx) =>
    sql`
      update public.message_status_events
      set payload = jsonb_strip_nulls(jsonb_build_object('isOnRecord', payload -> 'isOnRecord'))
      where id in (
        select id from public.message_status_events
        where payload ? 'MessageSid' and created_at < ${ago}
        order by created_at limit ${batch}
      )
    `.execute(trx),
  );
}
