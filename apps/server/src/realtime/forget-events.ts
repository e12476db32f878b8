import { sql } from "kysely";
import type { Database } from "../platform/database.ts";

/** Whoever was away for longer loads everything anew, which is quicker than to be told it all. */
const keptDays = 14;
const batch = 5_000;

/**
 * Drops the oldest entries of every log: what they tell has long been in the rows.
 * Throws what the database throws; what one run leaves, the next one finds.
 */
export async function forgetEvents(database: Database): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      delete from public.workspace_events
      where (workspace_id, seq) in (
        select workspace_id, seq from public.workspace_events
        where created_at < now() - make_interval(days => ${keptDays})
        order by created_at, seq limit ${batch}
      )
    `.execute(trx),
  );
}
