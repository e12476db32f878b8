import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const startLimitMs = 60_000;

/** A program that the stage started. */
export interface StageProcess {
  name: string;
  port: number;
  /** Resolves with how it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly isRunning: boolean;
  signal(signal: NodeJS.Signals): void;
}

interface ProcessOptions {
  name: string;
  args: readonly string[];
  variables: Record<string, string>;
  /** Where its output goes, in full. */
  logFile: string;
  port: number;
}

/** Starts a program on the Node that runs this one. It is not ready yet. */
export function startProcess(options: ProcessOptions): StageProcess {
  const { name, args, variables, logFile, port } = options;
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...variables },
  });
  const log = createWriteStream(logFile, { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let isRunning = true;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => {
      isRunning = false;
      log.end();
      resolve({ code, signal });
    });
    child.once("exit", () => {
      isRunning = false;
    });
  });
  return {
    name,
    port,
    ended,
    get isRunning() {
      return isRunning;
    },
    signal: (signal) => void child.kill(signal),
  };
}

/** Resolves once the address answers with 2xx. Throws when the program ends first or takes too long. */
export async function waitUntilReady(program: StageProcess, url: string): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(url))) {
    if (!program.isRunning) throw new Error(`${program.name} ended while it started.`);
    if (Date.now() > deadline) throw new Error(`${program.name} did not get ready.`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** A port that nobody listens on at this moment. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("No free port was found."));
      });
    });
  });
}
