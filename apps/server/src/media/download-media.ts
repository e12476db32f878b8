/** How a file is fetched from a carrier. */
interface MediaSource {
  url: string;
  accountSid: string;
  authToken: string;
  /** The text that the file came with, by the carrier's name for it. */
  messageSid: string;
  /** The carrier's API, `https://api.twilio.com`, or a simulator's origin. */
  apiOrigin: string;
}

/** The file must not be fetched, or can't ever be: no repetition will help. */
export class MediaRefusedError extends Error {
  override name = "MediaRefusedError";
}

const maxBytes = 25 * 1024 * 1024;
const maxRedirects = 3;
const timeoutMs = 20_000;
const twilioOrigin = "https://api.twilio.com";
/** Where Twilio keeps media. Source: Twilio, "Media resource". */
const mediaHosts = [
  /^([a-z0-9-]+\.)+twilio\.com$/,
  /^([a-z0-9-]+\.)*twiliocdn\.com$/,
  /^([a-z0-9-]+\.)*s3[a-z0-9.-]*\.amazonaws\.com$/,
];

/**
 * A received file's bytes. Only the carrier's own address for a file of this very
 * text is asked, and only it is shown the credentials; redirects lead nowhere but
 * to where the carrier keeps files. Throws {@link MediaRefusedError}, and another
 * Error when it may work later.
 */
export async function downloadMedia(source: MediaSource): Promise<Buffer> {
  let url = parseSourceUrl(source);
  const signal = AbortSignal.timeout(timeoutMs);
  const credentials = Buffer.from(`${source.accountSid}:${source.authToken}`).toString("base64");
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await fetch(url, {
      redirect: "manual",
      signal,
      headers: hop === 0 ? { authorization: `Basic ${credentials}` } : {},
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      url = parseRedirect(response.headers.get("location"), url, source.apiOrigin);
      continue;
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`The carrier answered with status ${response.status}.`);
    }
    return readWithin(response.body);
  }
  throw new MediaRefusedError("The carrier redirects too often.");
}

function parseSourceUrl({ url, accountSid, messageSid, apiOrigin }: MediaSource): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const sid = "[0-9a-fA-F]{32}";
  const path = new RegExp(
    `^/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media/ME${sid}$`,
  );
  const isCarrier =
    parsed?.origin === apiOrigin ||
    parsed?.origin === twilioOrigin ||
    (apiOrigin === twilioOrigin &&
      parsed?.protocol === "https:" &&
      parsed.port === "" &&
      /^api(\.[a-z0-9-]+){2}\.twilio\.com$/.test(parsed.hostname));
  if (
    !parsed ||
    !isCarrier ||
    parsed.username !== "" ||
    parsed.password !== "" ||
    parsed.search !== "" ||
    !path.test(parsed.pathname)
  ) {
    throw new MediaRefusedError("The file's address is not the carrier's for this text.");
  }
  // A simulated account's files have Twilio's address and lie in the simulator.
  return new URL(parsed.pathname, parsed.origin === twilioOrigin ? apiOrigin : parsed.origin);
}

function parseRedirect(location: string | null, from: URL, apiOrigin: string): URL {
  const to = location && URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isKnown =
    to?.protocol === "https:" &&
    to.port === "" &&
    mediaHosts.some((host) => host.test(to.hostname));
  // A simulator redirects to itself, on plain http; nobody else may.
  const isSimulated = to?.origin === apiOrigin && apiOrigin !== twilioOrigin;
  const isPlain = to?.username === "" && to.password === "";
  if (!to || !isPlain || !(isKnown || isSimulated)) {
    throw new MediaRefusedError("The carrier redirects to an unknown place.");
  }
  return to;
}

async function readWithin(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new MediaRefusedError("The file is larger than 25 MB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
