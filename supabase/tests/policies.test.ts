import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, migrate, openPGlite, openPostgres } from "./databases.ts";

const acme = "a0000000-0000-4000-8000-000000000001";
const other = "b0000000-0000-4000-8000-000000000001";
/** alice is an agent at Acme, bob owns it, carol works elsewhere, dan was removed. */
const cast = {
  alice: "00000000-0000-4000-8000-00000000000a",
  bob: "00000000-0000-4000-8000-00000000000b",
  carol: "00000000-0000-4000-8000-00000000000c",
  dan: "00000000-0000-4000-8000-00000000000d",
};
const contact = "c0000000-0000-4000-8000-000000000001";
/** A contact that is merged into the one before. */
const card = "c0000000-0000-4000-8000-000000000009";
const message = "d0000000-0000-4000-8000-000000000001";
const upload = "e0000000-0000-4000-8000-000000000001";
const tag = "70000000-0000-4000-8000-000000000001";
const note = "80000000-0000-4000-8000-000000000001";
const contactImport = "f0000000-0000-4000-8000-000000000008";
const hash = "h".repeat(43);

const people = ["anonymous", "alice", "bob", "carol", "dan"] as const;
type Person = (typeof people)[number];
type Attempt = "select" | "insert" | "update" | "delete" | "move";

const fixtures = `
insert into auth.users (id, email) values
  ('${cast.alice}', 'alice@acme.test'), ('${cast.bob}', 'bob@acme.test'),
  ('${cast.carol}', 'carol@other.test'), ('${cast.dan}', 'dan@acme.test');
insert into public.workspaces (id, name) values ('${acme}', 'Acme'), ('${other}', 'Other');
-- bob owns both, so that nothing but the rule itself stops him from moving a row.
insert into public.workspace_members (workspace_id, user_id, role) values
  ('${acme}', '${cast.alice}', 'agent'), ('${acme}', '${cast.bob}', 'owner'),
  ('${other}', '${cast.bob}', 'owner'), ('${other}', '${cast.carol}', 'owner'),
  ('${acme}', '${cast.dan}', 'admin');
delete from public.workspace_members where user_id = '${cast.dan}';
insert into public.profiles (user_id, display_name) values ('${cast.alice}', 'Alice');
insert into public.workspace_invites (workspace_id, token_hash, expires_at)
  values ('${acme}', '${hash}', now() + interval '1 day');
insert into public.contacts (id, workspace_id, phone_number)
  values ('${contact}', '${acme}', '+15550000001');
insert into public.contact_imports (id, workspace_id, created_by, file_name)
  values ('${contactImport}', '${acme}', '${cast.bob}', 'people.csv');
insert into public.contact_import_rows (workspace_id, import_id, contact_id, was_created)
  values ('${acme}', '${contactImport}', '${contact}', false);
insert into public.contact_fields (workspace_id, label, kind) values ('${acme}', 'Birthday', 'date');
insert into public.messages (id, workspace_id, contact_id, direction, content, status, created_by)
  values ('${message}', '${acme}', '${contact}', 'outbound', 'hi', 'pending', '${cast.alice}'),
    (gen_random_uuid(), '${acme}', '${contact}', 'outbound', 'lost', 'unconfirmed', null);
insert into public.message_media (workspace_id, message_id, position)
  values ('${acme}', '${message}', 0);
insert into public.media_uploads (id, workspace_id, created_by, storage_path, content_type, size_bytes)
  values ('${upload}', '${acme}', '${cast.alice}', '${acme}/${upload}', 'image/png', 1);
insert into public.message_reactions (
  workspace_id, message_id, emoji, content, twilio_sid, from_number, to_number
) values ('${acme}', '${message}', '👍', 'Liked “hi”', 'SM3', '+15550000001', '+15551110000');
insert into public.contact_consents (workspace_id, contact_id, action, source)
  values ('${acme}', '${contact}', 'opted_out', 'keyword');
insert into public.message_attempts (workspace_id, message_id, round, status, since)
  values ('${acme}', '${message}', 1, 'failed', now());
insert into public.sender_lanes (workspace_id, sender) values ('${acme}', '+15551110000');
insert into public.canned_replies (workspace_id, shortcut, content) values ('${acme}', 'hi', 'Hello');
insert into public.conversation_views (workspace_id, contact_id, user_id)
  values ('${acme}', '${contact}', '${cast.bob}');
insert into public.saved_views (workspace_id, name, view, sort)
  values ('${acme}', 'Everyone''s', 'open', 'recent');
insert into public.message_status_events (workspace_id, account_sid, message_sid, status)
  values ('${acme}', 'AC1', 'SM1', 'sent');
insert into public.webhook_receipts (workspace_id, kind, account_sid, message_sid, body, outcome)
  values ('${acme}', 'inbound', 'AC1', 'SM2', 'Body=hi', 'accepted');
insert into public.twilio_numbers (workspace_id, phone_number, twilio_sid)
  values ('${acme}', '+15551110000', 'PN1');
insert into public.workspace_twilio_config (workspace_id, account_sid) values ('${acme}', 'AC1');
insert into public.twilio_services (workspace_id, service_sid, friendly_name, uses_number_webhook)
  values ('${acme}', 'MG1', 'Support', true);
insert into public.twilio_webhook_changes
  (workspace_id, target, target_sid, label, settings_before, settings_after)
  values ('${acme}', 'number', 'PN1', '+15551110000', '{}', '{}');
insert into public.refused_webhooks (workspace_id, kind, reason)
  values ('${acme}', 'inbound', 'not_signed');
insert into public.tags (id, workspace_id, name) values ('${tag}', '${acme}', 'VIP');
insert into public.conversation_notes (id, workspace_id, contact_id, author_id, body)
  values ('${note}', '${acme}', '${contact}', '${cast.alice}', 'Ask @Bob');
insert into public.note_mentions (workspace_id, note_id, user_id)
  values ('${acme}', '${note}', '${cast.bob}');
insert into public.conversation_activities (workspace_id, contact_id, kind)
  values ('${acme}', '${contact}', 'blocked');
insert into public.contacts (id, workspace_id, phone_number, merged_into)
  values ('${card}', '${acme}', '+15550000009', '${contact}');
insert into public.contact_merges (workspace_id, survivor_id, absorbed_id, before, after, merged_by)
  values ('${acme}', '${contact}', '${card}', '{}', '{}', '${cast.alice}');
insert into public.contact_distinctions (workspace_id, contact_id, other_id)
  values ('${acme}', '${contact}', '${card}');
select private.append_workspace_event('${acme}', 'contact.created', '{}');
select private.append_audit('${acme}', 'workspace.created', null, null);
select private.put_workspace_secret('${acme}', 'auth_token', '\\x00', 'k1');
`;

