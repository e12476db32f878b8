import type { SendingSnapshot } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { dispatchWaiting } from "./dispatch-message.ts";
import { getSending, presentSending, publishSending } from "./sending-store.ts";

/**
 * Lets a waiting text try at once whether the account that Twilio refused works
 * again. Changes nothing when sending is not paused. Throws `workspace_not_found`.
 */
export async function resumeSending(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
): Promise<Pick<SendingSnapshot, "sending">> {
  const state = await context.database.asMember(caller.userId, async (trx) => {
    const { rows } = await sql<{ is_due: boolean }>`
      select private.resume_sending(${workspaceId}) as is_due
    `.execute(trx);
    const row = await getSending(trx, workspaceId);
    if (rows[0]?.is_due) await publishSending(trx, row);
    return row;
  });
  dispatchWaiting(context, workspaceId);
  return { sending: presentSending(state) };
}
