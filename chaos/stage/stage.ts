import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { createKeyRingEntry } from "../../apps/server/src/platform/secrets.ts";
import { findPostgresTemplate } from "../../apps/server/test/support/template-databases.ts";
import { findTestServer } from "../../apps/server/test/support/test-postgres.ts";
import { type Carrier, connectCarrier, createSid } from "./carrier.ts";
import { type FaultProxy, openFaultProxy } from "./fault-proxy.ts";
import { findFreePort, type StageProcess, startProcess, waitUntilReady } from "./processes.ts";

/** How a server differs from one in production. */
export interface ServerOptions {
  name?: string;
  /** `<fault point>` or `<fault point>:<n>`: the server dies by SIGKILL at that crossing. */
  killAt?: string;
  /** Modules of `mutations/`, each of which breaks one guard. */
  mutations?: readonly string[];
  clockSkewMs?: number;
  variables?: Record<string, string>;
  /** False keeps it out of the public address: only its own port leads there. */
  isPublic?: boolean;
}

/**
 * Real servers on a Postgres database of their own, a carrier in a process of its
 * own, and lines between them that can be spoiled.
 */
export interface Stage {
  /** Where logs and evidence lie. */
  folder: string;
  /** The public address: a balancer in front of every server that runs. */
  origin: string;
  databaseName: string;
  sql: postgres.Sql;
  carrier: Carrier;
  /** Secrets that no log, event or answer may show. */
  secrets: readonly string[];
  lines: { toServers: FaultProxy; toDatabase: FaultProxy; toCarrier: FaultProxy };
  /** Starts a server; resolves once it is ready. Throws when it ends before. */
  startServer(options?: ServerOptions): Promise<StageProcess>;
  /** Servers that have started and not ended. */
  servers(): StageProcess[];
  /** Ends every server with this signal and waits for it. */
  stopServers(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** The names of servers that ended although nobody ended them. */
  crashes(): string[];
  /** Marks an end as wanted, so that it counts as no crash. */
  expectEnd(server: StageProcess): void;
  /** Copies the database as it is now; no server may run. */
  backUp(): Promise<void>;
  /** Puts the copy in the database's place; no server may run. */
  restore(): Promise<void>;
  /** Everything that the servers logged. */
  readLogs(): Promise<string>;
  /** Ends everything and drops the database; keeps the folder if told so. */
  close(options?: { keepFolder?: boolean }): Promise<void>;
}

interface StageOptions {
  /** Between two steps of a text's life at the carrier. */
  statusDelayMs?: number;
  numbers?: readonly string[];
  /** Leaves it to the first server to make the schema. */
  isEmpty?: boolean;
}

const defaultNumbers = ["+12025550100", "+12025550101"];

/** Sets the stage without any server. */
export async function openStage({
  statusDelayMs = 30,
  numbers = defaultNumbers,
  isEmpty = false,
}: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-chaos-"));
  const dataFolder = path.join(folder, "data");
  await mkdir(dataFolder);
  const cluster = await findTestServer();
  const databaseName = `livechat_chaos_${randomBytes(6).toString("hex")}`;
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  const template = isEmpty ? null : findPostgresTemplate();
  await admin.unsafe(`create database ${databaseName}${template ? ` template ${template}` : ""}`);
  const databaseUrl = new URL(cluster.url);
  databaseUrl.pathname = `/${databaseName}`;
  const openSql = () => postgres(databaseUrl.href, { max: 2, onnotice: () => {} });
  let sql = openSql();

  const accountSid = createSid("AC");
  const authToken = randomBytes(16).toString("hex");
  const keyRing = createKeyRingEntry();
  const carrierPort = await findFreePort();
  const carrier = connectCarrier({
    origin: `http://127.0.0.1:${carrierPort}`,
    accountSid,
    authToken,
    numbers,
  });
  const carrierProcess = startProcess({
    name: "carrier",
    args: ["packages/twilio-simulator/src/main.ts"],
    port: carrierPort,
    logFile: path.join(folder, "carrier.log"),
    variables: {
      PORT: String(carrierPort),
      HOST: "127.0.0.1",
      SIMULATOR_ACCOUNT_SID: accountSid,
      SIMULATOR_AUTH_TOKEN: authToken,
      SIMULATOR_NUMBERS: numbers.join(","),
      SIMULATOR_STATUS_DELAY_MS: String(statusDelayMs),
      SIMULATOR_API_BASE_URL: "https://api.twilio.com",
      NODE_COMPILE_CACHE: path.join(tmpdir(), "livechat-chaos-cache"),
    },
  });

  const servers = new Map<StageProcess, { isPublic: boolean; isReady: boolean }>();
  const wanted = new WeakSet<StageProcess>();
  const crashes: string[] = [];
  let isClosed = false;
  let serverCount = 0;

  const lines = {
    toServers: await openFaultProxy(() =>
      [...servers]
        .filter(([each, { isPublic, isReady }]) => each.isRunning && isPublic && isReady)
        .map(([{ port }]) => ({ host: "127.0.0.1", port })),
    ),
    toDatabase: await openFaultProxy(() => [
      { host: databaseUrl.hostname, port: Number(databaseUrl.port || 5432) },
    ]),
    toCarrier: await openFaultProxy(() => [{ host: "127.0.0.1", port: carrierPort }]),
  };
  const origin = `http://127.0.0.1:${lines.toServers.port}`;
  const throughLine = new URL(databaseUrl.href);
  throughLine.hostname = "127.0.0.1";
  throughLine.port = String(lines.toDatabase.port);

  async function startServer(options: ServerOptions = {}): Promise<StageProcess> {
    serverCount += 1;
    const { name = `server-${serverCount}`, killAt, mutations = [], clockSkewMs } = options;
    const port = await findFreePort();
    const preloads: string[] = [];
    for (const mutation of mutations) preloads.push(`chaos/mutations/${mutation}.ts`);
    if (clockSkewMs !== undefined) preloads.push("chaos/stage/skew-clock.ts");
    const server = startProcess({
      name,
      args: [...preloads.flatMap((file) => ["--import", `./${file}`]), "apps/server/src/main.ts"],
      port,
      logFile: path.join(folder, `${name}.log`),
      variables: {
        NODE_ENV: "test",
        LIVECHAT_TEST_KILL_AT: killAt ?? "",
        TWILIO_API_BASE_URL: `http://127.0.0.1:${lines.toCarrier.port}`,
        CHAOS_CLOCK_SKEW_MS: String(clockSkewMs ?? 0),
        NODE_COMPILE_CACHE: path.join(tmpdir(), "livechat-chaos-cache"),
        PORT: String(port),
        HOST: "127.0.0.1",
        BASE_URL: origin,
        DATA_DIR: dataFolder,
        DATABASE_URL: throughLine.href,
        SECRETS_KEYS: keyRing,
        SIMULATOR: "false",
        ALLOW_SIGNUP: "true",
        LOG_LEVEL: "debug",
        // Empty counts as not set: whoever runs this may have a .env of their own.
        SUPABASE_URL: "",
        REDIS_URL: "",
        SMTP_URL: "",
        ...options.variables,
      },
    });
    const state = { isPublic: options.isPublic ?? true, isReady: false };
    servers.set(server, state);
    void server.ended.then(({ code, signal }) => {
      servers.delete(server);
      const isKilledAtPoint = killAt !== undefined && signal === "SIGKILL";
      if (wanted.has(server) || isKilledAtPoint || isClosed) return;
      crashes.push(`${name} ended by itself (code ${code}, signal ${signal})`);
    });
    await waitUntilReady(server, `http://127.0.0.1:${port}/readyz`).catch(async (error) => {
      const log = await readFile(path.join(folder, `${name}.log`), "utf8").catch(() => "");
      throw new Error(`${name} did not start:\n${log.slice(-3_000)}`, { cause: error });
    });
    state.isReady = true;
    return server;
  }

  async function stopServers(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const running = [...servers.keys()];
    for (const server of running) {
      wanted.add(server);
      server.signal("SIGCONT");
      server.signal(signal);
    }
    await Promise.all(running.map(({ ended }) => ended));
  }

  async function readLogs(): Promise<string> {
    const files = (await readdir(folder)).filter((file) => file.startsWith("server-"));
    const logs = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
    return logs.join("\n");
  }

  await waitUntilReady(carrierProcess, `${carrier.origin}/simulator/numbers`);
  const copyName = `${databaseName}_copy`;
  const dropCopy = () => admin.unsafe(`drop database if exists ${copyName} with (force)`);

  return {
    folder,
    origin,
    databaseName,
    get sql() {
      return sql;
    },
    carrier,
    secrets: [authToken, keyRing.slice(keyRing.indexOf(":") + 1)],
    lines,
    startServer,
    servers: () => [...servers.keys()],
    stopServers,
    crashes: () => [...crashes],
    expectEnd: (server) => void wanted.add(server),
    backUp: async () => {
      await sql.end();
      await dropCopy();
      await admin.unsafe(`create database ${copyName} template ${databaseName}`);
      sql = openSql();
    },
    restore: async () => {
      await sql.end();
      await admin.unsafe(`drop database ${databaseName} with (force)`);
      await admin.unsafe(`alter database ${copyName} rename to ${databaseName}`);
      sql = openSql();
    },
    readLogs,
    close: async ({ keepFolder = false } = {}) => {
      isClosed = true;
      await stopServers("SIGKILL");
      carrierProcess.signal("SIGKILL");
      await carrierProcess.ended;
      await Promise.all(Object.values(lines).map((line) => line.close()));
      await sql.end({ timeout: 2 });
      await admin.unsafe(`drop database if exists ${databaseName} with (force)`);
      await dropCopy();
      await admin.end();
      await cluster.stop();
      if (!keepFolder) await rm(folder, { recursive: true, force: true });
    },
  };
}
