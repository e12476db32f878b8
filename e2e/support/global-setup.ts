import { buildWeb } from "../../tools/build-web.ts";
import { makeTemplate } from "./stage.ts";

/**
 * Before the first test: builds the web app, and lets one server make its database, of which
 * every other stage starts with a copy. Returns how to tidy up after the last test.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  await buildWeb();
  return makeTemplate();
}
