import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const startLimitMs = 180_000;
const stopLimitMs = 20_000;

/** The whole product on a port and a data folder of its own, as `pnpm start` runs it. */
export interface Stage {
  origin: string;
  /** Ends the server with this signal and waits until it is gone. Throws when it stays. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts the server again on the same port and data; resolves once it is ready. */
  start(): Promise<void>;
  /** Ends the server and deletes its data. */
  close(): Promise<void>;
}

interface StageOptions {
  /** Starts on an empty data folder instead of a copy of the template. */
  isFirstStart?: boolean;
}

/** Starts a {@link Stage}; resolves once it is ready. Throws with the server's output when it does not come up. */
export async function openStage(
  variables: Record<string, string> = {},
  { isFirstStart = false }: StageOptions = {},
): Promise<Stage> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), "livechat-e2e-"));
  const template = isFirstStart ? undefined : process.env.E2E_TEMPLATE_FOLDER;
  if (template) {
    await cp(path.join(template, "db"), path.join(dataFolder, "db"), { recursive: true });
  }
  return openStageIn(dataFolder, variables);
}

/**
 * Lets a server make a database, as at any first start, and keeps its folder for every
 * {@link openStage} of this run. Returns how to delete it.
 */
export async function makeTemplate(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-e2e-template-"));
  const stage = await openStageIn(folder, {});
  await stage.stop("SIGTERM");
  process.env.E2E_TEMPLATE_FOLDER = folder;
  return () => rm(folder, { recursive: true, force: true });
}

async function openStageIn(dataFolder: string, variables: Record<string, string>): Promise<Stage> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  let server: ChildProcess | null = null;
  let output = "";

  async function start() {
    output = "";
    const child = spawn(process.execPath, ["tools/start.ts"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        // Empty counts as not set: whoever runs the tests may have a .env of their own.
        DATABASE_URL: "",
        SUPABASE_URL: "",
        REDIS_URL: "",
        SECRETS_KEYS: "",
        SMTP_URL: "",
        SIMULATOR: "",
        TWILIO_API_BASE_URL: "",
        HOST: "127.0.0.1",
        PORT: String(port),
        BASE_URL: origin,
        DATA_DIR: dataFolder,
        ALLOW_SIGNUP: "true",
        LOG_LEVEL: "warn",
        NODE_ENV: "production",
        ...variables,
      },
    });
    server = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-20_000);
      });
    }
    const deadline = Date.now() + startLimitMs;
    while (!(await isReady(origin))) {
      if (hasEnded(child)) throw new Error(`The server ended while starting:\n${output}`);
      if (Date.now() > deadline) throw new Error(`The server did not get ready:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function stop(signal: "SIGTERM" | "SIGKILL") {
    const child = server;
    server = null;
    if (!child || hasEnded(child)) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const limit = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    await ended;
    clearTimeout(limit);
    if (signal === "SIGTERM" && child.signalCode === "SIGKILL") {
      throw new Error(
        `The server did not end within ${stopLimitMs / 1000} s of SIGTERM:\n${output}`,
      );
    }
  }

  const stage: Stage = {
    origin,
    start,
    stop,
    async close() {
      await stop("SIGTERM").finally(() => rm(dataFolder, { recursive: true, force: true }));
    },
  };
  try {
    await start();
  } catch (error) {
    await stop("SIGKILL");
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
  return stage;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

function findFreePort(): Promise<number> {
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
