import { dropDatabase, makeEmbeddedTemplate, makePostgresTemplate } from "./template-databases.ts";
import { findTestServer } from "./test-postgres.ts";

/** For Vitest: one server and one pair of templates for the whole run, handed to every test file. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await findTestServer();
  process.env.TEST_DATABASE_URL = server.url;
  const [databaseName, embeddedFile] = await Promise.all([
    makePostgresTemplate(server.url),
    makeEmbeddedTemplate(),
  ]);
  process.env.TEST_TEMPLATE_DATABASE = databaseName;
  process.env.TEST_TEMPLATE_FILE = embeddedFile;
  return async () => {
    await dropDatabase(server.url, databaseName);
    await server.stop();
  };
}
