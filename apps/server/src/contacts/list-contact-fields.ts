import type { ContactFieldList } from "@livechat/shared";
import type { Database } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { listContactFieldRows, presentContactField } from "./contact-fields-store.ts";

/** Every field that the workspace added to its contacts, in their order. Throws `workspace_not_found`. */
export async function listContactFields(
  database: Database,
  userId: string,
  workspaceId: string,
): Promise<ContactFieldList> {
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    const rows = await listContactFieldRows(trx, workspaceId);
    return { epoch, asOfSeq: head, items: rows.map(presentContactField) };
  });
}
