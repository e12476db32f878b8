import type { SendingSnapshot } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { presentSending, publishSending, type SendingRow } from "./sending-store.ts";

/**
 * Chooses what new conversations are sent from; null for the first number that can
 * text. Throws `sender_not_usable` for what the workspace doesn't have.
 */
export async function chooseDefaultSender(
  database: Database,
  userId: string,
  workspaceId: string,
  sender: string | null,
): Promise<Pick<SendingSnapshot, "sending">> {
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<SendingRow>`
      update public.workspace_sending set default_sender = ${sender}
      where workspace_id = ${workspaceId} and (
        ${sender}::text is null
        or exists (
          select from public.twilio_numbers
          where workspace_id = ${workspaceId} and phone_number = ${sender}
            and coalesce((capabilities ->> 'sms')::boolean, true)
        )
        or exists (
          select from public.twilio_services
          where workspace_id = ${workspaceId} and service_sid = ${sender}
        )
      )
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) {
      throw new DomainError(
        "sender_not_usable",
        "This is not one of the workspace's numbers or services that can send texts.",
      );
    }
    await sql`
      select private.append_audit(
        ${workspaceId}, 'sending.default_sender_chosen', ${sender}, null
      )
    `.execute(trx);
    await publishSending(trx, row);
    return { sending: presentSending(row) };
  });
}