interface Expectation {
  insert: (me: string) => string;
  set: string;
  /** Five letters for select, insert, update, delete, move: y done, n no row seen,
   * x refused, u stopped by a unique rule, c by a check. */
  is: Record<Person, string>;
}
const closed = { anonymous: "xxxxx" };
const outside = (is: string) => ({ carol: is, dan: is });
const readOnly = { alice: "yxxxx", bob: "yxxxx", ...outside("nxxxx"), ...closed };
const adminsRead = { ...readOnly, alice: "nxxxx" };
const into = (table: string, columns: string, values: string) =>
  `insert into public.${table} (workspace_id, ${columns}) values ('${acme}', ${values})`;

const expectations: Record<string, Expectation> = {
  workspaces: {
    insert: () => "insert into public.workspaces (name) values ('Mine')",
    set: "name = 'Renamed'",
    is: { ...closed, alice: "yxnxx", bob: "yxyxx", ...outside("nxnxx") },
  },
  workspace_members: {
    insert: (me) => into("workspace_members", "user_id, role", `'${me}', 'owner'`),
    set: "role = 'owner'",
    // bob may remove members, but not the last owner.
    is: { ...closed, alice: "yxnnx", bob: "yxycx", ...outside("nxnnx") },
  },
  profiles: {
    insert: () => `insert into public.profiles (user_id) values ('${cast.dan}')`,
    set: "display_name = 'Al'",
    is: { ...closed, alice: "yxyxx", bob: "yxnxx", carol: "nxnxx", dan: "nynxx" },
  },
  workspace_invites: {
    insert: (me) =>
      into(
        "workspace_invites",
        "token_hash, expires_at, created_by",
        `'${"i".repeat(43)}', now(), '${me}'`,
      ),
    set: "expires_at = now() + interval '1 year'",
    is: { ...closed, alice: "nxxnx", bob: "yyxyx", ...outside("nxxnx") },
  },
  contacts: {
    insert: () => into("contacts", "phone_number", "'+15550000002'"),
    set: "name = 'Ann', unread_count = 0",
    is: { ...closed, alice: "yyyxx", bob: "yyyxx", ...outside("nxnxx") },
  },
  contact_imports: {
    insert: (me) => into("contact_imports", "created_by, file_name", `'${me}', 'x.csv'`),
    set: "undone_at = now()",
    is: { ...closed, alice: "nxnxx", bob: "yyyxx", ...outside("nxnxx") },
  },
  contact_import_rows: {
    insert: () =>
      into(
        "contact_import_rows",
        "import_id, contact_id, was_created",
        `'${contactImport}', '${contact}', true`,
      ),
    set: "undone_at = now()",
    // bob may add rows, but this one is there already.
    is: { ...closed, alice: "nxnxx", bob: "yuyxx", ...outside("nxnxx") },
  },
  contact_fields: {
    insert: () => into("contact_fields", "label, kind", "'Plan', 'text'"),
    set: "label = 'Tier'",
    is: { ...closed, alice: "yxnxx", bob: "yyyxx", ...outside("nxnxx") },
  },
  contact_merges: {
    insert: (me) =>
      into(
        "contact_merges",
        "survivor_id, absorbed_id, before, after, merged_by",
        `'${card}', '${contact}', '{}', '{}', '${me}'`,
      ),
    set: "undone_at = now()",
    is: readOnly,
  },
  contact_distinctions: {
    insert: (me) =>
      into(
        "contact_distinctions",
        "contact_id, other_id, created_by",
        `'${contact}', '${card}', '${me}'`,
      ),
    set: "created_at = now()",
    // They were told apart before.
    is: { ...closed, alice: "yuxyx", bob: "yuxyx", ...outside("nxxnx") },
  },
  messages: {
    insert: (me) =>
      into(
        "messages",
        "contact_id, direction, content, status, created_by",
        `'${contact}', 'outbound', 'hello', 'pending', '${me}'`,
      ),
    set: "status = 'sent'",
    // Only what never left may be removed, and there is no such text.
    is: { ...closed, alice: "yyynx", bob: "yyynx", ...outside("nxnnx") },
  },
  message_attempts: {
    insert: () =>
      into("message_attempts", "message_id, round, status, since", `'${message}', 2, 'x', now()`),
    set: "status = 'delivered'",
    is: readOnly,
  },
  tags: {
    insert: () => into("tags", "name", "'Urgent'"),
    set: "name = 'Loyal'",
    is: { ...closed, alice: "yxnnx", bob: "yyyyx", ...outside("nxnnx") },
  },
  conversation_notes: {
    insert: (me) =>
      into("conversation_notes", "contact_id, author_id, body", `'${contact}', '${me}', 'hi'`),
    set: "body = 'changed'",
    is: { ...closed, alice: "yyyyx", bob: "yynnx", ...outside("nxnnx") },
  },
  note_mentions: {
    insert: () => into("note_mentions", "note_id, user_id", `'${note}', '${cast.alice}'`),
    set: "read_at = now()",
    // Only the author mentions people, and only the mentioned have read it.
    is: { ...closed, alice: "yynyx", bob: "yxynx", ...outside("nxnnx") },
  },
  conversation_activities: {
    insert: () => into("conversation_activities", "contact_id, kind", `'${contact}', 'blocked'`),
    set: "kind = 'unblocked'",
    is: readOnly,
  },
  message_media: {
    insert: () => into("message_media", "message_id, position", `'${message}', 1`),
    set: "state = 'stored'",
    // bob can't attach to the message alice is sending.
    is: { ...readOnly, alice: "yyxxx" },
  },
  media_uploads: {
    insert: (me) => {
      const id = crypto.randomUUID();
      return into(
        "media_uploads",
        "id, created_by, storage_path, content_type, size_bytes",
        `'${id}', '${me}', '${acme}/${id}', 'image/png', 1`,
      );
    },
    set: "size_bytes = 2",
    // The upload that waits is alice's: bob neither sees nor removes it.
    is: { ...closed, alice: "yyxyx", bob: "nyxnx", ...outside("nxxnx") },
  },
  message_reactions: {
    insert: () =>
      into(
        "message_reactions",
        "message_id, emoji, content, twilio_sid, from_number, to_number",
        `'${message}', '👎', 'x', 'SM4', '+1', '+2'`,
      ),
    set: "emoji = '👎'",
    is: readOnly,
  },
  contact_consents: {
    insert: () =>
      into("contact_consents", "contact_id, action, source", `'${contact}', 'opted_in', 'keyword'`),
    set: "action = 'opted_in'",
    is: readOnly,
  },
  canned_replies: {
    insert: (me) => into("canned_replies", "shortcut, content, created_by", `'new', 'x', '${me}'`),
    set: "content = 'y'",
    is: { ...closed, alice: "yyyyx", bob: "yyyyx", ...outside("nxnnx") },
  },
  conversation_views: {
    insert: (me) => into("conversation_views", "contact_id, user_id", `'${contact}', '${me}'`),
    set: "seen_at = now()",
    // bob has seen it already.
    is: { ...closed, alice: "yynxx", bob: "yuyxx", ...outside("nxnxx") },
  },
  saved_views: {
    insert: (me) =>
      into("saved_views", "created_by, name, view, sort", `'${me}', 'x', 'open', 'recent'`),
    set: "name = 'y'",
    is: { ...closed, alice: "yynnx", bob: "yyyyx", ...outside("nxnnx") },
  },
  message_status_events: {
    insert: () =>
      into("message_status_events", "account_sid, message_sid, status", "'AC1', 'SM1', 'x'"),
    set: "status = 'delivered'",
    is: readOnly,
  },
  webhook_receipts: {
    insert: () => into("webhook_receipts", "kind, body, outcome", "'inbound', '', 'rejected'"),
    set: "outcome = 'rejected'",
    is: adminsRead,
  },
  twilio_numbers: {
    insert: () => into("twilio_numbers", "phone_number, twilio_sid", "'+15551110001', 'PN2'"),
    set: "friendly_name = 'Main'",
    is: { ...closed, alice: "yxnnx", bob: "yyyyx", ...outside("nxnnx") },
  },
  workspace_twilio_config: {
    // bob may connect, but there is one connection already.
    insert: () => into("workspace_twilio_config", "account_sid", "'AC2'"),
    set: "webhook_type = 'per_number'",
    is: { ...closed, alice: "yxnnx", bob: "yuyyx", ...outside("nxnnx") },
  },
  twilio_services: {
    insert: () =>
      into(
        "twilio_services",
        "service_sid, friendly_name, uses_number_webhook",
        "'MG2', 'x', true",
      ),
    set: "friendly_name = 'Main'",
    is: { ...closed, alice: "yxnnx", bob: "yyyyx", ...outside("nxnnx") },
  },
  twilio_webhook_changes: {
    insert: (me) =>
      into(
        "twilio_webhook_changes",
        "target, target_sid, label, settings_before, settings_after, created_by",
        `'number', 'PN1', 'x', '{}', '{}', '${me}'`,
      ),
    set: "undone_at = now()",
    is: { ...closed, alice: "nxnxx", bob: "yyyxx", ...outside("nxnxx") },
  },
  refused_webhooks: {
    insert: () => into("refused_webhooks", "kind, reason", "'status', 'not_signed'"),
    set: "times = 0",
    is: adminsRead,
  },
  workspace_sending: {
    insert: () => `insert into public.workspace_sending (workspace_id) values ('${acme}')`,
    set: "default_sender = '+15551110000'",
    is: { ...closed, alice: "yxnxx", bob: "yxyxx", ...outside("nxnxx") },
  },
  sender_lanes: {
    insert: () => into("sender_lanes", "sender", "'+15551110001'"),
    set: "segments_per_second = 3",
    is: { ...closed, alice: "yxnxx", bob: "yyyxx", ...outside("nxnxx") },
  },
  workspace_streams: {
    insert: () => `insert into public.workspace_streams (workspace_id) values ('${acme}')`,
    set: "last_seq = 0",
    is: readOnly,
  },
  workspace_events: {
    insert: () => into("workspace_events", "seq, type, payload", "99, 'x', '{}'"),
    set: "payload = '[]'",
    is: readOnly,
  },
  audit_log: {
    insert: () => into("audit_log", "action", "'nothing.happened'"),
    set: "action = 'x'",
    is: adminsRead,
  },
};

