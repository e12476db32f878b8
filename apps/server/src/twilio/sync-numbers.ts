import type { TwilioNumber } from "@livechat/shared";
import type { Context } from "../context.ts";
import { listNumbers, replaceNumbers } from "./numbers-store.ts";
import type { CarrierNumber, TwilioCredentials } from "./twilio-client.ts";
import { buildSmsUrl, isFreeToSet } from "./webhook-urls.ts";

/**
 * Reads the account's numbers, points them to this workspace where nothing else
 * is set (or anyway, with `replaceForeignUrls`), and keeps what is then true. A
 * number whose address can't be set keeps its old one, and shows it. Throws
 * `twilio_credentials_refused` or `twilio_unreachable`.
 */
export async function syncNumbers(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  credentials: TwilioCredentials,
  { replaceForeignUrls }: { replaceForeignUrls: boolean },
): Promise<TwilioNumber[]> {
  const { baseUrl } = context.config;
  const expected = buildSmsUrl(baseUrl, workspaceId);
  const numbers: CarrierNumber[] = [];
  for (const number of await context.twilio.listNumbers(credentials)) {
    const isOurs = number.smsUrl === expected;
    const maySet = replaceForeignUrls || isFreeToSet(number.smsUrl, baseUrl, workspaceId);
    const isSet = !isOurs && maySet && (await trySet(context, credentials, number, expected));
    numbers.push(isSet ? { ...number, smsUrl: expected } : number);
  }
  return context.database.asMember(caller.userId, async (trx) => {
    await replaceNumbers(trx, workspaceId, numbers);
    return listNumbers(trx, workspaceId, baseUrl);
  });
}

async function trySet(
  { twilio, log }: Context,
  credentials: TwilioCredentials,
  number: CarrierNumber,
  smsUrl: string,
): Promise<boolean> {
  try {
    await twilio.setSmsUrl(credentials, number.sid, smsUrl);
    return true;
  } catch (error) {
    // One number must not keep the others from working.
    log.warn({ err: error, numberSid: number.sid }, "a number's address could not be set");
    return false;
  }
}
