import { randomUUID } from "node:crypto";
import type { Server as HttpServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import * as z from "zod";
import { ConfigError } from "../config.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { presentProblem } from "../http/present-problem.ts";
import { findWebBuild } from "../http/web-build.ts";
import { createAskAnswerer } from "./answer-asks.ts";
import { isOwnOrigin } from "./check-origin.ts";
import type { LiveServer, LiveSocket } from "./rooms.ts";
import { startWakeUps } from "./wake-ups.ts";
import { createWorkspaces } from "./workspaces.ts";

/** Longest that a timer of Node waits. */
const maxTimerMs = 2 ** 31 - 1;

/** Tabs and devices that one person may have open on one server. */
const maxSocketsPerPerson = 30;

const redisTimeoutMs = 10_000;
const slowCheckEveryMs = 500;

export interface HubOptions {
  heartbeatEveryMs?: number;
  /** The longest that an event waits when no wake-up comes through. */
  pollEveryMs?: number;
}

/** The live side of the server. */
export interface Hub {
  /** Lets browsers go, which then connect to another server, and stops. The HTTP server is the caller's to close. */
  close(): Promise<void>;
}

/**
 * Brings every event of a workspace's log to the browsers that have it open, on
 * this HTTP server. Throws ConfigError when Redis is named and does not answer.
 */
export async function attachHub(
  context: Context,
  httpServer: HttpServer,
  { heartbeatEveryMs = 15_000, pollEveryMs = 1_500 }: HubOptions = {},
): Promise<Hub> {
  const { config, database, log } = context;
  const redis = config.redisUrl ? await connectRedis(config.redisUrl, context) : null;
  const serverId = randomUUID();
  const io: LiveServer = new Server(httpServer, {
    serveClient: false,
    transports: ["websocket", "polling"],
    maxHttpBufferSize: 64 * 1024,
    connectTimeout: 10_000,
    allowRequest: (request, decide) => {
      const { origin, host } = request.headers;
      decide(null, isOwnOrigin(origin, host, config.baseUrl));
    },
    ...(redis ? { adapter: redis.adapter } : {}),
  });

  const workspaces = createWorkspaces(context, io, pollEveryMs, (workspaceId, people) => {
    if (redis?.isReady()) io.serverSideEmit("presence_shared", serverId, workspaceId, people);
  });
  const { presence, tail } = workspaces;
  const asks = createAskAnswerer(context, workspaces);
  const wakeUps = startWakeUps(
    database,
    config.platform.kind === "embedded" ? null : config.platform.databaseUrl,
    log,
    tail.wake,
    () => void tail.poll(),
  );

  io.use((socket, next) => {
    admit(context, io, socket).then(
      () => next(),
      (error) => next(Object.assign(new Error("refused"), { data: presentProblem(error) })),
    );
  });
  io.on("connection", (socket) => {
    const stopWatching = watchExpiry(socket);
    asks.listen(socket);
    socket.on("disconnect", () => {
      stopWatching();
      workspaces.forget(socket);
    });
    void findWebBuild().then(
      (build) => socket.emit("welcome", { build }),
      (error) => log.error({ err: error }, "The build of the screens can't be read."),
    );
  });
  io.on("presence_shared", presence.learn);
  io.on("presence_wanted", presence.repeat);
  if (redis) io.serverSideEmit("presence_wanted");

  let beating: Promise<void> | null = null;
  const heartbeat = setInterval(() => {
    beating ??= workspaces.beat().finally(() => {
      beating = null;
    });
  }, heartbeatEveryMs);
  const slowCheck = setInterval(workspaces.dropSlowSockets, slowCheckEveryMs);

  return {
    close: async () => {
      clearInterval(heartbeat);
      clearInterval(slowCheck);
      await beating;
      await wakeUps.stop();
      // Closing the line, not the session: browsers then connect again by themselves.
      io.engine.close();
      await tail.stop();
      presence.stop();
      await io.of("/").adapter.close();
      redis?.close();
    },
  };
}

const handshake = z.object({ token: z.string().min(1).max(8_192) });

async function admit({ tokens }: Context, io: LiveServer, socket: LiveSocket): Promise<void> {
  const auth = handshake.safeParse(socket.handshake.auth);
  if (!auth.success) throw new DomainError("not_authenticated", "Sign in first.");
  const caller = await tokens.verify(auth.data.token);
  const others = [...io.of("/").sockets.values()].filter(
    (other) => other.data.caller.userId === caller.userId,
  );
  if (others.length >= maxSocketsPerPerson) {
    throw new DomainError("rate_limited", "This account is open too often: close a few tabs.");
  }
  socket.data.caller = caller;
  socket.data.rooms = new Map();
}

/** Ends the session when its token runs out, unless a newer one has taken its place by then. */
function watchExpiry(socket: LiveSocket): () => void {
  let timer: NodeJS.Timeout | undefined;
  const check = () => {
    const leftMs = socket.data.caller.expiresAt.getTime() - Date.now();
    if (leftMs <= 0) endSession(socket);
    else timer = setTimeout(check, Math.min(leftMs, maxTimerMs));
  };
  check();
  return () => clearTimeout(timer);
}

function endSession(socket: LiveSocket): void {
  const problem = presentProblem(
    new DomainError("token_expired", "The session has expired. Sign in again."),
  );
  socket.emit("error", { problem });
  socket.disconnect(true);
}

async function connectRedis(url: string, { log }: Context) {
  const publisher = createClient({ url });
  const subscriber = publisher.duplicate();
  for (const client of [publisher, subscriber]) {
    client.on("error", (error) => log.warn({ err: error }, "Redis does not answer."));
  }
  const destroy = () => {
    for (const client of [publisher, subscriber]) if (client.isOpen) client.destroy();
  };
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`No answer within ${redisTimeoutMs} ms.`)),
    redisTimeoutMs,
  );
  try {
    await Promise.race([Promise.all([publisher.connect(), subscriber.connect()]), timeout]);
  } catch (error) {
    destroy();
    throw new ConfigError("REDIS_URL: no Redis answers there. Start it, or mend the address.", {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
  return {
    adapter: createAdapter(forgiving(publisher), forgiving(subscriber)),
    isReady: () => publisher.isReady && subscriber.isReady,
    close: destroy,
  };
}

/**
 * The same client, whose refusals end nothing: the adapter awaits none of its
 * calls, and one that Redis does not take would end the process.
 */
function forgiving<T extends object>(client: T): T {
  return new Proxy(client, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        // What went wrong is reported as the client's "error" already.
        if (result instanceof Promise) result.catch(() => {});
        return result;
      };
    },
  });
}
