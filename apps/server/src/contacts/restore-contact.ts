import type { Contact } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getContact } from "./get-contact.ts";
import { presentContact } from "./present-contact.ts";

/**
 * Brings a contact back that was deleted a moment ago. Throws `contact_not_found`
 * when it is too late, `conflict` when the number has a new contact by now.
 */
export async function restoreContact(
  { database }: Context,
  { userId }: { userId: string },
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<Contact> {
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<{ outcome: string }>`
      select private.restore_contact(${workspaceId}, ${contactId}) as outcome
    `.execute(trx);
    if (rows[0]?.outcome === "taken") {
      throw new DomainError(
        "conflict",
        "This number has written again since, so the deleted conversation can't come back.",
      );
    }
    if (rows[0]?.outcome !== "restored") {
      throw new DomainError("contact_not_found", "It is too late: the conversation is deleted.");
    }
    const contact = presentContact(await getContact(trx, workspaceId, contactId));
    await appendAudit(trx, workspaceId, "contact.restored", contactId);
    await appendEvent(trx, workspaceId, "contact_updated", { contact });
    return contact;
  });
}
