import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { KeyRing } from "../platform/secrets.ts";

/** Seals a secret of the workspace in place of the one of this name. Throws what the database throws. */
export async function putSecret(
  trx: Transaction<Tables>,
  keys: KeyRing,
  { workspaceId, name }: { workspaceId: string; name: string },
  plaintext: string,
): Promise<void> {
  const { ciphertext, keyId } = keys.seal({ workspaceId, name }, plaintext);
  await sql`
    select private.put_workspace_secret(
      ${workspaceId}, ${name}, ${Buffer.from(ciphertext, "utf8")}, ${keyId}
    )
  `.execute(trx);
}

/** Forgets a secret of the workspace, if there is one of this name. */
export async function removeSecret(
  trx: Transaction<Tables>,
  { workspaceId, name }: { workspaceId: string; name: string },
): Promise<void> {
  await sql`select private.remove_workspace_secret(${workspaceId}, ${name})`.execute(trx);
}
