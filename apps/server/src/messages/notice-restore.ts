import { sql, type Transaction } from "kysely";
import type { Database, Tables } from "../platform/database.ts";

/**
 * Finds out, at the start, whether this database was put back from an older copy.
 * Then every log gets a new epoch, so that every browser loads anew, and texts
 * that waited when the copy was made become `unconfirmed`: they may have gone out
 * since; what else went out is fetched by the back-fill. Returns how many those are, null when nothing was put back. Safe to run by
 * several servers at once. Throws what the database throws.
 */
export async function noticeRestore(database: Database): Promise<number | null> {
  return database.asSystem(async (trx) => {
    const identity = await readIdentity(trx);
    await sql`
      insert into private.database_identity (identity) values (${identity})
      on conflict do nothing
    `.execute(trx);
    const { rows } = await sql<{ identity: string }>`
      select identity from private.database_identity for update
    `.execute(trx);
    if (rows[0]?.identity === identity) return null;
    await sql`
      update private.database_identity set identity = ${identity}, noted_at = now()
    `.execute(trx);
    await sql`update public.workspace_streams set epoch = gen_random_uuid()`.execute(trx);
    // The mark is a sign of life of the copy, and older than it.
    await sql`
      update public.workspace_twilio_config set
        gap_from = coalesce(gap_from, back_filled_until, connected_at),
        gap_until = now(), back_fill_due_at = now()
      where is_configured
    `.execute(trx);
    const doubtful = await sql`
      update public.messages set
        status = 'unconfirmed', attempt = greatest(attempt, 1),
        sending_since = coalesce(sending_since, scheduled_for, created_at),
        error_message = 'This text waited when the copy was made that the database was put back from.'
      where direction = 'outbound' and (
        status = 'pending' or (status = 'scheduled' and scheduled_for <= now())
      )
      returning id
    `.execute(trx);
    return doubtful.rows.length;
  });
}

/** Another cluster, another line of its history, or another database in it is another identity. */
async function readIdentity(trx: Transaction<Tables>): Promise<string> {
  const { rows } = await sql<{ identity: string }>`
    select concat_ws('/',
      (select system_identifier from pg_catalog.pg_control_system()),
      (select timeline_id from pg_catalog.pg_control_checkpoint()),
      (select oid from pg_catalog.pg_database where datname = current_database())
    ) as identity
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new Error("The database does not say which one it is.");
  return row.identity;
}
