/**
 * Runs every check of the project, in the order in which a mistake is cheapest
 * to find, and ends with one line: `N passed, N failed`. A check counts as one,
 * a test suite as its tests.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name: string) => path.join(root, "node_modules", ".bin", name);

let passed = 0;
let failed = 0;

function run(command: string, args: string[], capture = false) {
  return spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", capture ? "pipe" : "inherit", "inherit"],
    maxBuffer: 256 * 1024 * 1024,
  });
}

function count(title: string, isGreen: boolean) {
  if (isGreen) passed += 1;
  else failed += 1;
  console.log(`${isGreen ? "ok" : "FAILED"}  ${title}\n`);
}

function check(title: string, command: string, args: string[]) {
  console.log(`> ${title}`);
  count(title, run(command, args).status === 0);
}

check("format and lint", bin("biome"), ["check", "."]);
check("types", bin("tsc"), ["-p", "tsconfig.json"]);

console.log("> import arrows");
const cruise = run(
  bin("depcruise"),
  [
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "json",
    "apps",
    "packages",
    "supabase",
    "tools",
  ],
  true,
);
const { summary } = JSON.parse(cruise.stdout) as {
  summary: {
    totalCruised: number;
    violations: { rule: { name: string }; from: string; to: string }[];
  };
};
for (const violation of summary.violations) {
  console.log(`  ${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
// A tool that silently reads nothing finds nothing.
console.log(`  ${summary.totalCruised} modules read`);
count("import arrows", summary.violations.length === 0 && summary.totalCruised > 20);

check("dead code", bin("knip"), []);

console.log("> tests");
const reportFolder = mkdtempSync(path.join(tmpdir(), "livechat-test-"));
const reportFile = path.join(reportFolder, "vitest.json");
const vitest = run(bin("vitest"), [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile=${reportFile}`,
]);
const report = JSON.parse(readFileSync(reportFile, "utf8")) as {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
};
rmSync(reportFolder, { recursive: true });
passed += report.numPassedTests;
failed += report.numFailedTests;
if (vitest.status !== 0 && report.numFailedTests === 0) count("tests ended cleanly", false);
if (report.numPendingTests > 0)
  count(`no test was skipped (${report.numPendingTests} were)`, false);

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
