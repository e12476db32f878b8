import {
  type CheckImportRequest,
  type ContactField,
  type ImportOutcome,
  isCountry,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database, Tables } from "../platform/database.ts";
import { appendEvents } from "../realtime/event-log.ts";
import { listContactFieldRows, presentContactField } from "./contact-fields-store.ts";
import { planImportRow, type RowPlan, readImportRow, withImportValues } from "./plan-import-row.ts";
import { type ContactRow, presentContact } from "./present-contact.ts";

/** What these rows would do. Changes nothing. */
export async function checkImport(
  database: Database,
  userId: string,
  workspaceId: string,
  request: CheckImportRequest,
): Promise<ImportOutcome[]> {
  return database.asMember(userId, async (trx) => {
    const planned = await planRows(trx, workspaceId, request, false);
    return planned.map(({ plan }) => plan.outcome);
  });
}

/**
 * Adds the contacts of these rows, or changes those that have the number, and
 * keeps what each was before. A row with an error changes nothing, and a row that
 * comes again is the same as before. Throws `not_found` for an import that was
 * not begun, `conflict` for one that was undone.
 */
export async function importRows(
  database: Database,
  userId: string,
  { workspaceId, importId }: { workspaceId: string; importId: string },
  request: CheckImportRequest,
): Promise<ImportOutcome[]> {
  return database.asMember(userId, async (trx) => {
    await lockImport(trx, workspaceId, importId);
    const planned = await planRows(trx, workspaceId, request, true);
    const changed = await store(trx, { workspaceId, importId }, planned);
    const count = (kind: ImportOutcome["outcome"]) =>
      planned.filter(({ plan }) => plan.outcome.outcome === kind).length;
    await sql`
      update public.contact_imports set
        created_count = created_count + ${count("create")},
        updated_count = updated_count + ${count("update")},
        unchanged_count = unchanged_count + ${count("unchanged")},
        failed_count = failed_count + ${count("error")}
      where workspace_id = ${workspaceId} and id = ${importId}
    `.execute(trx);
    await appendEvents(
      trx,
      workspaceId,
      changed.map((row) => ({
        type: "contact_updated",
        payload: { contact: presentContact(row) },
      })),
    );
    return planned.map(({ plan }) => plan.outcome);
  });
}

interface Planned {
  plan: RowPlan;
  known: ContactRow | null;
}

async function planRows(
  trx: Transaction<Tables>,
  workspaceId: string,
  { rows, defaultCountry }: CheckImportRequest,
  lock: boolean,
): Promise<Planned[]> {
  if (!isCountry(defaultCountry)) {
    throw new DomainError(
      "invalid_request",
      `${defaultCountry} is no country we know numbers of.`,
      {
        errors: [{ path: "body.defaultCountry", message: "is no country's code" }],
      },
    );
  }
  const fieldRows = await listContactFieldRows(trx, workspaceId);
  const fields = new Map<string, ContactField>(
    fieldRows.map((row) => [row.id, presentContactField(row)]),
  );
  const readings = rows.map((row) => ({
    row: row.row,
    reading: readImportRow(row, fields, defaultCountry),
  }));
  const numbers = readings.flatMap(({ reading }) => reading.phoneNumber ?? []);
  const known = await findByNumbers(trx, workspaceId, numbers, lock);
  const seen = new Set<string>();
  return readings.map(({ row, reading }) => {
    const contact = reading.phoneNumber ? (known.get(reading.phoneNumber) ?? null) : null;
    const key = contact?.id ?? reading.phoneNumber;
    if (key && seen.has(key)) {
      reading.errors.push({ column: "phoneNumber", reason: "is in an earlier row already" });
    } else if (key && reading.errors.length === 0) seen.add(key);
    return { plan: planImportRow(row, reading, contact), known: contact };
  });
}

/** By the number that was asked for; in one order, so that two imports can't wait for each other. */
async function findByNumbers(
  trx: Transaction<Tables>,
  workspaceId: string,
  numbers: readonly string[],
  lock: boolean,
): Promise<Map<string, ContactRow>> {
  if (numbers.length === 0) return new Map();
  const { rows: speakers } = await sql<{ phone_number: string; contact_id: string }>`
    select phone_number, contact_id
    from private.find_speakers(${workspaceId}, ${`{${numbers.join(",")}}`}::text::text[])
  `.execute(trx);
  const ids = [...new Set(speakers.map((row) => row.contact_id))];
  const { rows } = await sql<ContactRow>`
    select * from public.contacts
    where workspace_id = ${workspaceId} and id = any (${`{${ids.join(",")}}`}::text::uuid[])
    order by id ${lock ? sql`for update` : sql``}
  `.execute(trx);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    speakers.flatMap(({ phone_number, contact_id }) => {
      const row = byId.get(contact_id);
      return row ? [[phone_number, row]] : [];
    }),
  );
}

