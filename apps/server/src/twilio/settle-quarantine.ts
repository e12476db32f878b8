import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { publishQuarantine } from "./quarantine-receipt.ts";

/** So many at once; an admin who has more asks again. */
const most = 500;

/**
 * Asks for one quarantined receipt, or for all of them, to be tried again. Throws
 * `not_found` when that one waits no more.
 */
export async function retryQuarantine(
  { database, jobs }: Pick<Context, "database" | "jobs">,
  userId: string,
  { workspaceId, receiptId }: { workspaceId: string; receiptId?: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      select id from public.webhook_receipts
      where workspace_id = ${workspaceId} and outcome = 'quarantined' and settled_as is null
        and id = coalesce(${receiptId ?? null}::uuid, id)
      order by created_at limit ${most}
    `.execute(trx);
    if (receiptId !== undefined && rows.length === 0) {
      throw new DomainError("not_found", "This is not waiting any more.");
    }
    for (const { id } of rows) {
      await jobs.enqueue(trx, "process_receipt", { workspaceId, receiptId: id });
    }
  });
}

/** Sets a quarantined receipt aside for good. Throws `not_found` when it waits no more. */
export async function dismissQuarantined(
  database: Database,
  userId: string,
  { workspaceId, receiptId }: { workspaceId: string; receiptId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql`
      update public.webhook_receipts
      set settled_as = 'dismissed', settled_at = now(), settled_by = ${userId}
      where workspace_id = ${workspaceId} and id = ${receiptId}
        and outcome = 'quarantined' and settled_as is null
      returning id
    `.execute(trx);
    if (rows.length === 0) throw new DomainError("not_found", "This is not waiting any more.");
    await sql`
      select private.append_audit(${workspaceId}, 'quarantine.dismissed', ${receiptId}, '{}')
    `.execute(trx);
    await publishQuarantine(trx, workspaceId);
  });
}
