import type { MessageAttemptList } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { recordSource } from "./apply-status.ts";
import { findMessage, type MessageKey, type OutboundRow } from "./messages-store.ts";
import { trimZeros } from "./present-message.ts";

type AttemptRow = Pick<
  OutboundRow,
  | "round"
  | "twilio_sid"
  | "from_number"
  | "status"
  | "error_code"
  | "error_message"
  | "sending_since"
  | "num_segments"
  | "price"
  | "price_unit"
> & { since: Date };

interface ReportRow {
  message_sid: string;
  status: string;
  error_code: number | null;
  created_at: Date;
  is_record: boolean;
}

/** Every round of a text with what was reported of it, the first one first. Throws `message_not_found`. */
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
    const { rows: earlier } = await sql<AttemptRow>`
      select round, twilio_sid, from_number, status, error_code, error_message, since,
        sending_since, num_segments, price, price_unit
      from public.message_attempts
      where workspace_id = ${key.workspaceId} and message_id = ${key.messageId} order by round
    `.execute(trx);
    const rounds = [...earlier, { ...found, since: found.round_since }];
    const { rows: reports } = await sql<ReportRow>`
      select message_sid, status, error_code, created_at,
        coalesce(payload ->> 'source' = ${recordSource}, false) as is_record
      from public.message_status_events
      where workspace_id = ${key.workspaceId} and message_id = ${key.messageId}
      order by created_at, id
    `.execute(trx);
    return {
      items: rounds.map((row) => ({
        round: row.round,
        twilioSid: row.twilio_sid,
        fromNumber: row.from_number,
        status: row.status,
        errorCode: row.error_code,
        errorMessage: row.error_message,
        since: row.since.toISOString(),
        handedOverAt: row.sending_since?.toISOString() ?? null,
        numSegments: row.num_segments,
        price: row.price === null ? null : trimZeros(row.price),
        priceUnit: row.price_unit,
        reports: reports
          .filter((report) => report.message_sid === row.twilio_sid)
          .map((report) => ({
            status: report.status,
            errorCode: report.error_code,
            at: report.created_at.toISOString(),
            isAskedFor: report.is_record,
          })),
      })),
    };
  });
}
