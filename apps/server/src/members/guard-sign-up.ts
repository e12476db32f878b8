import { sql } from "kysely";
import type { Config } from "../config.ts";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { findOpenInvite } from "./find-open-invite.ts";

/**
 * Decides who may have an account: the very first person, the holder of an open
 * invitation, or anyone where sign-up is open. The returned function runs
 * `signUp` or throws `signup_closed`; of two people who come first at the same
 * moment, one gets in.
 */
export function createSignUpGuard(
  config: Pick<Config, "isSignupOpen" | "platform">,
  database: Database,
): <T>(inviteToken: string | null, signUp: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();

  async function asFirst<T>(signUp: () => Promise<T>): Promise<T> {
    const { rows } = await sql<{ found: boolean }>`
      select exists (select from auth.users) as found
    `.execute(database.kysely);
    if (rows[0]?.found !== false) {
      throw new DomainError(
        "signup_closed",
        "An account needs an invitation. Ask the owner of your workspace for a link.",
      );
    }
    return signUp();
  }

  return async (inviteToken, signUp) => {
    if (config.isSignupOpen) return signUp();
    if (inviteToken !== null && (await findOpenInvite(database, inviteToken))) return signUp();
    // One after the other in this process, so that waiting takes one connection at most.
    const turn = last.then(() =>
      config.platform.kind === "embedded"
        ? asFirst(signUp)
        : withServersLocked(database, () => asFirst(signUp)),
    );
    last = turn.catch(() => {});
    return turn;
  };
}

/** Keeps other servers on the same database out meanwhile. The work itself runs on other connections. */
async function withServersLocked<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return database.kysely.transaction().execute(async (held) => {
    await sql`select pg_advisory_xact_lock(hashtext('livechat first account'))`.execute(held);
    return work();
  });
}
