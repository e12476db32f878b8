const explanations: Record<number, string> = {
  11200: "Twilio could not fetch a file of this message from our server.",
  20003: "Twilio refused our credentials. An admin must connect Twilio again in the settings.",
  20005: "The Twilio account is not active. Check its state in the Twilio Console.",
  21211: "This is not a phone number that can be texted. Check the contact's number.",
  21212: "The sender number is not valid. Read the numbers again in the Twilio settings.",
  21408:
    "Texting this country is switched off. Allow it in the Twilio Console under Messaging, Geo permissions.",
  21606: "The sender number is not ours any more, or it can't send texts to this country.",
  21608: "A trial account only texts verified numbers. Verify this number, or upgrade the account.",
  21610: "This customer has opted out. Only they can opt in again, by texting START.",
  21611: "Too many texts wait at this sender number. Try again later.",
  21612: "This number can't be reached from our number.",
  21614: "This is not a mobile number, so it can't receive texts.",
  21617: "The text is longer than Twilio takes.",
  21620: "Twilio could not read the address of a file.",
  21623: "The text carries too many files.",
  30001: "Too many texts waited at Twilio. Send it again later.",
  30002: "The Twilio account was suspended before this text left.",
  30003: "The phone is switched off or out of reach. Try again later.",
  30004: "The carrier blocks this text, or the customer has blocked our number.",
  30005: "This number does not exist. Check the contact's number.",
  30006: "This is a landline, or its carrier can't be reached.",
  30007: "The carrier filtered this text out as unwanted. Avoid links and check the registration.",
  30008: "The carrier gave no reason. Try again later.",
  30019: "A file is too large for the carrier.",
  30022: "Too many texts at once for this registration. Send it again later.",
  30032: "The toll-free number is not verified yet. Verify it in the Twilio Console.",
  30034: "The sender number is not registered for business texting in the US (A2P 10DLC).",
  30036: "The text waited too long and expired.",
  30410: "The carrier did not answer in time. It may be sent again.",
  30450: "Twilio blocked this text as suspected fraud. Try again in half an hour.",
};

/** The code that says that the recipient has opted out. Source: Twilio error 21610. */
export const optedOutErrorCode = 21610;

/** What one of Twilio's error codes means and what to do, or `fallback` for a code we do not know. */
export function explainError(code: number | null, fallback: string): string {
  return (code === null ? undefined : explanations[code]) ?? fallback;
}
