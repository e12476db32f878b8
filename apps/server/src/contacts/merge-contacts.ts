import type { Contact, mergeContactsRequest, UnmergedContacts } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getContact } from "./get-contact.ts";
import { presentContact } from "./present-contact.ts";

/** The columns behind the fields of the contract. */
const columnOf = {
  name: "name",
  email: "email",
  company: "company",
  timeZone: "time_zone",
  language: "language",
  about: "about",
} as const;

/**
 * Makes another contact part of this one: its texts, notes and lines move here,
 * its number becomes one of this contact's, and its id leads here from then on.
 * A second request for the same changes nothing. Throws `contact_not_found`,
 * `invalid_request` for a contact and itself, and `conflict` when one of them
 * became part of another contact meanwhile.
 */
export async function mergeContacts(
  { database, jobs }: Pick<Context, "database" | "jobs">,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  request: z.output<typeof mergeContactsRequest>,
): Promise<Contact> {
  const absorbedId = request.absorbedId.toLowerCase();
  if (absorbedId === contactId.toLowerCase()) {
    throw new DomainError("invalid_request", "A contact can't be merged with itself.");
  }
  const take = [
    ...request.take.map((field) => columnOf[field]),
    ...request.takeCustomFields.map((id) => id.toLowerCase()),
  ];
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<{ outcome: string }>`
      select private.merge_contacts(
        ${workspaceId}, ${contactId}, ${absorbedId}, ${`{${take.join(",")}}`}::text::text[]
      ) as outcome
    `.execute(trx);
    const outcome = rows[0]?.outcome;
    if (outcome === "missing") {
      throw new DomainError("contact_not_found", "There is no such contact here.");
    }
    if (outcome === "moved") {
      throw new DomainError(
        "conflict",
        "One of the two was merged with another contact meanwhile. Look at them again.",
      );
    }
    const row = await getContact(trx, workspaceId, contactId);
    const contact = presentContact(row);
    if (outcome === "already") return contact;
    if (row.snoozed_until) {
      const inSeconds = Math.ceil((row.snoozed_until.getTime() - Date.now()) / 1000);
      await jobs.enqueue(
        trx,
        "wake_conversation",
        { workspaceId, contactId: row.id },
        { startAfterSeconds: Math.max(1, inSeconds) },
      );
    }
    await appendAudit(trx, workspaceId, "contacts.merged", row.id, { absorbedId });
    await appendEvent(trx, workspaceId, "contacts_merged", { contact, absorbedId });
    return contact;
  });
}

/**
 * Gives a contact that was merged into this one back what is its own, also what
 * came since. Throws `contact_not_found`, and `conflict` when it is no part of
 * this contact any more.
 */
export async function unmergeContact(
  { database }: Pick<Context, "database">,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  absorbedId: string,
): Promise<UnmergedContacts> {
  return database.asMember(userId, async (trx) => {
    const known = await getContact(trx, workspaceId, contactId);
    const isPart = known.other_numbers.some((number) => number.contactId === absorbedId);
    const { rows } = isPart
      ? await sql<{ id: string | null }>`
          select private.unmerge_contact(${workspaceId}, ${absorbedId}) as id
        `.execute(trx)
      : { rows: [] };
    if (rows[0]?.id !== known.id) {
      throw new DomainError(
        "conflict",
        "This number is not part of the contact any more. Look at it again.",
      );
    }
    const contact = presentContact(await getContact(trx, workspaceId, contactId));
    const restored = presentContact(await getContact(trx, workspaceId, absorbedId));
    await appendAudit(trx, workspaceId, "contacts.unmerged", contact.id, {
      restoredId: restored.id,
    });
    await appendEvent(trx, workspaceId, "contact_unmerged", { contact, restoredId: restored.id });
    await appendEvent(trx, workspaceId, "contact_updated", { contact: restored });
    return { contact, restored };
  });
}
