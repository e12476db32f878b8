import type { SenderList } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { listSenders } from "./list-senders.ts";

/** Sets how fast a sender sends; null: by its kind. Throws `sender_not_usable` for one the workspace doesn't have. */
export async function paceSender(
  context: Context,
  userId: string,
  { workspaceId, sender }: { workspaceId: string; sender: string },
  { segmentsPerSecond }: { segmentsPerSecond: number | null },
): Promise<SenderList> {
  const { items } = await listSenders(context, userId, workspaceId);
  if (!items.some(({ address }) => address === sender)) {
    throw new DomainError("sender_not_usable", "The workspace doesn't have this sender.");
  }
  await context.database.asMember(userId, async (trx) => {
    await sql`
      insert into public.sender_lanes (workspace_id, sender, segments_per_second)
      values (${workspaceId}, ${sender}, ${segmentsPerSecond})
      on conflict (workspace_id, sender)
        do update set segments_per_second = excluded.segments_per_second
    `.execute(trx);
    await sql`
      select private.append_audit(
        ${workspaceId}, 'sending.sender_paced', ${sender},
        ${JSON.stringify({ segmentsPerSecond })}::text::jsonb
      )
    `.execute(trx);
  });
  return listSenders(context, userId, workspaceId);
}
