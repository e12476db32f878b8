import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Simulator } from "@livechat/twilio-simulator";
import { type Config, parseConfig } from "../../src/config.ts";
import { createKeyRingEntry } from "../../src/platform/secrets.ts";
import { type RunningServer, type StartOptions, startServer } from "../../src/server.ts";
import { findSimulator } from "../../src/simulator/start-simulator.ts";
import { findEmbeddedTemplate } from "./template-databases.ts";
import { createMigratedDatabase, type DatabaseKind } from "./test-database.ts";

/** What a request was answered. `body` is parsed when it is JSON. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of each answer.
  body: any;
  headers: Headers;
}

/** A signed-in person of the cast. */
export interface Person {
  userId: string;
  email: string;
  token: string;
  api(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface TestServer {
  baseUrl: string;
  server: RunningServer;
  /** The built-in carrier, unless the settings switch it off. */
  simulator: Simulator | null;
  /** A new account named `name`; by default the server lets everyone sign up. */
  signUp(name: string, inviteToken?: string): Promise<Person>;
  /** The same request without a session. */
  api(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface TestServerOptions extends StartOptions {
  /** Settings on top of those of the tests: any port, open sign-up, a silent log. */
  config?: Partial<Config>;
  /** Starts on an empty data folder and migrates by itself; only with `embedded`. */
  isFirstStart?: boolean;
}

/** The whole product on a port and a database of its own. */
export async function startTestServer(
  kind: DatabaseKind,
  { config, isFirstStart = false, ...options }: TestServerOptions = {},
): Promise<TestServer> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), "livechat-test-"));
  if (kind === "embedded" && !isFirstStart) await unpackTemplate(path.join(dataFolder, "db"));
  const database = kind === "postgres" ? await createMigratedDatabase("postgres") : null;
  const port = await findFreePort();
  const settings = parseConfig({
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: dataFolder,
    ALLOW_SIGNUP: "true",
    LOG_LEVEL: "silent",
    SIMULATOR: "true",
    ...(database?.url ? { DATABASE_URL: database.url, SECRETS_KEYS: createKeyRingEntry() } : {}),
  });
  const server = await startServer({ ...settings, ...config }, options);
  const baseUrl = `http://127.0.0.1:${server.port}`;
  return {
    baseUrl,
    server,
    simulator: findSimulator(server.context.database)?.simulator ?? null,
    signUp: (name, inviteToken) => signUp(baseUrl, name, inviteToken),
    api: (method, path, body) => call(baseUrl, null, method, path, body),
    close: async () => {
      await server.close();
      await database?.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function unpackTemplate(folder: string): Promise<void> {
  const packed = findEmbeddedTemplate();
  if (!packed) return;
  await mkdir(folder);
  await promisify(execFile)("tar", ["-xzf", packed, "-C", folder]);
}

/** A port that nobody listens on at this moment. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address
          ? resolve(address.port)
          : reject(new Error("no port was given")),
      );
    });
  });
}

async function signUp(baseUrl: string, name: string, inviteToken?: string): Promise<Person> {
  const email = `${name}@example.test`;
  const { status, body } = await call(baseUrl, null, "POST", "/auth/v1/signup", {
    email,
    password: "correct horse battery",
    data: { display_name: name, ...(inviteToken ? { invite_token: inviteToken } : {}) },
  });
  if (status !== 200) throw new Error(`${name} could not sign up: ${JSON.stringify(body)}`);
  const token: string = body.access_token;
  return {
    userId: body.user.id,
    email,
    token,
    api: (method, path, sent) => call(baseUrl, token, method, path, sent),
  };
}

async function call(
  baseUrl: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(baseUrl + path, {
    method,
    redirect: "manual",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    body: isJson && text ? JSON.parse(text) : text,
    headers: response.headers,
  };
}
