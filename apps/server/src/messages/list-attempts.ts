import type { MessageAttemptList } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { findMessage, type MessageKey } from "./messages-store.ts";
import type { MessageRow } from "./present-message.ts";

type AttemptRow = Pick<
  MessageRow,
  "round" | "twilio_sid" | "from_number" | "status" | "error_code" | "error_message"
> & { since: Date };

/** Every round of a text, the first one first. Throws `message_not_found`. */
export async function listAttempts(
  database: Database,
  userId: string,
  key: MessageKey,
): Promise<MessageAttemptList> {
  return database.asMember(userId, async (trx) => {
    const found = await findMessage(trx, key);
    if (found?.direction !== "outbound") {
      throw new DomainError("message_not_found", "There is no such message here.");
    }
    const { rows } = await sql<AttemptRow>`
      select round, twilio_sid, from_number, status, error_code, error_message, since
      from public.message_attempts
      where workspace_id = ${key.workspaceId} and message_id = ${key.messageId} order by round
    `.execute(trx);
    return {
      items: [...rows, { ...found, since: found.round_since }].map((row) => ({
        round: row.round,
        twilioSid: row.twilio_sid,
        fromNumber: row.from_number,
        status: row.status,
        errorCode: row.error_code,
        errorMessage: row.error_message,
        since: row.since.toISOString(),
      })),
    };
  });
}
