import { createClient } from "@supabase/supabase-js";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSignIn, type SignIn } from "../src/platform/sign-in.ts";
import {
  createMigratedDatabase,
  databaseKinds,
  type TestDatabase,
} from "./support/test-database.ts";

const baseUrl = "http://localhost:4000";
const password = "correct horse battery";

describe.each(databaseKinds)("sign-in on %s", (kind) => {
  let test: TestDatabase;
  let signIn: SignIn;
  const mails: { to: string; text: string }[] = [];

  beforeAll(async () => {
    test = await createMigratedDatabase(kind);
    signIn = createSignIn({
      database: test.database,
      jwtSecret: "a secret of the tests that is long enough",
      baseUrl,
      mail: {
        send: async ({ to, text }) => {
          mails.push({ to: String(to), text: text ?? "" });
        },
      },
    });
  });
  afterAll(() => test.drop());

  const browser = () =>
    createClient(baseUrl, "publishable", {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { fetch: (input, init) => signIn.fetch(new Request(input, init)) },
    }).auth;

  it("alice signs up, refreshes her session, signs out and in again", async () => {
    const auth = browser();
    const signUp = await auth.signUp({ email: "alice@example.test", password });
    expect(signUp.error).toBeNull();
    expect((await auth.refreshSession()).error).toBeNull();
    expect((await auth.signOut()).error).toBeNull();
    const again = await auth.signInWithPassword({ email: "alice@example.test", password });
    expect(again.data.user?.id).toBe(signUp.data.user?.id);
  });

  it("refuses a wrong password and a weak one", async () => {
    const wrong = await browser().signInWithPassword({
      email: "alice@example.test",
      password: "wrong password",
    });
    expect(wrong.error?.code).toBe("invalid_credentials");
    const weak = await browser().signUp({ email: "eve@example.test", password: "short" });
    expect(weak.error?.code).toBe("weak_password");
  });

  it("mails a link to someone who forgot the password, and the code in it works once", async () => {
    expect((await browser().resetPasswordForEmail("alice@example.test")).error).toBeNull();
    const mail = mails.findLast(({ to }) => to === "alice@example.test");
    const tokenHash = /token=([0-9a-f]+)/.exec(mail?.text ?? "")?.[1] ?? "";
    const auth = browser();
    expect((await auth.verifyOtp({ token_hash: tokenHash, type: "recovery" })).error).toBeNull();
    expect((await auth.updateUser({ password: "a new horse battery" })).error).toBeNull();
    const replay = await browser().verifyOtp({ token_hash: tokenHash, type: "recovery" });
    expect(replay.error).not.toBeNull();
  });

  it("sign-ups, refreshes, member transactions and failing ones in parallel never mix", async () => {
    await test.database.runScript(`
      create table ledger (owner uuid not null, note text not null);
      alter table ledger enable row level security;
      create policy "people write and read their own" on ledger
        using (owner = auth.uid()) with check (owner = auth.uid());
      grant select, insert on ledger to authenticated;
    `);
    const people = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const auth = browser();
        const { data, error } = await auth.signUp({ email: `p${n}@example.test`, password });
        expect(error).toBeNull();
        return { auth, id: data.user?.id ?? "" };
      }),
    );

    const asPerson = (id: string, round: number) =>
      test.database.asMember(id, async (trx) => {
        await sql`insert into ledger values (${id}, ${`kept ${round}`})`.execute(trx);
        // Lets other work in between the statements, if anything can come in.
        await new Promise((resolve) => setTimeout(resolve, 1));
        const { rows } = await sql<{ owner: string }>`select owner from ledger`.execute(trx);
        expect(new Set(rows.map((row) => row.owner))).toEqual(new Set([id]));
      });
    const asPersonWhoFails = (id: string) =>
      test.database
        .asMember(id, async (trx) => {
          await sql`insert into ledger values (${id}, 'rolled back')`.execute(trx);
          throw new Error("on purpose");
        })
        .catch((error: Error) => expect(error.message).toBe("on purpose"));
    const outside = async () => {
      const { rows } = await sql<{ isMember: boolean; sub: string | null }>`
        select current_user = 'authenticated' as "isMember", auth.uid()::text as sub
      `.execute(test.database.kysely);
      expect(rows[0]).toEqual({ isMember: false, sub: null });
    };

    const rounds = Array.from({ length: 8 }, (_, round) => round);
    await Promise.all(
      rounds.flatMap((round) =>
        people.flatMap(({ auth, id }) => [
          asPerson(id, round),
          asPersonWhoFails(id),
          outside(),
          auth.refreshSession().then(({ error }) => expect(error).toBeNull()),
        ]),
      ),
    );

    const { rows } = await sql<{ note: string }>`select note from ledger`.execute(
      test.database.kysely,
    );
    expect(rows).toHaveLength(people.length * rounds.length);
    expect(rows.every((row) => row.note.startsWith("kept"))).toBe(true);
  });
});
