/**
 * Loaded into a server with `--import`: leads what it asks of Twilio's addresses
 * to the simulator's. The server itself runs as in production and knows nothing.
 */
import twilio from "twilio";

const carrier = process.env.CHAOS_CARRIER_ORIGIN;
if (!carrier) throw new Error("CHAOS_CARRIER_ORIGIN must name the simulator.");

const contentHost = "https://media.twiliocdn.com";

function isTwilio({ hostname }: URL): boolean {
  return hostname.endsWith(".twilio.com") || hostname === new URL(contentHost).hostname;
}

const request = twilio.RequestClient.prototype.request;
twilio.RequestClient.prototype.request = function (options) {
  const url = new URL(options.uri);
  const uri = isTwilio(url) ? carrier + url.pathname + url.search : options.uri;
  return request.call(this, { ...options, uri }) as never;
};

const reallyFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input));
  if (!isTwilio(url)) return reallyFetch(input, init);
  const response = await reallyFetch(carrier + url.pathname + url.search, init);
  const location = response.headers.get("location");
  if (!location) return response;
  // The simulator redirects to itself; Twilio, to where it keeps files.
  const headers = new Headers(response.headers);
  headers.set("location", contentHost + new URL(location).pathname);
  return new Response(response.body, { status: response.status, headers });
};
