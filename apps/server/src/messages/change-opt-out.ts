import type { Contact } from "@livechat/shared";
import { sql } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import { presentContact } from "../contacts/present-contact.ts";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { cancelWaitingTexts } from "./cancel-waiting-texts.ts";
import { publishMessage } from "./messages-store.ts";

interface OptOutChange {
  workspaceId: string;
  contactId: string;
  note: string | null;
}

/**
 * An agent's word that a customer asked, in words of their own, not to be texted:
 * kept on record, and what waits for them is called off. Throws `contact_not_found`.
 */
export async function markOptedOut(
  database: Database,
  userId: string,
  { workspaceId, contactId, note }: OptOutChange,
): Promise<Contact> {
  return database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    await sql`select private.mark_opted_out(${workspaceId}, ${contactId}, ${note})`.execute(trx);
    const canceled = await cancelWaitingTexts(trx, workspaceId, contactId);
    const contact = presentContact(await getContact(trx, workspaceId, contactId));
    for (const row of canceled) await publishMessage(trx, row);
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}

/**
 * Takes back what agents marked. Throws `contact_not_found`, and `conflict` when
 * the customer themself opted out, or nobody did: only their START undoes that.
 */
export async function undoOptOut(
  database: Database,
  userId: string,
  { workspaceId, contactId, note }: OptOutChange,
): Promise<Contact> {
  return database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    const { rows } = await sql<{ done: boolean }>`
      select private.undo_opt_out(${workspaceId}, ${contactId}, ${note}) as done
    `.execute(trx);
    if (!rows[0]?.done) {
      throw new DomainError(
        "conflict",
        "Only the customer can take this back, by texting START to your number.",
      );
    }
    const contact = presentContact(await getContact(trx, workspaceId, contactId));
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}
