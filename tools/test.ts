/**
 * Runs every check of the project, in the order in which a mistake is cheapest
 * to find, and ends with one line: `N passed, N failed`. A check counts as one,
 * a test suite as its tests; a skipped test counts as failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findTestServer } from "../apps/server/test/support/test-postgres.ts";
import { findChromium } from "../e2e/support/find-chromium.ts";
import { buildWeb } from "./build-web.ts";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name: string, folder = ".") => path.join(root, folder, "node_modules/.bin", name);
const reportFolder = mkdtempSync(path.join(tmpdir(), "livechat-test-"));

let passed = 0;
let failed = 0;

interface RunOptions {
  isCaptured?: boolean;
  folder?: string;
  variables?: Record<string, string>;
}

function run(command: string, args: string[], options: RunOptions = {}) {
  return spawnSync(command, args, {
    cwd: path.join(root, options.folder ?? "."),
    encoding: "utf8",
    stdio: ["ignore", options.isCaptured ? "pipe" : "inherit", "inherit"],
    env: { ...process.env, ...options.variables },
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

/** Adds up a suite's tests. `isClean` is false when its runner failed although no test did. */
function countTests(
  title: string,
  numbers: { passed: number; failed: number; skipped: number },
  isClean: boolean,
) {
  passed += numbers.passed;
  failed += numbers.failed + numbers.skipped;
  if (numbers.skipped > 0) console.log(`FAILED  ${numbers.skipped} ${title} were skipped`);
  if (numbers.passed + numbers.failed === 0) count(`${title} were found`, false);
  else if (!isClean && numbers.failed === 0) count(`${title} ended cleanly`, false);
}

function readReport<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : null;
}

check("format and lint", bin("biome"), ["check", "."]);
check("types", bin("tsc"), ["-p", "tsconfig.json"]);
check("types of the web app", bin("tsc"), ["-p", "apps/web/tsconfig.json"]);
check("types of the browser tests", bin("tsc"), ["-p", "e2e/tsconfig.json"]);
checkArrows();
check("dead code", bin("knip"), []);
const postgres = await findTestServer();
console.log(`Postgres: ${postgres.title}\n`);
process.env.TEST_DATABASE_URL = postgres.url;
ensureRedis();
try {
  runVitest("unit and integration tests", "tests");
  runVitest("tests under faults", "tests under faults", ["--config", "chaos/vitest.config.ts"]);
  await checkBuild();
  runBrowserTests();
} finally {
  await postgres.stop();
}

rmSync(reportFolder, { recursive: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function checkArrows() {
  console.log("> import arrows");
  const folders = ["apps", "packages", "supabase", "tools", "e2e", "chaos", "bench"];
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders];
  const cruise = run(bin("depcruise"), args, { isCaptured: true });
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
  count("import arrows", summary.violations.length === 0 && summary.totalCruised > 100);
}

function runVitest(title: string, countedAs: string, args: string[] = []) {
  console.log(`> ${title}`);
  const file = path.join(reportFolder, `${countedAs.replaceAll(" ", "-")}.json`);
  const vitest = run(bin("vitest"), [
    "run",
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${file}`,
  ]);
  const report = readReport<{
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  }>(file);
  countTests(
    countedAs,
    {
      passed: report?.numPassedTests ?? 0,
      failed: report?.numFailedTests ?? 0,
      skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    },
    vitest.status === 0,
  );
}

async function checkBuild() {
  console.log("> build of the web app");
  try {
    await buildWeb();
    count("build of the web app", true);
  } catch (error) {
    console.error(error);
    count("build of the web app", false);
  }
}

function runBrowserTests() {
  console.log("> browser tests");
  const browser = findChromium() ?? installChromium();
  if (!browser) {
    console.log("  No Chromium starts here. Install one, or name it in CHROMIUM_PATH.");
    return count("browser tests", false);
  }
  console.log(`  Chromium: ${browser}`);
  const file = path.join(reportFolder, "e2e.json");
  const playwright = run(bin("playwright", "e2e"), ["test"], {
    folder: "e2e",
    variables: { CHROMIUM_PATH: browser, E2E_REPORT: file },
  });
  const stats = readReport<{
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  }>(file)?.stats;
  countTests(
    "browser tests",
    {
      passed: stats?.expected ?? 0,
      failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
      skipped: stats?.skipped ?? 0,
    },
    playwright.status === 0,
  );
}

/** One test starts a Redis of its own; where there is none, that test fails and says so. */
function ensureRedis() {
  if (run("redis-server", ["--version"], { isCaptured: true }).status === 0) return;
  if (process.getuid?.() === 0) installPackage("redis-server");
  else console.log("No redis-server is on the PATH: install one, or one test fails.\n");
}

/** Playwright's own, else (as root on Debian and its like) the system's. Null when neither works. */
function installChromium(): string | null {
  console.log("  No Chromium was found: Playwright installs its own …");
  run(bin("playwright", "e2e"), ["install", "chromium"], { folder: "e2e" });
  const own = findChromium();
  if (own || process.getuid?.() !== 0) return own;
  console.log("  That one does not start here: apt-get installs the system's …");
  installPackage("chromium");
  return findChromium();
}

/** On Debian and its like, as root. What does not install is missed by the tests that need it. */
function installPackage(name: string) {
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", name], {
    variables: { DEBIAN_FRONTEND: "noninteractive" },
  });
}
