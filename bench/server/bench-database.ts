import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import postgres from "postgres";
import { receiveText } from "../../apps/server/src/messages/receive-text.ts";
import { type Database, openPostgresDatabase } from "../../apps/server/src/platform/database.ts";
import { migrate, prepareBareDatabase } from "../../apps/server/src/platform/migrate.ts";

/** A database with the product's schema, gone after `drop`. */
export interface BenchDatabase {
  database: Database;
  url: string;
  name: string;
  drop(): Promise<void>;
}

export const accountSid = `AC${"0".repeat(32)}`;
export const ownNumber = "+12025550100";

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error("No Postgres was found to measure on.");
  return url;
}

/** With the schema, or as an exact copy of another, which nobody may have open meanwhile. */
export async function createBenchDatabase(template?: string): Promise<BenchDatabase> {
  const name = `livechat_bench_${randomBytes(5).toString("hex")}`;
  await admin(`create database ${name}${template ? ` template ${template}` : ""}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const database = openPostgresDatabase(url.href);
  if (!template) {
    await prepareBareDatabase(database);
    await migrate(database);
  }
  return {
    database,
    url: url.href,
    name,
    drop: async () => {
      await database.close();
      await admin(`drop database ${name} with (force)`);
    },
  };
}

async function admin(statement: string): Promise<void> {
  const client = postgres(serverUrl(), { max: 1, onnotice: () => {} });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end();
  }
}

/** A person with an account, in these workspaces. */
export async function addPerson(
  { kysely }: Database,
  workspaceIds: readonly string[],
): Promise<string> {
  const userId = randomUUID();
  await sql`insert into auth.users (id, email) values (${userId}, ${`${userId}@x.test`})`.execute(
    kysely,
  );
  await sql`
    insert into public.profiles (user_id, display_name) values (${userId}, 'Agent')
    on conflict (user_id) do nothing
  `.execute(kysely);
  for (const workspaceId of workspaceIds) {
    await sql`
      insert into public.workspace_members (workspace_id, user_id, role)
      values (${workspaceId}, ${userId}, 'owner')
    `.execute(kysely);
  }
  return userId;
}

export async function addWorkspace({ kysely }: Database): Promise<string> {
  const id = randomUUID();
  await sql`insert into public.workspaces (id, name) values (${id}, 'W')`.execute(kysely);
  return id;
}

/** Contacts and their texts, evenly spread, as many as asked for. */
export async function fillWorkspace(
  { kysely }: Database,
  workspaceId: string,
  { contacts, texts }: { contacts: number; texts: number },
): Promise<void> {
  await sql`
    insert into public.contacts
      (workspace_id, phone_number, name, last_message, last_message_at, last_message_direction)
    select ${workspaceId}, '+1202' || (2000000 + n), 'Contact ' || n, 'Text of ' || n,
      now() - make_interval(secs => n), 'inbound'
    from generate_series(1, ${contacts}::int) n
  `.execute(kysely);
  await sql`
    insert into public.messages (workspace_id, contact_id, direction, content, status, created_at)
    select c.workspace_id, c.id, 'inbound',
      'Text ' || n || ' about the order ' || md5(n::text), 'received',
      now() - make_interval(secs => n * ${contacts}::int)
    from public.contacts c cross join generate_series(1, ${Math.ceil(texts / contacts)}::int) n
    where c.workspace_id = ${workspaceId}
  `.execute(kysely);
}

/** Lets the planner know what is there. Of no use within a transaction. */
export async function settle({ url }: Pick<BenchDatabase, "url">): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  await client.unsafe("vacuum analyze");
  await client.end();
}

/** A customer's text, as the webhook stores it. */
export function storeText(database: Database, workspaceId: string, from: string, body: string) {
  return receiveText(database, {
    workspaceId,
    accountSid,
    messageSid: `SM${randomBytes(16).toString("hex")}`,
    from,
    to: ownNumber,
    body,
    media: [],
    optOutType: null,
    receipt: { body: Buffer.from(`Body=${body}`), headers: {} },
  });
}
