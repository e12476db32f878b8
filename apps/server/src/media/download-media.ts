import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { createCheckedLookup, InnerAddressError, type Resolve } from "./checked-lookup.ts";

/** How a file is fetched from a carrier. */
interface MediaSource {
  url: string;
  accountSid: string;
  authToken: string;
  /** The text that the file came with, by the carrier's name for it. */
  messageSid: string;
  /** The carrier's API, `https://api.twilio.com`, or a simulator's origin. */
  apiOrigin: string;
  /** How names become addresses; by the system, when absent. */
  resolve?: Resolve;
}

/** The file must not be fetched, or can't ever be: no repetition will help. */
export class MediaRefusedError extends Error {
  override name = "MediaRefusedError";
}

const maxBytes = 25 * 1024 * 1024;
const maxRedirects = 3;
const timeoutMs = 20_000;
const twilioOrigin = "https://api.twilio.com";
/** Where Twilio keeps media, and nowhere else. Source: Twilio, "Media resource" and its CDN. */
const mediaHosts =
  /^(api\.twilio\.com|(mms|media)(\.[a-z0-9-]+)?\.twiliocdn\.com|s3-external-1\.amazonaws\.com)$/;

/** Twilio's API in another region, such as `api.dublin.ie1.twilio.com`. */
const regionalApi = /^api(\.[a-z0-9-]+){2}\.twilio\.com$/;

/**
 * A received file's bytes. Only the carrier's own address for a file of this very
 * text is asked, and only it is shown the credentials; redirects lead nowhere but
 * to where the carrier keeps files, and no name leads out of the Internet. Throws
 * {@link MediaRefusedError}, and another Error when it may work later.
 */
export async function downloadMedia(source: MediaSource): Promise<Buffer> {
  let url = parseSourceUrl(source);
  const signal = AbortSignal.timeout(timeoutMs);
  const credentials = Buffer.from(`${source.accountSid}:${source.authToken}`).toString("base64");
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await request(url, {
      signal,
      source,
      headers: hop === 0 ? { authorization: `Basic ${credentials}` } : {},
    });
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      drop(response);
      url = parseRedirect(response.headers.location ?? null, url, source.apiOrigin);
      continue;
    }
    if (status !== 200) {
      drop(response);
      throw new Error(`The carrier answered with status ${status}.`);
    }
    return readWithin(response);
  }
  throw new MediaRefusedError("The carrier redirects too often.");
}

/** Node's own client instead of `fetch`: it connects to the address that was checked. */
function request(
  url: URL,
  { signal, source, headers }: { signal: AbortSignal; source: MediaSource; headers: object },
): Promise<IncomingMessage> {
  // A simulator stands where its operator has put it; Twilio is on the Internet.
  const isSimulated = url.origin === source.apiOrigin && source.apiOrigin !== twilioOrigin;
  const options = {
    signal,
    headers: { ...headers, accept: "*/*", "user-agent": "livechat-sms" },
    // One request of one connection: nothing that was checked for another is used.
    agent: false,
    ...(isSimulated ? {} : { lookup: createCheckedLookup(source.resolve) }),
  } as const;
  return new Promise((resolve, reject) => {
    const asked =
      url.protocol === "https:"
        ? getSecure(url, options, resolve)
        : getPlain(url, options, resolve);
    asked.once("error", (error) =>
      reject(error instanceof InnerAddressError ? new MediaRefusedError(error.message) : error),
    );
  });
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
      regionalApi.test(parsed.hostname));
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
    (mediaHosts.test(to.hostname) || regionalApi.test(to.hostname));
  // A simulator redirects to itself, on plain http; nobody else may.
  const isSimulated = to?.origin === apiOrigin && apiOrigin !== twilioOrigin;
  const isPlain = to?.username === "" && to.password === "";
  if (!to || !isPlain || !(isKnown || isSimulated)) {
    throw new MediaRefusedError("The carrier redirects to an unknown place.");
  }
  return to;
}

/** Ends a connection whose answer is not wanted; that it breaks off is no news. */
function drop(response: IncomingMessage): void {
  response.on("error", () => {});
  response.destroy();
}

async function readWithin(response: IncomingMessage): Promise<Buffer> {
  const announced = Number(response.headers["content-length"]);
  if (announced > maxBytes) {
    drop(response);
    throw new MediaRefusedError(tooLarge);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) throw new Error("The carrier's answer is no file.");
    size += chunk.byteLength;
    if (size > maxBytes) {
      drop(response);
      throw new MediaRefusedError(tooLarge);
    }
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error("The carrier's answer broke off.");
  return Buffer.concat(chunks);
}

const tooLarge = `The file is larger than ${maxBytes / 1024 / 1024} MB.`;
