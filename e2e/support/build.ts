import { buildWeb } from "../../tools/build-web.ts";

/** Builds the web app before the first test, so that no test's time limit pays for it. */
export default async function build(): Promise<void> {
  await buildWeb();
}
