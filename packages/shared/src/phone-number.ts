import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  isValidPhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import { classifyAddress, formatNorthAmerican } from "./address.ts";

/**
 * A number as a person types it to E.164, or null when it cannot be a phone
 * number. Numbers without a country code are read as of `defaultCountry`.
 */
export function parsePhoneNumber(input: string, defaultCountry: Country = "US"): string | null {
  const parsed = parsePhoneNumberFromString(input.trim(), defaultCountry);
  return parsed && isValidPhoneNumber(parsed.number) ? parsed.number : null;
}

/** A country by its two letters, as ISO 3166 has them. */
export type Country = CountryCode;

/** Whether these two letters are a country whose numbers are known. */
export function isCountry(code: string): code is Country {
  return isSupportedCountry(code);
}

/** Every country with what its numbers begin with, such as `{ code: "DE", callingCode: "49" }`. */
export function listCountries(): { code: Country; callingCode: string }[] {
  return getCountries().map((code) => ({ code, callingCode: getCountryCallingCode(code) }));
}

/** An address for the eye: `+15551234567` becomes `(555) 123-4567`; other kinds stay as they are. */
export function formatAddress(address: string): string {
  const northAmerican = formatNorthAmerican(address);
  if (northAmerican) return northAmerican;
  const parsed = classifyAddress(address) === "e164" ? parsePhoneNumberFromString(address) : null;
  return parsed ? parsed.formatInternational() : address;
}
