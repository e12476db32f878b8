/** Builds the browser's code, and only when something that goes into it has changed. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const webFolder = path.join(root, "apps/web");
const hashFile = path.join(webFolder, "dist/.build-hash");

/** What the build reads. Tests are left out: changing one must not cost a build. */
const sources = [
  "apps/web",
  "packages/shared/src",
  "packages/shared/package.json",
  "pnpm-lock.yaml",
  "tsconfig.base.json",
];
const ignored = new Set(["node_modules", "dist", "test"]);

/**
 * Leaves a build of the present sources in `apps/web/dist`. Returns true when it
 * had to build. Throws when the build fails; the message names the way to see why.
 */
export async function buildWeb(): Promise<boolean> {
  const hash = hashSources();
  if (existsSync(hashFile) && readFileSync(hashFile, "utf8") === hash) return false;
  await runVite();
  // Last: a build that was cut short leaves no hash and so is made again.
  writeFileSync(hashFile, hash);
  return true;
}

function hashSources(): string {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of listFiles(path.join(root, source))) {
      hash.update(`${path.relative(root, file)}\0`);
      hash.update(createHash("sha256").update(readFileSync(file)).digest());
    }
  }
  return hash.digest("hex");
}

function listFiles(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => !ignored.has(name))
    .sort()
    .flatMap((name) => listFiles(path.join(place, name)));
}

function runVite(): Promise<void> {
  const vite = spawn(
    process.execPath,
    [path.join(webFolder, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
    { cwd: webFolder, stdio: "inherit" },
  );
  return new Promise((resolve, reject) => {
    vite.once("error", reject);
    vite.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error("The web app did not build. The lines above say why."));
    });
  });
}
