import { type Carrier, createSid } from "./carrier.ts";

type Form = [string, string][];

/** The form of a received text, as Twilio posts it. */
export function inboundForm(
  { accountSid, numbers }: Carrier,
  text: { from: string; body: string; sid?: string; extra?: Form },
): Form {
  const sid = text.sid ?? createSid("SM");
  return [
    ["ToCountry", "US"],
    ["SmsMessageSid", sid],
    ["MessageSid", sid],
    ["SmsSid", sid],
    ["AccountSid", accountSid],
    ["SmsStatus", "received"],
    ["From", text.from],
    ["To", numbers[0] ?? ""],
    ["Body", text.body],
    ["NumMedia", "0"],
    ["NumSegments", "1"],
    ["ApiVersion", "2010-04-01"],
    ...(text.extra ?? []),
  ];
}

/** The form of a delivery report. */
export function statusForm(
  { accountSid, numbers }: Carrier,
  report: { sid: string; to: string; status: string; errorCode?: number },
): Form {
  return [
    ["MessageSid", report.sid],
    ["MessageStatus", report.status],
    ["AccountSid", accountSid],
    ["From", numbers[0] ?? ""],
    ["To", report.to],
    ["ApiVersion", "2010-04-01"],
    ...(report.errorCode ? ([["ErrorCode", String(report.errorCode)]] as Form) : []),
  ];
}
