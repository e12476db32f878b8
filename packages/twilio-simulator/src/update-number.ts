import type { PhoneNumber } from "./state.ts";

/** Changes only the parameters given; an empty string clears a URL. */
export function updateNumber(number: PhoneNumber, form: URLSearchParams): void {
  number.smsUrl = form.get("SmsUrl") ?? number.smsUrl;
  number.smsMethod = methodOf(form.get("SmsMethod")) ?? number.smsMethod;
  number.smsFallbackUrl = form.get("SmsFallbackUrl") ?? number.smsFallbackUrl;
  number.smsFallbackMethod = methodOf(form.get("SmsFallbackMethod")) ?? number.smsFallbackMethod;
  number.smsApplicationSid = form.get("SmsApplicationSid") ?? number.smsApplicationSid;
  number.statusCallback = form.get("StatusCallback") ?? number.statusCallback;
  number.friendlyName = form.get("FriendlyName") ?? number.friendlyName;
  number.dateUpdated = new Date();
}

function methodOf(text: string | null): "GET" | "POST" | undefined {
  const method = text?.toUpperCase();
  return method === "GET" || method === "POST" ? method : undefined;
}
