import { sql } from "kysely";
import type { Context } from "../context.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { dispatchWaiting } from "./dispatch-message.ts";
import { type OutboundRow, publishMessage } from "./messages-store.ts";

const batch = 100;

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
    dispatchWaiting(context, lost.workspace_id);
  }
}

/**
 * Dispatches texts that have waited too long, of every workspace at its own pace.
 * Does not wait for it. Throws what the database throws.
 */
export async function dispatchOverdue(context: Context): Promise<void> {
  const { rows } = await context.database.asSystem((trx) =>
    sql<{ workspace_id: string }>`
      select distinct workspace_id from public.messages
      where status = 'pending' and direction = 'outbound'
        and updated_at < now() - interval '30 seconds'
        and (send_after is null or send_after <= now())
    `.execute(trx),
  );
  for (const { workspace_id } of rows) dispatchWaiting(context, workspace_id);
}
