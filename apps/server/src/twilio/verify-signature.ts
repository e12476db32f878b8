import twilio from "twilio";

/** The parameters of a form as Twilio sends them; a repeated name has several values. */
export type FormParameters = Record<string, string | string[]>;

/**
 * Whether Twilio signed this request with one of these Auth Tokens; the second
 * one is there while tokens rotate. `url` is the configured public address plus
 * the path and query as they came, never made from the Host header.
 * Source: Twilio, "Webhooks security".
 */
export function isSignedByTwilio(
  authTokens: readonly string[],
  signature: string | undefined,
  url: string,
  parameters: FormParameters,
): boolean {
  if (!signature) return false;
  return authTokens.some((token) => {
    try {
      return token !== "" && twilio.validateRequest(token, signature, url, parameters);
    } catch {
      // The SDK throws on what it cannot read at all; that is no signature either.
      return false;
    }
  });
}
