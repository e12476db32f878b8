import { App, Connection, type EmailDriver, getAuthSchemaSql } from "@supabase/lite";
import type { Database } from "./database.ts";

/** How people sign in where Supabase itself does not do it. */
export interface SignInOptions {
  database: Database;
  /** Signs the access tokens (HS256); at least 32 characters. */
  jwtSecret: string;
  /** The public address, without a slash at the end: the links in mails start with it. */
  baseUrl: string;
  mail: EmailDriver;
}

/** A service that answers `/auth/v1/*` as Supabase Auth does. */
export interface SignIn {
  fetch(request: Request): Promise<Response>;
}

/**
 * Lets Supabase Lite run its sign-in queries on our own Kysely. A second Kysely
 * over the same PGlite session would open transactions that the first one's
 * queries fall into.
 */
class SharedConnection extends Connection<Database> {
  driver: Database;
  dialect = "postgres" as const;

  constructor(database: Database) {
    super({});
    this.driver = database;
    this.kysely = database.kysely;
  }

  introspect(): never {
    throw new Error("Sign-in shares our database and never inspects it.");
  }

  async close(): Promise<void> {
    // The database belongs to the caller.
  }
}

/** The tables of the schema `auth`, as Supabase Lite needs them; safe to run again. */
export function signInSchema(): string {
  return getAuthSchemaSql();
}

/** Sign-up, sign-in, refresh, sign-out and password recovery over our own database. */
export function createSignIn(options: SignInOptions): SignIn {
  const app = new App({
    connection: new SharedConnection(options.database),
    auth: {
      enabled: true,
      jwt_secret: options.jwtSecret,
      site_url: options.baseUrl,
      additional_redirect_urls: [`${options.baseUrl}/reset-password`],
      minimum_password_length: 8,
      email: { enable_confirmations: false },
    },
    db: { migrations: { enabled: false } },
    options: { drivers: { email: leadToNewPassword(options) }, server: { apiKeys: false } },
  });
  return { fetch: async (request) => app.fetch(request, { peerAddress: null }) };
}

// Supabase Lite lets every link lead to the start page. The one in a recovery mail
// signs the person in, so it must lead to where they choose a new password.
function leadToNewPassword({ baseUrl, mail }: SignInOptions): EmailDriver {
  const start = `type=recovery&redirect_to=${encodeURIComponent(baseUrl)}`;
  const target = `${start}${encodeURIComponent("/reset-password")}`;
  return {
    send: async (message) => {
      await mail.send({
        ...message,
        text: message.text?.replaceAll(start, target),
        html: message.html?.replaceAll(start, target),
      });
    },
  };
}
