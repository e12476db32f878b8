import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Simulator } from "@livechat/twilio-simulator";
import express from "express";
import { sql } from "kysely";
import { pino } from "pino";
import { parseConfig } from "../../src/config.ts";
import type { Context } from "../../src/context.ts";
import { DomainError } from "../../src/errors.ts";
import { mountEndpoints } from "../../src/http/endpoint.ts";
import { consentEndpoints } from "../../src/messages/consents.routes.ts";
import { mergeEndpoints } from "../../src/messages/merges.routes.ts";
import { messageEndpoints } from "../../src/messages/messages.routes.ts";
import { registerMessageJobs } from "../../src/messages/register-message-jobs.ts";
import { sendEndpoints } from "../../src/messages/send.routes.ts";
import { sendingEndpoints } from "../../src/messages/sending.routes.ts";
import { createJobs } from "../../src/platform/jobs.ts";
import { createKeyRingEntry, parseKeyRing } from "../../src/platform/secrets.ts";
import { simulatorEndpoints } from "../../src/simulator/simulator.routes.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { errorEndpoints } from "../../src/twilio/errors.routes.ts";
import { phoneLineEndpoints } from "../../src/twilio/phone-line.routes.ts";
import { processReceipt } from "../../src/twilio/process-receipt.ts";
import { quarantineEndpoints } from "../../src/twilio/quarantine.routes.ts";
import { statusRoutes } from "../../src/twilio/status.routes.ts";
import { twilioEndpoints } from "../../src/twilio/twilio.routes.ts";
import { createTwilioGateway } from "../../src/twilio/twilio-client.ts";
import { webhookRoutes } from "../../src/twilio/webhook.routes.ts";
import { createMigratedDatabase, type DatabaseKind, type TestDatabase } from "./test-database.ts";

export interface Person {
  userId: string;
  api(
    method: string,
    path: string,
    body?: unknown,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server really answered.
  ): Promise<{ status: number; body: any }>;
}

/** The way of a text through the server and the simulated carrier, over real HTTP. */
export interface TestStage {
  test: TestDatabase;
  context: Context;
  simulator: Simulator;
  baseUrl: string;
  dataFolder: string;
  /** Owns the workspace. */
  alice: Person;
  /** An agent there. */
  bob: Person;
  /** A stranger, with a workspace of her own. */
  carol: Person;
  workspaceId: string;
  carolsWorkspaceId: string;
  close(): Promise<void>;
}

/** Sets a stage of its own; `connected` also connects alice's workspace to the simulator. */
export async function setTestStage(kind: DatabaseKind): Promise<TestStage> {
  const test = await createMigratedDatabase(kind);
  const { database } = test;
  const dataFolder = await mkdtemp(path.join(tmpdir(), "livechat-stage-"));
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const config = parseConfig({ PORT: String(port), BASE_URL: baseUrl, DATA_DIR: dataFolder });
  const keys = parseKeyRing(createKeyRingEntry());
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? "silent" });
  const parts = { config, database, keys, log };
  const running = await startSimulator(parts, { statusDelayMs: 5 });
  const context: Context = {
    ...parts,
    // The token is the person's id: signing in has tests of its own.
    tokens: {
      verify: async (userId) => ({ userId, email: "", expiresAt: new Date(8e15) }),
    },
    jobs: createJobs(database, log),
    mediaStore: {
      put: async () => {},
      open: async () => null,
      remove: async () => {},
    },
    twilio: createTwilioGateway({
      simulatorOrigin: running.origin,
      isSimulated: running.isSimulated,
    }),
  };
  app.use(webhookRoutes({ ...parts, baseUrl, jobs: context.jobs, onFailure: log.error.bind(log) }));
  app.use(statusRoutes(context));
  app.use(express.json({ limit: "20mb" }));
  app.use(
    mountEndpoints(context, [
      ...sendEndpoints,
      ...sendingEndpoints,
      ...twilioEndpoints,
      ...simulatorEndpoints,
      ...messageEndpoints,
      ...mergeEndpoints,
      ...consentEndpoints,
      ...errorEndpoints,
      ...quarantineEndpoints,
      ...phoneLineEndpoints,
    ]),
  );
  const answerError: express.ErrorRequestHandler = (error, _request, response, _next) => {
    const code = error instanceof DomainError ? error.code : "internal";
    if (code === "internal") log.error({ error }, "a request failed");
    const facts = error instanceof DomainError ? error.facts : {};
    response
      .status(code === "internal" ? 500 : 400)
      .json({ code, detail: String(error), carrierError: facts.carrierError });
  };
  app.use(answerError);
  const messageJobs = registerMessageJobs(context);
  context.jobs.work("process_receipt", (key) => processReceipt(context, key));
  await context.jobs.start();

  async function createPerson(name: string): Promise<Person> {
    const { rows } = await sql<{ id: string }>`
      insert into auth.users (id, email) values (gen_random_uuid(), ${`${name}@example.test`})
      returning id
    `.execute(database.kysely);
    const userId = rows[0]?.id ?? "";
    return {
      userId,
      api: async (method, route, body) => {
        const response = await fetch(baseUrl + route, {
          method,
          headers: { authorization: `Bearer ${userId}`, "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        return { status: response.status, body: text === "" ? null : JSON.parse(text) };
      },
    };
  }
  async function createWorkspace(owner: Person): Promise<string> {
    const id = crypto.randomUUID();
    await database.asMember(owner.userId, (trx) =>
      sql`select private.create_workspace(${id}, 'Bakery')`.execute(trx),
    );
    return id;
  }
  const [alice, bob, carol] = [
    await createPerson("alice"),
    await createPerson("bob"),
    await createPerson("carol"),
  ];
  const workspaceId = await createWorkspace(alice);
  const carolsWorkspaceId = await createWorkspace(carol);
  await sql`
    insert into public.workspace_members (workspace_id, user_id, role)
    values (${workspaceId}, ${bob.userId}, 'agent')
  `.execute(database.kysely);

  return {
    test,
    context,
    simulator: running.simulator,
    baseUrl,
    dataFolder,
    alice,
    bob,
    carol,
    workspaceId,
    carolsWorkspaceId,
    close: async () => {
      await running.close();
      await context.jobs.stop();
      await messageJobs.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await test.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
