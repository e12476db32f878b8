import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import { lockTargetNumber } from "./lock-target-number.ts";
import type { OutboundRow } from "./messages-store.ts";
import { publishSending, type SendingRow } from "./sending-store.ts";

const firstProbeSeconds = 15;
const longestProbeSeconds = 600;

/** The workspace's state of sending, held until the transaction ends, and the text's number before it. */
export async function lockSending(
  trx: Transaction<Tables>,
  message: OutboundRow,
): Promise<SendingRow | null> {
  await lockTargetNumber(trx, message);
  const { rows } = await sql<SendingRow>`
    select * from public.workspace_sending where workspace_id = ${message.workspace_id} for no key update
  `.execute(trx);
  return rows[0] ?? null;
}

/**
 * Stops the workspace's sending, because Twilio refuses its account: what waits
 * stays, and one text at a time finds out, later and later, whether it works again.
 */
export async function pauseSending(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId, refusals }: SendingRow,
  { errorCode, reason }: { errorCode: number | null; reason: string },
): Promise<void> {
  const ceiling = Math.min(longestProbeSeconds, firstProbeSeconds * 2 ** Math.min(refusals, 10));
  const { rows } = await sql<SendingRow>`
    update public.workspace_sending
    set paused_at = coalesce(paused_at, now()), pause_code = ${errorCode},
      pause_reason = ${reason}, refusals = refusals + 1,
      probe_at = clock_timestamp()
        + make_interval(secs => ${ceiling * (0.5 + Math.random() / 2)}::float8)
    where workspace_id = ${workspaceId}
    returning *
  `.execute(trx);
  for (const row of rows) await publishSending(trx, row);
}

/** Lets the workspace send again. Does nothing when it is not paused. */
export async function endPause(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId }: SendingRow,
): Promise<void> {
  const { rows } = await sql<SendingRow>`
    update public.workspace_sending
    set paused_at = null, pause_code = null, pause_reason = null, refusals = 0, probe_at = null
    where workspace_id = ${workspaceId} and paused_at is not null
    returning *
  `.execute(trx);
  for (const row of rows) await publishSending(trx, row);
}
