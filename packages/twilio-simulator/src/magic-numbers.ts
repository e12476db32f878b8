import { TwilioError } from "./twilio-error.ts";

export const MAGIC_VALID_FROM = "+15005550006";

/** Throws what Twilio's test credentials answer for a magic From; says whether From is the valid one. */
export function checkMagicFrom(from: string): boolean {
  switch (from) {
    case "+15005550001":
      throw new TwilioError(21212, `The 'From' number ${from} is not a valid phone number.`);
    case "+15005550007":
      throw new TwilioError(
        21606,
        `The 'From' phone number ${from} is not a valid, SMS-capable phone number for your account.`,
      );
    case "+15005550008":
      throw new TwilioError(
        21611,
        `The 'From' number ${from} has exceeded the maximum number of queued messages.`,
      );
    default:
      return from === MAGIC_VALID_FROM;
  }
}

/** Throws what Twilio's test credentials answer for a magic To. Source: Twilio's test credentials page. */
export function checkMagicTo(to: string): void {
  switch (to) {
    case "+15005550001":
      throw new TwilioError(21211, `The 'To' number ${to} is not a valid phone number.`);
    case "+15005550002":
      throw new TwilioError(
        21612,
        `The 'To' phone number ${to} is not currently reachable via SMS.`,
      );
    case "+15005550003":
      throw new TwilioError(
        21408,
        `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}.`,
      );
    case "+15005550004":
      throw new TwilioError(21610, "Attempt to send to unsubscribed recipient");
    case "+15005550009":
      throw new TwilioError(21614, `'To' number ${to} is not a valid mobile number.`);
    default:
  }
}