const keyOf = (table: string) =>
  table === "workspaces" ? "id" : table === "profiles" ? "user_id" : "workspace_id";
const keyValue = (table: string) => (table === "profiles" ? cast.alice : acme);

function statement(table: string, expectation: Expectation, attempt: Attempt, me: string): string {
  const where = `where ${keyOf(table)} = '${keyValue(table)}'`;
  switch (attempt) {
    case "select":
      return `select * from public.${table} ${where}`;
    case "insert":
      return expectation.insert(me);
    case "update":
      return `update public.${table} set ${expectation.set} ${where}`;
    case "delete":
      return `delete from public.${table} ${where}`;
    case "move":
      return `update public.${table} set ${keyOf(table)} = '${other}' ${where}`;
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "?";
}

const letters: Record<string, string> = { "42501": "x", "23505": "u", "23514": "c" };

const engines: [string, () => Promise<Database>][] = [
  ["PGlite", openPGlite],
  ["Postgres", openPostgres],
];

describe.each(engines)("policies on %s", (_engine, open) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
    await migrate(db);
    await db.script(fixtures);
  });
  afterAll(() => db?.close());

  async function as(person: Person, sql: string): Promise<string> {
    const me = person === "anonymous" ? undefined : cast[person];
    await db.run("begin");
    try {
      await db.run(`set local role ${me ? "authenticated" : "anon"}`);
      const claims = me ? JSON.stringify({ sub: me, role: "authenticated" }) : "";
      await db.run(`select set_config('request.jwt.claims', '${claims}', true)`);
      return (await db.run(sql)).count > 0 ? "y" : "n";
    } catch (error) {
      const code = codeOf(error);
      return letters[code] ?? `[${code}]`;
    } finally {
      await db.run("rollback");
    }
  }

  async function column(sql: string): Promise<unknown[]> {
    return (await db.run(sql)).rows.map((row) => Object.values(row)[0]);
  }

  test("every table has expectations, and every expectation a table", async () => {
    const tables = await column(
      "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1",
    );
    expect(tables).toEqual(Object.keys(expectations).sort());
  });

  describe.each(Object.entries(expectations))("%s", (table, expectation) => {
    test.each(people)("%s gets what is expected", async (person) => {
      const me = person === "anonymous" ? cast.carol : cast[person];
      let got = "";
      for (const attempt of ["select", "insert", "update", "delete", "move"] as const) {
        got += await as(person, statement(table, expectation, attempt, me));
      }
      expect(got).toBe(expectation.is[person]);
    });
  });

  test("not even the server moves a row to another workspace", async () => {
    for (const table of Object.keys(expectations)) {
      if (keyOf(table) !== "workspace_id") continue;
      const sql = `update public.${table} set workspace_id = '${other}' where workspace_id = '${acme}'`;
      await expect(db.run(sql), table).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("a message can't point at another workspace's contact", async () => {
    await expect(
      db.run(
        `insert into public.messages (workspace_id, contact_id, direction, content) values ('${other}', '${contact}', 'outbound', 'x')`,
      ),
    ).rejects.toMatchObject({ code: "23503" });
  });

  test("a merged contact is unseen, stays merged, and its texts go to whoever speaks for it", async () => {
    expect(await as("alice", `select from public.contacts where id = '${card}'`)).toBe("n");
    expect(await as("alice", `update public.contacts set name = 'x' where id = '${card}'`)).toBe(
      "n",
    );
    expect(
      await as("alice", `update public.contacts set merged_into = null where id = '${contact}'`),
    ).toBe("x");
    const sent = into(
      "messages",
      "contact_id, direction, content, status, created_by",
      `'${card}', 'outbound', 'x', 'pending', '${cast.alice}'`,
    );
    const followed = `with sent as (${sent} returning contact_id, card_id)
      select from sent where contact_id = '${contact}' and card_id = '${card}'`;
    expect(await as("alice", followed)).toBe("y");
    const astray = into(
      "messages",
      "contact_id, card_id, direction, content, status, created_by",
      `'${contact}', '${contact}', 'outbound', 'x', 'pending', '${cast.alice}'`,
    );
    expect(await as("alice", astray)).toBe("c");
  });

  test("nobody merges, unmerges or compares another workspace's contacts", async () => {
    const merge = `select private.merge_contacts('${acme}', '${contact}', '${card}', '{}')`;
    expect(await as("alice", merge)).toBe("y");
    for (const person of ["anonymous", "carol", "dan"] as const) {
      expect(await as(person, merge), person).toBe("x");
      expect(await as(person, `select private.unmerge_contact('${acme}', '${card}')`), person).toBe(
        "x",
      );
    }
    for (const person of ["carol", "dan"] as const) {
      const duplicates = `select from private.find_duplicates('${acme}', null, 10)`;
      expect(await as(person, duplicates), person).toBe("n");
      const speaker = `select 1 where private.find_merged_into('${acme}', '${card}') is not null`;
      expect(await as(person, speaker), person).toBe("n");
      const marked = `select 1 where private.has_agent_mark('${acme}', '${contact}')`;
      expect(await as(person, marked), person).toBe("n");
      const speakers = `select from private.find_speakers('${acme}', '{+15550000001}')`;
      expect(await as(person, speakers), person).toBe("n");
    }
  });

  test("a member speaks only in their own name and never as the customer", async () => {
    const send = (direction: string, status: string, by: string) =>
      into(
        "messages",
        "contact_id, direction, content, status, created_by",
        `'${contact}', '${direction}', 'x', '${status}', '${by}'`,
      );
    expect(await as("alice", send("outbound", "pending", cast.bob))).toBe("x");
    expect(await as("alice", send("inbound", "received", cast.alice))).toBe("x");
    expect(await as("alice", send("outbound", "delivered", cast.alice))).toBe("x");
  });

  test("a member changes what is scheduled, and no other text's words or end", async () => {
    const [scheduled, failed, left] = [1, 2, 3].map(
      (n) => `d0000000-0000-4000-8000-00000000010${n}`,
    );
    const insert = (id: string | undefined, status: string, mayHaveLeft: boolean) =>
      into(
        "messages",
        "id, contact_id, direction, content, status, scheduled_for, may_have_left",
        `'${id}', '${contact}', 'outbound', 'x', '${status}', now() + interval '1 hour', ${mayHaveLeft}`,
      );
    await db.run(insert(scheduled, "scheduled", false));
    await db.run(insert(failed, "failed", false));
    await db.run(insert(left, "failed", true));
    const update = (id: string | undefined, set: string) =>
      `update public.messages set ${set} where id = '${id}'`;
    expect(await as("alice", update(scheduled, "content = 'y'"))).toBe("y");
    expect(await as("alice", update(scheduled, "status = 'canceled'"))).toBe("y");
    expect(await as("alice", update(scheduled, "status = 'sent'"))).toBe("c");
    expect(await as("carol", update(scheduled, "content = 'y'"))).toBe("n");
    expect(await as("alice", update(failed, "content = 'y'"))).toBe("n");
    expect(
      await as(
        "alice",
        "update public.messages set status = 'canceled' where status = 'unconfirmed'",
      ),
    ).toBe("c");
    expect(await as("alice", `delete from public.messages where id = '${failed}'`)).toBe("y");
    expect(await as("alice", `delete from public.messages where id = '${left}'`)).toBe("n");
    const again = `select private.begin_round('${acme}', '${failed}')`;
    expect(await as("alice", again)).toBe("y");
    expect(await as("carol", again)).toBe("x");
    const restore = `select private.restore_scheduled('${acme}', '${scheduled}')`;
    expect(await as("alice", restore)).toBe("y");
    for (const person of ["anonymous", "carol", "dan"] as const) {
      expect(await as(person, restore), person).toBe("x");
      expect(await as(person, `select private.keep_round('${acme}', '${scheduled}')`), person).toBe(
        "x",
      );
    }
    await db.run(
      `delete from public.messages where id in ('${scheduled}', '${failed}', '${left}')`,
    );
  });

  test("events and audit records are appended by members only", async () => {
    const event = `select private.append_workspace_event('${acme}', 'x', '{}')`;
    const audit = `select private.append_audit('${acme}', 'x', null, null)`;
    for (const sql of [event, audit]) {
      expect(await as("alice", sql)).toBe("y");
      for (const person of ["anonymous", "carol", "dan"] as const) {
        expect(await as(person, sql), person).toBe("x");
      }
    }
    await db.run("begin");
    await db.run("set local role authenticated");
    await expect(db.run(event), "a token without a subject").rejects.toMatchObject({
      code: "42501",
    });
    await db.run("rollback");
  });

  test("an agent marks an opt-out and undoes that one, never the customer's own", async () => {
    const mark = `select from private.mark_opted_out('${acme}', '${contact}', 'asked')`;
    const undo = `select from (select private.undo_opt_out('${acme}', '${contact}', null) as done) u where done`;
    expect(await as("alice", mark)).toBe("y");
    for (const person of ["anonymous", "carol", "dan"] as const) {
      expect(await as(person, mark), person).toBe("x");
      expect(await as(person, undo), person).toBe("x");
    }
    expect(await as("alice", undo)).toBe("n");
    await expect(
      db.run(`update public.contact_consents set note = 'x' where workspace_id = '${acme}'`),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(
      db.run(`delete from public.contact_consents where workspace_id = '${acme}'`),
    ).rejects.toMatchObject({ code: "42501" });
  });

  test("an admin sets a quarantined receipt aside, and does nothing else to it", async () => {
    await db.run(
      `insert into public.webhook_receipts (workspace_id, kind, body, outcome) values ('${acme}', 'inbound', 'x', 'quarantined')`,
    );
    const settle = (as: string, by: string) =>
      `update public.webhook_receipts set settled_as = '${as}', settled_at = now(), settled_by = '${by}'
       where workspace_id = '${acme}' and outcome = 'quarantined'`;
    expect(await as("bob", settle("dismissed", cast.bob))).toBe("y");
    expect(await as("bob", settle("dismissed", cast.alice))).toBe("x");
    expect(await as("bob", settle("processed", cast.bob))).toBe("x");
    for (const person of ["alice", "carol", "dan"] as const) {
      expect(await as(person, settle("dismissed", cast[person])), person).toBe("n");
    }
    expect(
      await as(
        "bob",
        `update public.webhook_receipts set settled_as = 'dismissed', settled_at = now(), settled_by = '${cast.bob}'
         where workspace_id = '${acme}' and outcome = 'accepted'`,
      ),
    ).toBe("n");
  });

  test("secrets are written by admins and read by nobody", async () => {
    const put = `select private.put_workspace_secret('${acme}', 'auth_token', '\\x01', 'k1')`;
    expect(await as("bob", put)).toBe("y");
    expect(await as("alice", put)).toBe("x");
    expect(await as("carol", put)).toBe("x");
    const remove = `select private.remove_workspace_secret('${acme}', 'auth_token')`;
    expect(await as("bob", remove)).toBe("y");
    expect(await as("alice", remove)).toBe("x");
    expect(await as("carol", remove)).toBe("x");
    for (const person of people) {
      expect(await as(person, "select * from private.workspace_secrets"), person).toBe("x");
    }
    const held = await column(
      `select r || ' ' || p from unnest(array['anon', 'authenticated']) r,
         unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
       where has_table_privilege(r, 'private.workspace_secrets', p)
         or (p in ('select', 'insert', 'update', 'references')
           and has_any_column_privilege(r, 'private.workspace_secrets', p))`,
    );
    expect(held).toEqual([]);
  });

  test("a contact wears tags of its own workspace only, and loses one that is removed", async () => {
    const foreign = crypto.randomUUID();
    await db.run("begin");
    await db.run(
      `insert into public.tags (id, workspace_id, name) values ('${foreign}', '${other}', 'x')`,
    );
    await db.run("savepoint start");
    const wear = (id: string) =>
      db.run(`update public.contacts set tag_ids = array['${id}'::uuid] where id = '${contact}'`);
    await expect(wear(foreign)).rejects.toMatchObject({ code: "23503" });
    await db.run("rollback to start");
    await wear(tag);
    await db.run(`delete from public.tags where id = '${tag}'`);
    expect(
      await column(`select tag_ids::text from public.contacts where id = '${contact}'`),
    ).toEqual(["{}"]);
    await db.run("rollback");
  });

  test("only an admin deletes a conversation, and members see it no more", async () => {
    const remove = `select private.delete_contact('${acme}', '${contact}')`;
    for (const person of ["anonymous", "alice", "carol", "dan"] as const) {
      expect(await as(person, remove), person).toBe("x");
    }
    await db.run("begin");
    await db.run(
      `select set_config('request.jwt.claims', '{"sub": "${cast.bob}", "role": "authenticated"}', true)`,
    );
    await db.run("set local role authenticated");
    expect(await column(remove)).toEqual([true]);
    expect(await column("select id from public.contacts")).toEqual([]);
    expect(await column(`select private.restore_contact('${acme}', '${contact}')`)).toEqual([
      "restored",
    ]);
    expect(await column("select phone_number from public.contacts")).toEqual(["+15550000001"]);
    await db.run("rollback");
  });

  test("an invitation works once", async () => {
    await db.run("begin");
    await db.run(`select set_config('request.jwt.claim.sub', '${cast.dan}', true)`);
    expect(await column(`select private.accept_invite('${hash}')`)).toEqual([acme]);
    expect(await column(`select private.accept_invite('${hash}')`)).toEqual([null]);
    await db.run("rollback");
  });

  test("whoever creates a workspace owns it, and it can be deleted whole", async () => {
    const id = crypto.randomUUID();
    await db.run("begin");
    await db.run(`select set_config('request.jwt.claim.sub', '${cast.dan}', true)`);
    await db.run(`select private.create_workspace('${id}', 'New')`);
    expect(await column(`select private.my_role('${id}')`)).toEqual(["owner"]);
    await db.run(`select private.append_audit('${id}', 'x', null, null)`);
    expect((await db.run(`delete from public.workspaces where id = '${id}'`)).count).toBe(1);
    await db.run("rollback");
  });

  test.each([
    [
      "row level security is on everywhere",
      "select oid::regclass::text from pg_class where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'p') and not relrowsecurity",
    ],
    [
      "every public table has a policy",
      "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not exists (select from pg_policy p where p.polrelid = c.oid)",
    ],
    [
      "every policy is for authenticated",
      "select tablename || ': ' || policyname from pg_policies where schemaname = 'public' and roles <> array['authenticated'::name]",
    ],
    [
      "security definer functions have an empty search path",
      `select p.oid::regprocedure::text from pg_proc p where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosecdef and not coalesce('search_path=""' = any (p.proconfig), false)`,
    ],
    [
      "anonymous runs no private function",
      "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'private'::regnamespace and has_function_privilege('anon', p.oid, 'execute')",
    ],
    [
      "anonymous can't look into private",
      "select 1 where has_schema_privilege('anon', 'private', 'usage')",
    ],
    [
      "every tenant table has workspace_id not null",
      "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('workspaces', 'profiles') and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and a.attnotnull)",
    ],
    [
      "foreign keys between tenant tables contain workspace_id",
      "select k.conrelid::regclass || ' ' || k.conname from pg_constraint k join pg_attribute a on a.attrelid = k.confrelid and a.attname = 'workspace_id' where k.contype = 'f' and not exists (select from pg_attribute b where b.attrelid = k.conrelid and b.attname = 'workspace_id' and b.attnum = any (k.conkey))",
    ],
    [
      // An id of our own is a uuid; Twilio's SIDs are written by the server alone.
      "unique rules contain workspace_id",
      "select i.indexrelid::regclass::text from pg_index i join pg_attribute w on w.attrelid = i.indrelid and w.attname = 'workspace_id' join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace and i.indisunique and not w.attnum = any (i.indkey) and not i.indisprimary",
    ],
    [
      "every tenant table has an index that leads with workspace_id",
      "select w.attrelid::regclass::text from pg_attribute w join pg_class c on c.oid = w.attrelid where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and w.attname = 'workspace_id' and not exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = w.attnum)",
    ],
  ])("%s", async (_sentence, offenders) => {
    expect(await column(offenders)).toEqual([]);
  });
});
