import { sql } from "kysely";
import type { Context } from "../context.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { dispatchMessage, dispatchNext } from "./dispatch-message.ts";
import { type OutboundRow, publishMessage } from "./messages-store.ts";

const batch = 100;
const lanes = 8;

/** Names a text as the sweep's queries find it. */
interface Found {
  workspace_id: string;
  id: string;
}

/**
 * Declares texts in doubt whose process died while it sent them. They are never
 * sent again by themselves. Throws what the database throws.
 */
export async function markLostMessages(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<Found>`
      select workspace_id, id from public.messages
      where status = 'sending' and sending_since < now() - interval '60 seconds'
      order by created_at limit ${batch}
    `.execute(trx),
  );
  for (const { workspace_id, id } of rows) {
    const lost = await context.database.asSystem(async (trx) => {
      const updated = await sql<OutboundRow>`
        update public.messages
        set status = 'unconfirmed', error_message = 'The server stopped while it sent this text.'
        where workspace_id = ${workspace_id} and id = ${id} and status = 'sending'
          and sending_since < now() - interval '60 seconds'
        returning *
      `.execute(trx);
      const [row] = updated.rows;
      if (row) await publishMessage(trx, row);
      return row;
    });
    if (!lost) continue;
    faultPoint("lost_marked");
    try {
      await dispatchNext(context, lost);
    } catch (error) {
      context.log.warn({ err: error, messageId: id }, "the text behind a lost one has to wait");
    }
  }
}

/**
 * Dispatches texts that have waited too long, the longest waiting of every
 * workspace first, so that no workspace's burst holds up the others. A text that
 * fails to be dispatched is left for the next sweep.
 */
export async function dispatchOverdue(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<Found>`
      select workspace_id, id from (
        select workspace_id, id, created_at,
          row_number() over (partition by workspace_id order by created_at, id) as turn
        from public.messages
        where status = 'pending' and updated_at < now() - interval '30 seconds'
      ) as waiting
      order by turn, created_at limit ${batch}
    `.execute(trx),
  );
  const queue = [...rows];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        await dispatchMessage(context, { workspaceId: next.workspace_id, messageId: next.id });
      } catch (error) {
        context.log.warn(
          { err: error, messageId: next.id },
          "an overdue text could not be dispatched",
        );
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
