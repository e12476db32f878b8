import { isValidPhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** What kind of thing a text can come from. Only an `e164` address can surely be answered. */
export type AddressType = "e164" | "short_code" | "alphanumeric";

/**
 * The kind of an address as Twilio gives it in `From`: a phone number, a short
 * code of 3 to 8 digits, or anything else, taken as an alphanumeric sender.
 */
export function classifyAddress(address: string): AddressType {
  if (/^\+[1-9]\d{6,14}$/.test(address)) return "e164";
  if (/^\d{3,8}$/.test(address)) return "short_code";
  return "alphanumeric";
}

/**
 * A number as a person types it to E.164, or null when it cannot be a phone
 * number. Numbers without a country code are read as of `defaultCountry`.
 */
export function parsePhoneNumber(input: string, defaultCountry: "US" = "US"): string | null {
  const parsed = parsePhoneNumberFromString(input.trim(), defaultCountry);
  return parsed && isValidPhoneNumber(parsed.number) ? parsed.number : null;
}

/** Whether this is a toll-free number of North America, which carriers treat by rules of its own. */
export function isTollFree(address: string): boolean {
  return /^\+18(00|33|44|55|66|77|88)\d{7}$/.test(address);
}

/** An address for the eye: `+15551234567` becomes `(555) 123-4567`; other kinds stay as they are. */
export function formatAddress(address: string): string {
  const parsed = classifyAddress(address) === "e164" ? parsePhoneNumberFromString(address) : null;
  if (!parsed) return address;
  return parsed.countryCallingCode === "1" ? parsed.formatNational() : parsed.formatInternational();
}
