/**
 * The address that a workspace's numbers post their texts to. The fragment makes
 * Twilio try again when we fail or are slow, which it does not do by itself.
 * Source: Twilio, "Webhooks connection overrides".
 */
export function buildSmsUrl(baseUrl: string, workspaceId: string): string {
  return `${buildWebhookUrl(baseUrl, workspaceId)}${retries}`;
}

/** Where Twilio goes once more when that address has failed for good. */
export function buildFallbackUrl(baseUrl: string, workspaceId: string): string {
  return `${buildWebhookUrl(baseUrl, workspaceId)}?fallback=1${retries}`;
}

/** All tries together end within the 15 seconds that Twilio has. */
const retries = "#rc=3&rp=ct,rt,5xx&ct=2000&rt=4000";

/** The address of a workspace's webhook as people read it. */
export function buildWebhookUrl(baseUrl: string, workspaceId: string): string {
  return `${baseUrl}/api/twilio/webhook/${workspaceId}`;
}

/** Whether texts that are posted there come to this workspace, whatever the fragment asks for. */
export function leadsHere(url: string, baseUrl: string, workspaceId: string): boolean {
  const address = dropFragment(url);
  return (
    address === buildWebhookUrl(baseUrl, workspaceId) || address === `${baseUrl}/api/twilio/webhook`
  );
}

/** Whether a number's address may be replaced without asking: nobody else's texts go there. */
export function isFreeToSet(url: string, baseUrl: string, workspaceId: string): boolean {
  const address = dropFragment(url);
  return (
    address === "" ||
    leadsHere(url, baseUrl, workspaceId) ||
    isFormerAddress(url, workspaceId) ||
    // What Twilio gives every new number.
    address.startsWith("https://demo.twilio.com/")
  );
}

/** Whether this was the workspace's address when the program itself had another. */
export function isFormerAddress(url: string, workspaceId: string): boolean {
  const [path = ""] = dropFragment(url).split("?");
  return path.endsWith(`/api/twilio/webhook/${workspaceId}`);
}

function dropFragment(url: string): string {
  return url.split("#", 1)[0] ?? "";
}