/** Writes what the rows do, and returns the contacts that it made or changed, in the rows' order. */
async function store(
  trx: Transaction<Tables>,
  key: { workspaceId: string; importId: string },
  planned: readonly Planned[],
): Promise<ContactRow[]> {
  const created = planned.filter(({ plan }) => plan.outcome.outcome === "create");
  const inserted = await insertContacts(trx, key.workspaceId, created);
  const changed: ContactRow[] = [];
  const kept: KeptRow[] = [];
  for (const { plan, known } of planned) {
    const { outcome, before, after } = plan;
    switch (outcome.outcome) {
      case "error":
      case "unchanged":
        break;
      case "create": {
        const row = inserted.get(outcome.phoneNumber ?? "");
        // They texted us in this very moment: the same batch, sent again, then changes them.
        if (!row) throw new DomainError("unavailable", "Someone was added just now. Try again.");
        changed.push(row);
        kept.push({ contact_id: row.id, was_created: true, before, after });
        break;
      }
      case "update": {
        if (!known) break;
        const row = await writeImportValues(trx, known, after);
        changed.push(row);
        kept.push({ contact_id: row.id, was_created: false, before, after });
        break;
      }
      default:
        outcome.outcome satisfies never;
    }
  }
  await keepRows(trx, key, kept);
  return changed;
}

/** The new contacts, by their numbers. */
async function insertContacts(
  trx: Transaction<Tables>,
  workspaceId: string,
  created: readonly Planned[],
): Promise<Map<string, ContactRow>> {
  if (created.length === 0) return new Map();
  const given = created.map(({ plan }) => ({
    ...withImportValues(nobody, plan.after),
    phone_number: plan.outcome.phoneNumber,
  }));
  const { rows } = await sql<ContactRow>`
    insert into public.contacts (
      workspace_id, phone_number, address_type, name, email, company, time_zone, language, about,
      custom_fields
    )
    select
      ${workspaceId}, given.phone_number, 'e164', given.name, given.email, given.company,
      given.time_zone, given.language, given.about, given.custom_fields
    from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as given (
      phone_number text, name text, email text, company text, time_zone text, language text,
      about text, custom_fields jsonb
    )
    -- In order, so that two imports can't wait for each other.
    order by given.phone_number
    on conflict (workspace_id, phone_number) do nothing
    returning *
  `.execute(trx);
  return new Map(rows.map((row) => [row.phone_number, row]));
}

const nobody = {
  name: null,
  email: null,
  company: null,
  time_zone: null,
  language: null,
  about: null,
  custom_fields: {},
};

/** The contact with these values written into it. */
export async function writeImportValues(
  trx: Transaction<Tables>,
  known: ContactRow,
  changes: RowPlan["after"],
): Promise<ContactRow> {
  const values = withImportValues(known, changes);
  const { rows } = await sql<ContactRow>`
    update public.contacts
    set name = ${values.name}, email = ${values.email}, company = ${values.company},
      time_zone = ${values.time_zone}, language = ${values.language}, about = ${values.about},
      custom_fields = ${JSON.stringify(values.custom_fields)}::text::jsonb
    where workspace_id = ${known.workspace_id} and id = ${known.id}
    returning *
  `.execute(trx);
  return rows[0] ?? known;
}

interface KeptRow {
  contact_id: string;
  was_created: boolean;
  before: RowPlan["before"];
  after: RowPlan["after"];
}

async function keepRows(
  trx: Transaction<Tables>,
  { workspaceId, importId }: { workspaceId: string; importId: string },
  kept: readonly KeptRow[],
): Promise<void> {
  if (kept.length === 0) return;
  await sql`
    insert into public.contact_import_rows as kept
      (workspace_id, import_id, contact_id, was_created, before, after)
    select
      ${workspaceId}, ${importId}, given.contact_id, given.was_created, given.before, given.after
    from jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb)
      as given (contact_id uuid, was_created boolean, before jsonb, after jsonb)
    on conflict (workspace_id, import_id, contact_id) do update
      set before = excluded.before || kept.before, after = kept.after || excluded.after
  `.execute(trx);
}

async function lockImport(
  trx: Transaction<Tables>,
  workspaceId: string,
  importId: string,
): Promise<void> {
  const { rows } = await sql<{ undone_at: Date | null }>`
    select undone_at from public.contact_imports
    where workspace_id = ${workspaceId} and id = ${importId} for update
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("not_found", "There is no such import here.");
  if (row.undone_at) throw new DomainError("conflict", "This import was undone: begin a new one.");
}
