/**
 * `pnpm dev`: the server, restarted when its code changes, and Vite in front of
 * it, which puts changed screens into the open page. One Ctrl-C ends both.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const webFolder = path.join(root, "apps/web");
const environmentFile = path.join(root, ".env");
if (existsSync(environmentFile)) process.loadEnvFile(environmentFile);

const address = "http://localhost:5173";
const children: ChildProcess[] = [];
let isEnding = false;

function run(title: string, parameters: string[], cwd: string, variables: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, parameters, {
    cwd,
    stdio: "inherit",
    env: { ...process.env, ...variables },
  });
  children.push(child);
  child.once("exit", (code) => {
    if (!isEnding) console.log(`${title} ended; ending the rest.`);
    end(code ?? 0);
  });
}

function end(code: number) {
  if (!isEnding) process.exitCode = code;
  isEnding = true;
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  }
}

// A terminal sends Ctrl-C to the children as well: each has its own way to end.
process.on("SIGINT", () => {
  isEnding = true;
});
process.on("SIGTERM", () => end(0));

run("The server", ["--watch", "--watch-preserve-output", "apps/server/src/main.ts"], root, {
  // Links, sign-in and the simulator's webhooks all go through Vite's address.
  BASE_URL: process.env.BASE_URL || address,
  PORT: "4000",
});
run(
  "Vite",
  [path.join(webFolder, "node_modules/vite/bin/vite.js"), "--port", "5173", "--strictPort"],
  webFolder,
  {},
);
console.log(`\n  Open ${address} (the server behind it listens on port 4000). Ctrl-C ends both.\n`);
