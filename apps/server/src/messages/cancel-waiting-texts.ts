import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import { optedOutErrorCode } from "../twilio/error-catalogue.ts";
import { findMessage, type OutboundRow } from "./messages-store.ts";

const reason = "The customer opted out before this text was sent.";

/**
 * Calls off every text that waits, or is scheduled, for a contact who has opted
 * out, and returns them; none for anyone else. The caller tells the browsers, last.
 */
export async function cancelWaitingTexts(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
): Promise<OutboundRow[]> {
  const { rows } = await sql<{ id: string }>`
    select private.cancel_waiting_texts(
      ${workspaceId}, ${contactId}, ${optedOutErrorCode}, ${reason}
    ) as id
  `.execute(trx);
  const canceled: OutboundRow[] = [];
  for (const { id } of rows) {
    const row = await findMessage(trx, { workspaceId, messageId: id });
    if (row) canceled.push(row);
  }
  return canceled;
}
