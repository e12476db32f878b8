/**
 * `pnpm reseal-secrets`: seals the workspaces' secrets with the newest key of the
 * ring. With the embedded database, whose ring is a file of ours, it makes that
 * new key first; the server has to be stopped then.
 */
import { existsSync } from "node:fs";
import { ConfigError, parseConfig } from "../apps/server/src/config.ts";
import { addKeyToFile } from "../apps/server/src/platform/embedded.ts";
import { openDatabase } from "../apps/server/src/platform/open-database.ts";
import { resealSecrets } from "../apps/server/src/platform/reseal-secrets.ts";

if (existsSync(".env")) process.loadEnvFile(".env");

try {
  const config = parseConfig(process.env);
  const database = await openDatabase(config);
  try {
    const keys = config.secretsKeys ?? (await addKeyToFile(config.platform.dataFolder));
    const { resealed, unreadableKeyIds } = await resealSecrets(database, keys);
    console.log(`Secrets sealed with the newest key: ${resealed}`);
    if (unreadableKeyIds.length > 0) {
      console.error(`Not opened, because the ring lacks the keys: ${unreadableKeyIds.join(", ")}.`);
      process.exitCode = 1;
    }
  } finally {
    await database.close();
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
