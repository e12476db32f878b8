/**
 * The address that a workspace's numbers post their texts to. The fragment makes
 * Twilio try again when we fail or are slow, which it does not do by itself.
 * Source: Twilio, "Webhooks connection overrides".
 */
export function buildSmsUrl(baseUrl: string, workspaceId: string): string {
  return `${buildWebhookUrl(baseUrl, workspaceId)}#rc=3&rp=ct,rt,5xx&ct=2000&rt=4000`;
}

/** The address of a workspace's webhook as people read it. */
export function buildWebhookUrl(baseUrl: string, workspaceId: string): string {
  return `${baseUrl}/api/twilio/webhook/${workspaceId}`;
}

/** Whether a number's address may be replaced without asking: nobody else's texts go there. */
export function isFreeToSet(smsUrl: string, baseUrl: string, workspaceId: string): boolean {
  const [address = ""] = smsUrl.split("#");
  return (
    address === "" ||
    address === buildWebhookUrl(baseUrl, workspaceId) ||
    address === `${baseUrl}/api/twilio/webhook` ||
    // What Twilio gives every new number.
    address.startsWith("https://demo.twilio.com/")
  );
}
