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

/** Whether this is a toll-free number of North America, which carriers treat by rules of its own. */
export function isTollFree(address: string): boolean {
  return /^\+18(00|33|44|55|66|77|88)\d{7}$/.test(address);
}

/** A number of North America for the eye, `(555) 123-4567`; null for any other address. */
export function formatNorthAmerican(address: string): string | null {
  const digits = /^\+1([2-9]\d{2})(\d{3})(\d{4})$/.exec(address);
  return digits && `(${digits[1]}) ${digits[2]}-${digits[3]}`;
}
