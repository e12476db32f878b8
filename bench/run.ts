/**
 * Measures the product and writes docs/performance.md.
 *
 *   pnpm bench [name …] [--texts=1000000] [--rounds=5] [--list]
 *
 * Without a name, everything. Ends with 1 when something does not reach what it has to.
 */
import { findTestServer } from "../apps/server/test/support/test-postgres.ts";
import { isReached, type Measurement, type Result, show } from "./measurement.ts";
import { keepResults } from "./report.ts";
import { fanOut } from "./server/fan-out.ts";
import { growth } from "./server/growth.ts";
import { ingest } from "./server/ingest.ts";
import { reconnect } from "./server/reconnect.ts";
import { search } from "./server/search.ts";
import { webhookRoute } from "./server/webhook-route.ts";
import { screens } from "./web/screens.ts";

const measurements: readonly Measurement[] = [
  ingest,
  webhookRoute,
  fanOut,
  reconnect,
  growth,
  search,
  screens,
];

const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const readFlag = (name: string, usual: number) => {
  const value = flags.find((flag) => flag.startsWith(`--${name}=`))?.split("=")[1];
  return value === undefined ? usual : Number(value);
};
const options = { texts: readFlag("texts", 1_000_000), rounds: readFlag("rounds", 5) };
const unknown = names.filter((name) => !measurements.some((each) => each.name === name));
if (flags.includes("--list") || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no measurement ${name}.`);
  for (const { name } of measurements) console.log(name);
  process.exit(unknown.length > 0 ? 1 : 0);
}

const postgres = await findTestServer();
process.env.TEST_DATABASE_URL = postgres.url;
const all: Result[] = [];
try {
  for (const measurement of measurements) {
    if (names.length > 0 && !names.includes(measurement.name)) continue;
    const startedMs = performance.now();
    console.log(`> ${measurement.name}`);
    const results = await measurement.run(options);
    for (const result of results) {
      const mark = isReached(result) ? "ok  " : "SLOW";
      console.log(
        `${mark} ${result.what}: ${show(result.value)} ${result.unit} (${result.detail})`,
      );
    }
    console.log(`  ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
    all.push(...results);
    await keepResults(results);
  }
} finally {
  await postgres.stop();
}
process.exit(all.every(isReached) ? 0 : 1);
