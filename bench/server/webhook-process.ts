/** The whole server with one workspace, and beside it a bare Express route. Ends when its parent does. */
import express from "express";
import { sql } from "kysely";
import { startTestServer } from "../../apps/server/test/support/test-server.ts";
import { accountSid, addWorkspace, ownNumber } from "./bench-database.ts";

const authToken = "t".repeat(32);
const product = await startTestServer("postgres", { config: { isSimulatorOn: false } });
const { database, keys } = product.server.context;
const workspaceId = await addWorkspace(database);
const name = "twilio_auth_token";
const sealed = keys.seal({ workspaceId, name }, authToken);
await sql`
  insert into public.workspace_twilio_config (workspace_id, account_sid, is_configured)
  values (${workspaceId}, ${accountSid}, true)
`.execute(database.kysely);
await sql`
  insert into private.workspace_secrets (workspace_id, name, ciphertext, key_id)
  values (${workspaceId}, ${name}, ${Buffer.from(sealed.ciphertext)}, ${sealed.keyId})
`.execute(database.kysely);
await sql`
  insert into public.twilio_numbers (workspace_id, phone_number, twilio_sid, capabilities)
  values (${workspaceId}, ${ownNumber}, ${`PN${"0".repeat(32)}`}, '{"sms": true, "mms": true}')
`.execute(database.kysely);

const answer = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
await sql`create table public.bare_posts (id bigint generated always as identity, body text)`.execute(
  database.kysely,
);

const bare = express()
  .post("/", express.urlencoded({ extended: false }), (_, response) => {
    response.type("text/xml").send(answer);
  })
  .post("/kept", express.urlencoded({ extended: false }), async (request, response) => {
    await sql`insert into public.bare_posts (body) values (${request.body.Body})`.execute(
      database.kysely,
    );
    response.type("text/xml").send(answer);
  })
  .listen(0, "127.0.0.1", () => {
    const address = bare.address();
    const port = typeof address === "object" && address ? address.port : 0;
    process.send?.({
      baseUrl: product.baseUrl,
      bareUrl: `http://127.0.0.1:${port}/`,
      workspaceId,
      authToken,
      accountSid,
      number: ownNumber,
    });
  });

async function end() {
  bare.close();
  await product.close();
  process.exit(0);
}
process.once("SIGTERM", () => void end());
process.once("disconnect", () => void end());
