import { sql } from "kysely";
import type { Context } from "../context.ts";
import { uploadHours } from "./store-upload.ts";

const maxPerSweep = 200;

/** Removes files that waited a day and were never sent; returns how many. Throws what the database or the store throws. */
export async function sweepUploads({ database, mediaStore }: Context): Promise<number> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ id: string }>`
      select id from public.media_uploads
      where created_at < now() - make_interval(hours => ${uploadHours}::int)
      order by created_at limit ${maxPerSweep}
    `.execute(trx),
  );
  let removed = 0;
  for (const { id } of rows) {
    await database.asSystem(async (trx) => {
      const { rows: gone } = await sql<{ storage_path: string }>`
        delete from public.media_uploads where id = ${id} returning storage_path
      `.execute(trx);
      // Before the commit: a file that can't be removed keeps its row for the next sweep.
      for (const { storage_path } of gone) {
        await mediaStore.remove(storage_path);
        removed += 1;
      }
    });
  }
  return removed;
}
