import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Express, NextFunction, Request, Response } from "express";
import express from "express";
import { sql } from "kysely";
import { pino } from "pino";
import type { Context } from "../../src/context.ts";
import { DomainError } from "../../src/errors.ts";
import { mountEndpoints } from "../../src/http/endpoint.ts";
import { mediaEndpoints, mediaRoutes } from "../../src/media/media.routes.ts";
import { createMediaStore } from "../../src/platform/media-store.ts";
import { createKeyRingEntry, parseKeyRing } from "../../src/platform/secrets.ts";
import type { TwilioGateway } from "../../src/twilio/twilio-client.ts";
import { createMigratedDatabase, type DatabaseKind } from "./test-database.ts";

const baseUrl = "https://inbox.example.test";
const nowhere = () => Promise.reject(new Error("Nobody talks to Twilio here."));

/** The media part alone, on a database and a folder of its own; a token is its person's id. */
export interface MediaStage {
  context: Context;
  app: Express;
  folder: string;
  addPerson(): Promise<string>;
  addWorkspace(ownerId: string): Promise<string>;
  close(): Promise<void>;
}

export async function createMediaStage(
  kind: DatabaseKind,
  apiOrigin: () => string = () => "https://api.twilio.com",
): Promise<MediaStage> {
  const test = await createMigratedDatabase(kind);
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-media-"));
  const platform = { kind: "embedded", dataFolder: folder } as const;
  const twilio: TwilioGateway = {
    getAccount: nowhere,
    listNumbers: nowhere,
    updateNumber: nowhere,
    listServices: nowhere,
    updateService: nowhere,
    sendMessage: nowhere,
    listMessages: nowhere,
    listMedia: nowhere,
    getMessage: nowhere,
    isLimited: () => false,
    apiOrigin,
  };
  const context: Context = {
    config: {
      port: 0,
      host: "127.0.0.1",
      baseUrl,
      platform,
      redisUrl: null,
      secretsKeys: null,
      isSimulatorOn: false,
      twilioApiUrl: null,
      receiptDays: 30,
      isSignupOpen: false,
      smtpUrl: null,
      logLevel: "silent",
    },
    log: pino({ level: "silent" }),
    database: test.database,
    keys: parseKeyRing(createKeyRingEntry()),
    tokens: {
      verify: async (token) => ({
        userId: token,
        email: "",
        expiresAt: new Date(Date.now() + 1e6),
      }),
    },
    jobs: { enqueue: nowhere, work: () => {}, start: nowhere, stop: async () => {} },
    mediaStore: createMediaStore(platform),
    twilio,
  };
  const app = express();
  app.use(mediaRoutes(context), express.json(), mountEndpoints(context, mediaEndpoints));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof DomainError)) next(error);
    else response.status(statuses[error.code] ?? 400).json({ code: error.code });
  });
  return {
    context,
    app,
    folder,
    addPerson: async () => {
      const id = crypto.randomUUID();
      await sql`insert into auth.users (id, email) values (${id}, ${`${id}@x.test`})`.execute(
        test.database.kysely,
      );
      return id;
    },
    addWorkspace: async (ownerId) => {
      const id = crypto.randomUUID();
      await test.database.asMember(ownerId, (trx) =>
        sql`select private.create_workspace(${id}, 'Acme')`.execute(trx),
      );
      return id;
    },
    close: async () => {
      await test.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const statuses: Record<string, number> = {
  not_found: 404,
  workspace_not_found: 404,
  media_too_large: 413,
  media_type_unsupported: 415,
  not_authenticated: 401,
};
