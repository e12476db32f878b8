import { AuthClient } from "@supabase/supabase-js";
import { loadAppConfig } from "../api/app-config.ts";
import { sessionKey } from "./kept-session.ts";

export type Auth = InstanceType<typeof AuthClient>;

/** The client for signing in, which also renews the session; throws ApiError when the server cannot be asked where that is. */
export async function createAuthClient(): Promise<Auth> {
  const config = await loadAppConfig();
  return new AuthClient({
    url: `${config.authUrl.replace(/\/$/, "")}/auth/v1`,
    headers: { apikey: config.publishableKey },
    storageKey: sessionKey,
    persistSession: true,
    autoRefreshToken: true,
    detectSessionInUrl: true,
    flowType: "implicit",
  });
}
