import { sql } from "kysely";
import { type Config, ConfigError } from "../config.ts";
import { type Database, openPostgresDatabase } from "./database.ts";
import { openDataFolder, prepareDataFolder } from "./embedded.ts";

/** The database that the settings name. Throws ConfigError when it can't be used. */
export async function openDatabase({ platform }: Config): Promise<Database> {
  if (platform.kind === "embedded") return openDataFolder(platform.dataFolder);
  // Supabase keeps the files itself; elsewhere they lie beside the database.
  if (platform.kind === "postgres") await prepareDataFolder(platform.dataFolder);
  const database = openPostgresDatabase(platform.databaseUrl);
  try {
    await checkAnswers(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

const oldestPostgres = 15;

/** Throws ConfigError when the database does not answer or is too old. */
async function checkAnswers({ kysely }: Database): Promise<void> {
  const { rows } = await sql<{ server_version: string }>`show server_version`
    .execute(kysely)
    .catch((error: unknown) => {
      throw new ConfigError(`DATABASE_URL: the database can't be opened: ${explain(error)}`, {
        cause: error,
      });
    });
  const version = rows[0]?.server_version ?? "";
  if (Number.parseInt(version, 10) < oldestPostgres) {
    throw new ConfigError(
      `DATABASE_URL: Postgres ${version} answers there; ${oldestPostgres} or later is needed.`,
    );
  }
}

/** In one line; a host with several addresses fails with several errors, and no message of its own. */
function explain(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return explain(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
