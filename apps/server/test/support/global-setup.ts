import { makeEmbeddedTemplate, makePostgresTemplate } from "./template-databases.ts";
import { findTestServer } from "./test-postgres.ts";

/** For Vitest: one server and one template of each kind for the whole run, handed to every test file. */
export async function setup(): Promise<() => Promise<void>> {
  const [tidyUp, embeddedFile] = await Promise.all([setUpPostgres(), makeEmbeddedTemplate()]);
  process.env.TEST_TEMPLATE_FILE = embeddedFile;
  return tidyUp;
}

/** The part for tests that need no embedded database. Returns how to tidy up. */
export async function setUpPostgres(): Promise<() => Promise<void>> {
  const server = await findTestServer();
  const template = await makePostgresTemplate(server.url);
  process.env.TEST_DATABASE_URL = server.url;
  process.env.TEST_TEMPLATE_DATABASE = template.name;
  return async () => {
    await template.drop();
    await server.stop();
  };
}
