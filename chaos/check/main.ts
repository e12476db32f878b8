/** `node chaos/check/main.ts <evidence.json>`: says again what a run's evidence shows. */
import { readFileSync } from "node:fs";
import { check } from "./check.ts";
import { evidence } from "./evidence.ts";

const [file] = process.argv.slice(2);
if (!file) {
  console.error("Name the evidence: node chaos/check/main.ts <evidence.json>");
  process.exit(2);
}
const { violations, figures } = check(evidence.parse(JSON.parse(readFileSync(file, "utf8"))));
for (const { kind, detail } of violations) console.log(`${kind}: ${detail}`);
console.log(JSON.stringify(figures));
process.exitCode = violations.length === 0 ? 0 : 1;
