import type { AppConfig } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { version } from "../version.ts";

/**
 * What a browser needs before anyone has signed in. `host` is the address that
 * it used: on this machine it may call us by another name than the public one.
 */
export async function getConfig(
  { config, database }: Context,
  host: string | undefined,
): Promise<AppConfig> {
  const { platform } = config;
  const { rows } = await database.asSystem((trx) =>
    sql<{ found: boolean }>`select exists (select from auth.users) as found`.execute(trx),
  );
  const needsFirstAccount = !rows[0]?.found;
  return {
    authUrl: platform.kind === "supabase" ? platform.supabaseUrl : ownAddress(config.baseUrl, host),
    publishableKey: platform.kind === "supabase" ? platform.publishableKey : "livechat",
    isSimulatorOn: config.isSimulatorOn,
    isSignupOpen: config.isSignupOpen,
    needsFirstAccount,
    version,
  };
}

function ownAddress(baseUrl: string, host: string | undefined): string {
  const isThisMachine = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host ?? "");
  return isThisMachine && baseUrl.startsWith("http://") ? `http://${host}` : baseUrl;
}
