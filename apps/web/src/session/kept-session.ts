import * as z from "zod";

/** Where the client for signing in keeps the session in this browser's storage, as JSON. */
export const sessionKey = "livechat.session";

/** The client renews a session in its last minute and a half. */
const goodForMs = 120_000;

const keptSession = z.object({
  access_token: z.string(),
  expires_at: z.number(),
  user: z.object({ id: z.string(), email: z.string().optional() }),
});

/** What our pages need of a session. */
export type KeptSession = Pick<z.output<typeof keptSession>, "access_token" | "user">;

/**
 * The session that this browser keeps, where nothing has to be done about it: not
 * when it is about to run out, and not when the address brings another one.
 */
export function readKeptSession(): KeptSession | null {
  if (location.hash !== "") return null;
  try {
    const parsed = keptSession.safeParse(JSON.parse(localStorage.getItem(sessionKey) ?? "null"));
    if (!parsed.success || parsed.data.expires_at * 1000 - Date.now() < goodForMs) return null;
    return parsed.data;
  } catch {
    return null;
  }
}
