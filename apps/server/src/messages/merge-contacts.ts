import type { Contact, mergeContactsRequest, UnmergedContacts } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import { getContact } from "../contacts/get-contact.ts";
import { presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findSqlState } from "../platform/sql-state.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { cancelWaitingTexts } from "./cancel-waiting-texts.ts";
import { publishMessage } from "./messages-store.ts";

/** The columns behind the fields of the contract. */
const columnOf = {
  name: "name",
  email: "email",
  company: "company",
  timeZone: "time_zone",
  language: "language",
  about: "about",
} as const;

const maxTries = 5;

/**
 * Does a merge, or its end, again when a row of it was held by whoever may wait for
 * one that it holds itself. Throws `unavailable` when that goes on.
 */
async function takeTurns<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!heldUp.has(findSqlState(error) ?? "")) throw error;
      if (tries === maxTries) {
        throw new DomainError(
          "unavailable",
          "One of the two is being changed over and over. Try again in a moment.",
          { cause: error },
        );
      }
    }
  }
}

// Source: PostgreSQL, "Appendix A. PostgreSQL Error Codes": lock_not_available, deadlock_detected.
const heldUp = new Set(["55P03", "40P01"]);

/**
 * Makes another contact part of this one: its texts, notes and lines move here,
 * its number becomes one of this contact's, and its id leads here from then on.
 * Where an agent marked one of the two as opted out, that holds for both.
 * A second request for the same changes nothing. Throws `contact_not_found`,
 * `invalid_request` for a contact and itself, `conflict` when one of them
 * became part of another contact meanwhile, and `unavailable`.
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
  const merge = () =>
    database.asMember(userId, async (trx) => {
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
      for (const text of await cancelWaitingTexts(trx, workspaceId, row.id)) {
        await publishMessage(trx, text);
      }
      return contact;
    });
  return takeTurns(merge);
}

/**
 * Gives a contact that was merged into this one back what is its own, also what
 * came since. Throws `contact_not_found`, `conflict` when it is no part of this
 * contact any more, and `unavailable`.
 */
export async function unmergeContact(
  { database }: Pick<Context, "database">,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  absorbedId: string,
): Promise<UnmergedContacts> {
  const separate = () =>
    database.asMember(userId, async (trx) => {
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
  return takeTurns(separate);
}
