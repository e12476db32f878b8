import { sql } from "kysely";
import type { Context } from "../context.ts";

const keptDays = 90;

/** Forgets who saw what so long ago that nobody needs it. Throws what the database throws. */
export async function forgetSeen({ database }: Pick<Context, "database">): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      delete from public.conversation_views
      where seen_at < now() - make_interval(days => ${keptDays})
    `.execute(trx),
  );
}
