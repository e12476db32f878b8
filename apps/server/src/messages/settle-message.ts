import type { Message, SettleMessageRequest } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { checkIsOptedIn } from "./check-is-opted-in.ts";
import { dispatchMessage } from "./dispatch-message.ts";
import {
  findMessage,
  type MessageKey,
  type OutboundRow,
  presentWithMedia,
  publishMessage,
} from "./messages-store.ts";

/**
 * Takes an agent's word on a text whose fate no machine can tell: it arrived, or
 * it is to be sent again. Throws `message_not_found`, `conflict` when the text is
 * no longer in doubt, and `contact_opted_out` for sending again after a STOP.
 */
export async function settleMessage(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
  { verdict }: SettleMessageRequest,
): Promise<Message> {
  const settled = await context.database.asMember(caller.userId, async (trx) => {
    const found = await findMessage(trx, key);
    if (!found) throw new DomainError("message_not_found", "There is no such message here.");
    if (verdict === "send_again") await checkIsOptedIn(trx, found);
    const { rows } = await sql<OutboundRow>`
      update public.messages set status = ${verdict === "send_again" ? "pending" : "sent"}
      where workspace_id = ${key.workspaceId} and id = ${key.messageId}
        and direction = 'outbound' and status = 'unconfirmed'
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) {
      throw new DomainError(
        "conflict",
        "This text is no longer in doubt. Look at its state again.",
      );
    }
    await sql`
      select private.append_audit(
        ${key.workspaceId}, 'message.settled', ${key.messageId},
        ${JSON.stringify({ verdict })}::text::jsonb
      )
    `.execute(trx);
    return publishMessage(trx, row);
  });
  if (verdict === "arrived") return settled;
  try {
    await dispatchMessage(context, key);
  } catch (error) {
    context.log.warn(
      { err: error, messageId: key.messageId },
      "a text could not be sent again at once",
    );
  }
  return context.database.asMember(caller.userId, async (trx) => {
    const row = await findMessage(trx, key);
    return row ? presentWithMedia(trx, row) : settled;
  });
}
