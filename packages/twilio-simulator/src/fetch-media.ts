import { newSid } from "./sid.ts";
import type { Media } from "./state.ts";

const MAX_BYTES = 5 * 1024 * 1024;

/** Fetches a MediaUrl without credentials, as Twilio does; undefined when it can't be had. */
export async function fetchMedia(url: string, closing: AbortSignal): Promise<Media | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([closing, AbortSignal.timeout(15_000)]),
    });
    const contentType = response.headers.get("content-type")?.split(";")[0]?.trim();
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok || !contentType || bytes.length > MAX_BYTES) return undefined;
    return { sid: newSid("ME"), contentType, bytes, dateCreated: new Date() };
  } catch {
    return undefined;
  }
}
