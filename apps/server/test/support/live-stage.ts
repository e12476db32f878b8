import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import type {
  Acknowledgement,
  ChangedConversations,
  ClientEventName,
  ClientEventResults,
  ClientToServerEvents,
  Contact,
  ContactList,
  EventPage,
  LogEvent,
  LogEventType,
  Message,
  MessageList,
  Problem,
  PushedLogEvent,
  ServerToClientEvents,
} from "@livechat/shared";
import { logEvents } from "@livechat/shared";
import express from "express";
import { SignJWT } from "jose";
import { sql } from "kysely";
import { pino } from "pino";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { cannedReplyEndpoints } from "../../src/canned-replies/canned-replies.routes.ts";
import { parseConfig } from "../../src/config.ts";
import { contactEndpoints } from "../../src/contacts/contacts.routes.ts";
import { conversationEndpoints } from "../../src/contacts/conversations.routes.ts";
import { importEndpoints } from "../../src/contacts/imports.routes.ts";
import type { Context } from "../../src/context.ts";
import { mountEndpoints } from "../../src/http/endpoint.ts";
import { answerProblems } from "../../src/http/problem-handler.ts";
import { exportRoutes } from "../../src/messages/export.routes.ts";
import { mergeEndpoints } from "../../src/messages/merges.routes.ts";
import { messageEndpoints } from "../../src/messages/messages.routes.ts";
import { receiveText } from "../../src/messages/receive-text.ts";
import { noteEndpoints } from "../../src/notes/notes.routes.ts";
import type { Database } from "../../src/platform/database.ts";
import { createKeyRingEntry, parseKeyRing } from "../../src/platform/secrets.ts";
import { createTokenVerifier, deriveTokenSecrets } from "../../src/platform/tokens.ts";
import { appendEvent } from "../../src/realtime/event-log.ts";
import { eventEndpoints } from "../../src/realtime/events.routes.ts";
import { attachHub, type HubOptions } from "../../src/realtime/hub.ts";
import { savedViewEndpoints } from "../../src/saved-views/saved-views.routes.ts";
import { searchEndpoints } from "../../src/search/search.routes.ts";
import { seenEndpoints } from "../../src/seen/seen.routes.ts";
import { tagEndpoints } from "../../src/tags/tags.routes.ts";
import { createMigratedDatabase, type DatabaseKind } from "./test-database.ts";

export interface Person {
  userId: string;
  name: string;
}

/** Any body of these endpoints: a test reads what its own request returns. */
export type Answer = Problem &
  Contact &
  EventPage &
  Pick<ContactList, "asOfSeq" | "nextCursor" | "counts"> &
  Pick<ChangedConversations, "conflicts"> &
  Pick<MessageList, "olderCursor" | "notes" | "activities"> & { items: (Contact & Message)[] };

export interface LiveTestServer {
  baseUrl: string;
  close(): Promise<void>;
}

export interface StageServerOptions extends HubOptions {
  database?: Database;
  redisUrl?: string;
  /** False leaves only the poll to hear of other servers. */
  isListening?: boolean;
}

export type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A browser's socket, and the log events that came to it. */
export interface Tab {
  socket: ClientSocket;
  events: (PushedLogEvent & { type: LogEventType })[];
  ask<N extends ClientEventName>(
    name: N,
    payload: Parameters<ClientToServerEvents[N]>[0],
  ): Promise<Acknowledgement<ClientEventResults[N]>>;
}

