/** A date as Twilio's 2010-04-01 API writes it: RFC 2822, always `+0000`. */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}
