import type { Transaction } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tables } from "../platform/database.ts";
import { type NumberChanges, replaceLine } from "./numbers-store.ts";
import type { Line } from "./plan-webhooks.ts";
import type { TwilioCredentials } from "./twilio-client.ts";

/** One of the database's two doors, as whoever it is done for: a person, or the server itself. */
export type Door = <T>(work: (trx: Transaction<Tables>) => Promise<T>) => Promise<T>;

/** The door of a person. */
export function openDoor({ database }: Context, { userId }: { userId: string }): Door {
  return (work) => database.asMember(userId, work);
}

/**
 * Reads the account's numbers and services and keeps what is then true; sets
 * nothing at Twilio. Throws `twilio_credentials_refused`,
 * `twilio_account_inactive` or `twilio_unreachable`.
 */
export async function syncNumbers(
  context: Context,
  door: Door,
  workspaceId: string,
  credentials: TwilioCredentials,
): Promise<NumberChanges> {
  const line = await readLine(context, credentials);
  return door((trx) => replaceLine(trx, workspaceId, line));
}

/** The numbers and services of an account as Twilio has them now. Throws as {@link syncNumbers} does. */
export async function readLine({ twilio }: Context, credentials: TwilioCredentials): Promise<Line> {
  const numbers = await twilio.listNumbers(credentials);
  const services = await twilio.listServices(credentials).catch((error: unknown) => {
    const isKeyTooWeak =
      credentials.apiKey &&
      error instanceof DomainError &&
      error.code === "twilio_credentials_refused";
    if (!isKeyTooWeak) throw error;
    // A key that may only send does not see them; the Auth Token sees everything.
    const { accountSid, authToken } = credentials;
    return twilio.listServices({ accountSid, authToken });
  });
  return { numbers, services };
}