/** alice and bob at Acme, carol at another company, and servers with only the live part. */
export async function openLiveStage(kind: DatabaseKind) {
  const test = await createMigratedDatabase(kind);
  const keys = parseKeyRing(createKeyRingEntry());
  const [secret] = deriveTokenSecrets(keys);
  const listenUrl = kind === "postgres" ? await findUrl(test.database) : null;
  const cast = {
    alice: await addPerson(test.database, "alice"),
    bob: await addPerson(test.database, "bob"),
    carol: await addPerson(test.database, "carol"),
  };
  const acme = await addWorkspace(test.database, [cast.alice, cast.bob]);
  const other = await addWorkspace(test.database, [cast.carol]);
  const opened: { close(): Promise<void> }[] = [];
  const tabs: Tab[] = [];

  async function startServer(options: StageServerOptions = {}): Promise<LiveTestServer> {
    const { database = test.database, redisUrl, isListening = true, ...hubOptions } = options;
    const httpServer = createServer();
    await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
    const { port } = httpServer.address() as AddressInfo;
    const config = parseConfig({ PORT: String(port), DATA_DIR: tmpdir(), LOG_LEVEL: "silent" });
    if (listenUrl && isListening) {
      config.platform = { kind: "postgres", databaseUrl: listenUrl, dataFolder: tmpdir() };
    }
    if (redisUrl) config.redisUrl = redisUrl;
    const context: Context = {
      config,
      database,
      keys,
      log: pino({ level: process.env.TEST_LOG ?? "silent" }),
      tokens: createTokenVerifier(config.platform, keys),
      jobs: { enqueue: async () => {}, work() {}, start: async () => {}, stop: async () => {} },
      mediaStore: { put: unused, open: unused, remove: unused },
      twilio: {
        getAccount: unused,
        listNumbers: unused,
        updateNumber: unused,
        listServices: unused,
        updateService: unused,
        listMessages: unused,
        listMedia: unused,
        getMessage: unused,
        isLimited: unused,
        sendMessage: async () => ({
          outcome: "accepted",
          sid: `SM${randomBytes(16).toString("hex")}`,
          status: "queued",
          numSegments: 1,
        }),
        apiOrigin: () => "https://carrier.test",
      },
    };
    httpServer.on(
      "request",
      express()
        .use(express.json())
        .use(
          mountEndpoints(context, [
            ...contactEndpoints,
            ...conversationEndpoints,
            ...mergeEndpoints,
            ...noteEndpoints,
            ...tagEndpoints,
            ...messageEndpoints,
            ...searchEndpoints,
            ...importEndpoints,
            ...cannedReplyEndpoints,
            ...savedViewEndpoints,
            ...seenEndpoints,
            ...eventEndpoints,
          ]),
        )
        .use(exportRoutes(context))
        .use(answerProblems(context.log)),
    );
    const hub = await attachHub(context, httpServer, hubOptions);
    let closing: Promise<void> | undefined;
    const server = {
      baseUrl: `http://127.0.0.1:${port}`,
      close: () => {
        closing ??= hub.close().then(
          () =>
            new Promise<void>((resolve) => {
              httpServer.close(() => resolve());
              httpServer.closeAllConnections();
            }),
        );
        return closing;
      },
    };
    opened.push(server);
    return server;
  }

  function signToken(person: Person, lastsSeconds = 3_600): Promise<string> {
    return new SignJWT({
      sub: person.userId,
      role: "authenticated",
      email: `${person.name}@x.test`,
    })
      .setProtectedHeader({ alg: "HS256" })
      .setAudience("authenticated")
      .setExpirationTime(Math.floor(Date.now() / 1000) + lastsSeconds)
      .sign(new TextEncoder().encode(secret));
  }

  /** A socket that is not waited for. */
  function dial(
    server: LiveTestServer,
    token: string,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Tab {
    const socket: ClientSocket = io(server.baseUrl, {
      auth: { token },
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    const events: Tab["events"] = [];
    for (const type of Object.keys(logEvents) as LogEventType[]) {
      socket.on(type, (event: PushedLogEvent) => events.push({ ...event, type }));
    }
    const tab: Tab = {
      socket,
      events,
      ask: (name, payload) =>
        (socket as Socket).timeout(10_000).emitWithAck(name, payload) as Promise<never>,
    };
    tabs.push(tab);
    return tab;
  }

  async function connect(
    server: LiveTestServer,
    person: Person,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<Tab> {
    const tab = dial(server, await signToken(person), options);
    await new Promise<void>((resolve, reject) => {
      tab.socket.once("connect", resolve);
      tab.socket.once("connect_error", reject);
    });
    return tab;
  }

  async function api(
    server: LiveTestServer,
    person: Person,
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Answer }> {
    const response = await fetch(server.baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${await signToken(person)}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Answer };
  }

  return {
    ...test,
    ...cast,
    acme,
    other,
    startServer,
    signToken,
    dial,
    connect,
    api,
    /** Every event after a place, page by page, as a browser catches up. */
    catchUp: async (server: LiveTestServer, person: Person, workspaceId: string, after: number) => {
      const events: LogEvent[] = [];
      for (let at = after; ; ) {
        const path = `/api/workspaces/${workspaceId}/events?limit=7&after=${at}`;
        const page: EventPage = (await api(server, person, "GET", path)).body;
        events.push(...page.events);
        at = page.events.at(-1)?.seq ?? at;
        if (at >= page.head) return events;
      }
    },
    /** A customer's text, as the webhook stores it. */
    receive: async (workspaceId: string, from: string, body: string, through = test.database) => {
      const stored = await receiveText(through, {
        workspaceId,
        accountSid: `AC${"0".repeat(32)}`,
        messageSid: `SM${randomBytes(16).toString("hex")}`,
        from,
        to: "+12025550100",
        body,
        media: [],
        optOutType: null,
        receipt: { body: Buffer.alloc(0), headers: {} },
      });
      if (stored.outcome === "duplicate") throw new Error("The text was not stored.");
      return stored;
    },
    /** Connects a workspace to a carrier that takes every text. */
    connectCarrier: async (workspaceId: string) => {
      const name = "twilio_auth_token";
      const sealed = keys.seal({ workspaceId, name }, "t".repeat(32));
      await sql`
        insert into public.workspace_twilio_config (workspace_id, account_sid, is_configured)
        values (${workspaceId}, ${`AC${"0".repeat(32)}`}, true)
      `.execute(test.database.kysely);
      await sql`
        insert into private.workspace_secrets (workspace_id, name, ciphertext, key_id)
        values (${workspaceId}, ${name}, ${Buffer.from(sealed.ciphertext)}, ${sealed.keyId})
      `.execute(test.database.kysely);
      await sql`
        insert into public.twilio_numbers (workspace_id, phone_number, twilio_sid, capabilities)
        values (${workspaceId}, '+12025550100', ${`PN${"0".repeat(32)}`}, '{"sms": true, "mms": true}')
      `.execute(test.database.kysely);
    },
    removeMember: (workspaceId: string, person: Person, through = test.database) =>
      through.asSystem(async (trx) => {
        await sql`
          delete from public.workspace_members
          where workspace_id = ${workspaceId} and user_id = ${person.userId}
        `.execute(trx);
        await appendEvent(trx, workspaceId, "member_removed", { userId: person.userId });
      }),
    close: async () => {
      for (const { socket } of tabs) socket.disconnect();
      for (const each of opened) await each.close();
      await test.drop();
    },
  };
}

export type LiveStage = Awaited<ReturnType<typeof openLiveStage>>;

async function unused(): Promise<never> {
  throw new Error("This stage has no such part.");
}

async function addPerson(database: Database, name: string): Promise<Person> {
  const userId = randomUUID();
  await sql`insert into auth.users (id, email) values (${userId}, ${`${name}@x.test`})`.execute(
    database.kysely,
  );
  await sql`
    insert into public.profiles (user_id, display_name) values (${userId}, ${name})
    on conflict (user_id) do update set display_name = excluded.display_name
  `.execute(database.kysely);
  return { userId, name };
}

async function addWorkspace(database: Database, members: readonly Person[]): Promise<string> {
  const workspaceId = randomUUID();
  await sql`insert into public.workspaces (id, name) values (${workspaceId}, 'W')`.execute(
    database.kysely,
  );
  for (const [index, { userId }] of members.entries()) {
    await sql`
      insert into public.workspace_members (workspace_id, user_id, role)
      values (${workspaceId}, ${userId}, ${index === 0 ? "owner" : "agent"})
    `.execute(database.kysely);
  }
  return workspaceId;
}

// Where the test's database is, for the connection that LISTENs.
async function findUrl(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string; port: number }>`
    select current_database() as name, inet_server_port() as port
  `.execute(database.kysely);
  const [row] = rows;
  const url = new URL(
    process.env.TEST_DATABASE_URL ?? `postgres://postgres:postgres@127.0.0.1:${row?.port ?? 5432}`,
  );
  url.pathname = `/${row?.name ?? ""}`;
  return url.href;
}
