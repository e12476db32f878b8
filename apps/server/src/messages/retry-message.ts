import type { Message } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { checkIsOptedIn } from "./check-is-opted-in.ts";
import { dispatchMessage } from "./dispatch-message.ts";
import {
  findMessage,
  type MessageKey,
  presentWithMedia,
  publishMessage,
} from "./messages-store.ts";
import { canRetry } from "./present-message.ts";

/** When the text is brought on its way if this process no longer can. */
const safetyNetSeconds = 20;

/**
 * Sends a failed text again, truly: as a new round of the same message, with the
 * old one kept in its history. Throws `message_not_found`, `conflict` when the
 * text has not failed or the same would happen again, and `contact_opted_out`.
 */
export async function retryMessage(
  context: Context,
  caller: { userId: string },
  key: MessageKey,
): Promise<Message> {
  const begun = await context.database.asMember(caller.userId, async (trx) => {
    const found = await findMessage(trx, key);
    if (!found) throw new DomainError("message_not_found", "There is no such message here.");
    if (found.status !== "failed" && found.status !== "undelivered") throw notFailed();
    if (!canRetry(found)) {
      throw new DomainError(
        "conflict",
        "Sending this text again would end the same way. Change what is wrong first.",
      );
    }
    await checkIsOptedIn(trx, found);
    const { rows } = await sql<{ is_begun: boolean }>`
      select private.begin_round(${key.workspaceId}, ${key.messageId}) as is_begun
    `.execute(trx);
    const row = rows[0]?.is_begun ? await findMessage(trx, key) : null;
    if (!row) throw notFailed();
    await context.jobs.enqueue(trx, "dispatch_message", key, {
      startAfterSeconds: safetyNetSeconds,
    });
    await sql`
      select private.append_audit(
        ${key.workspaceId}, 'message.retried', ${key.messageId},
        ${JSON.stringify({ round: row.round, errorCode: found.error_code })}::text::jsonb
      )
    `.execute(trx);
    return publishMessage(trx, row);
  });
  try {
    await dispatchMessage(context, key);
  } catch (error) {
    context.log.warn(
      { err: error, messageId: key.messageId },
      "a text could not be retried at once",
    );
    return begun;
  }
  return context.database.asMember(caller.userId, async (trx) => {
    const row = await findMessage(trx, key);
    return row ? presentWithMedia(trx, row) : begun;
  });
}

function notFailed(): DomainError {
  return new DomainError("conflict", "This text has not failed. Look at its state again.");
}
