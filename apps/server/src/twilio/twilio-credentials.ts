/** An account and how to act for it. */
export interface TwilioCredentials {
  accountSid: string;
  /** Signs the account's webhooks, and opens its API where there is no key. */
  authToken: string;
  /** Takes its place once Twilio refuses it. */
  nextAuthToken?: string;
  apiKey?: { sid: string; secret: string };
}

/**
 * The user name and the password that belong together: a key's SID with its
 * secret, or the account's with its token, never one of each.
 */
export function getCredentialPair({ accountSid, authToken, apiKey }: TwilioCredentials): {
  username: string;
  password: string;
} {
  if (apiKey) return { username: apiKey.sid, password: apiKey.secret };
  return { username: accountSid, password: authToken };
}
