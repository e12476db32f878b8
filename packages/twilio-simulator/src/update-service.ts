import type { Service } from "./state.ts";

/** Changes only the parameters given; an empty string clears a URL. */
export function updateService(service: Service, form: URLSearchParams): void {
  service.friendlyName = form.get("FriendlyName") ?? service.friendlyName;
  service.inboundRequestUrl = urlOf(form.get("InboundRequestUrl"), service.inboundRequestUrl);
  service.inboundMethod = methodOf(form.get("InboundMethod")) ?? service.inboundMethod;
  service.fallbackUrl = urlOf(form.get("FallbackUrl"), service.fallbackUrl);
  service.fallbackMethod = methodOf(form.get("FallbackMethod")) ?? service.fallbackMethod;
  const usesNumbers = form.get("UseInboundWebhookOnNumber");
  if (usesNumbers !== null) service.useInboundWebhookOnNumber = usesNumbers === "true";
  service.dateUpdated = new Date();
}

function urlOf(given: string | null, known: string | null): string | null {
  if (given === null) return known;
  return given === "" ? null : given;
}

function methodOf(text: string | null): "GET" | "POST" | undefined {
  const method = text?.toUpperCase();
  return method === "GET" || method === "POST" ? method : undefined;
}
