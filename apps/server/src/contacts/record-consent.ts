import type { ContactConsent } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/** What a customer, or the carrier for them, said about being texted. */
interface Statement {
  workspaceId: string;
  contactId: string;
  action: ContactConsent["action"];
  source: Exclude<ContactConsent["source"], "agent">;
  note: string | null;
  ourNumber: string | null;
  messageSid: string | null;
  errorCode: number | null;
  /** When it was said; now, when absent. */
  at?: Date;
}

/** Writes down who said what about being texted, when and how. Run it in the transaction that makes it true. */
export async function recordConsent(trx: Transaction<Tables>, statement: Statement): Promise<void> {
  const at = statement.at
    ? sql`${statement.at.toISOString()}::timestamptz`
    : sql`clock_timestamp()`;
  await sql`
    insert into public.contact_consents (
      workspace_id, contact_id, action, source, note, our_number, message_sid, error_code, at
    )
    values (
      ${statement.workspaceId}, ${statement.contactId}, ${statement.action}, ${statement.source},
      ${statement.note}, ${statement.ourNumber}, ${statement.messageSid}, ${statement.errorCode},
      ${at}
    )
  `.execute(trx);
}
