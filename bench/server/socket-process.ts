/**
 * A live server for many sockets, ours or a bare one, told what to do by its
 * parent: `node socket-process.ts ours|bare`.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { openLiveStage } from "../../apps/server/test/support/live-stage.ts";
import { addPerson } from "./bench-database.ts";

/** What the parent asks; each is answered with one message. */
export type Ask =
  | { ask: "open"; people: number }
  | { ask: "emit"; count: number; everyMs: number }
  | { ask: "memory" }
  | { ask: "close" }
  | { ask: "write"; count: number }
  | { ask: "reopen" };

export interface Opened {
  baseUrl: string;
  workspaceId: string;
  tokens: string[];
}

type Answer = (ask: Ask) => Promise<unknown>;

const answer = process.argv[2] === "ours" ? await serveOurs() : await serveBare();
process.on("message", (ask: Ask) => {
  answer(ask).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ failure: error.stack }),
  );
});
process.once("disconnect", () => process.exit(0));
process.send?.({ result: "ready" });

async function serveOurs(): Promise<Answer> {
  const stage = await openLiveStage("postgres");
  let server = await stage.startServer();
  const phoneOf = (at: number) => `+1202${2_000_000 + (at % 50)}`;
  return async (ask) => {
    switch (ask.ask) {
      case "open": {
        const tokens: string[] = [];
        for (let at = 0; at < ask.people; at += 1) {
          const userId = await addPerson(stage.database, [stage.acme]);
          tokens.push(await stage.signToken({ userId, name: `agent${at}` }));
        }
        return { baseUrl: server.baseUrl, workspaceId: stage.acme, tokens } satisfies Opened;
      }
      case "emit": {
        const committedAt: Record<string, number> = {};
        for (let at = 0; at < ask.count; at += 1) {
          const { messageId } = await stage.receive(stage.acme, phoneOf(at), `Text ${at}`);
          committedAt[messageId] = Date.now();
          await pause(ask.everyMs);
        }
        return committedAt;
      }
      case "memory":
        return measureMemory();
      case "close":
        await server.close();
        return null;
      case "write":
        for (let at = 0; at < ask.count; at += 1)
          await stage.receive(stage.acme, phoneOf(at), `Missed ${at}`);
        return null;
      case "reopen":
        server = await stage.startServer();
        return server.baseUrl;
      default:
        return ask satisfies never;
    }
  };
}

async function serveBare(): Promise<Answer> {
  const httpServer = createServer();
  const io = new Server(httpServer, { serveClient: false, transports: ["websocket"] });
  io.on("connection", (socket) => {
    void socket.join("room");
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const { port } = httpServer.address() as AddressInfo;
  return async (ask) => {
    switch (ask.ask) {
      case "open":
        return {
          baseUrl: `http://127.0.0.1:${port}`,
          workspaceId: "",
          tokens: Array.from({ length: ask.people }, () => ""),
        } satisfies Opened;
      case "emit": {
        const emittedAt: Record<string, number> = {};
        for (let at = 0; at < ask.count; at += 1) {
          const id = randomUUID();
          emittedAt[id] = Date.now();
          // About as long as one of our events.
          io.to("room").emit("new_message", {
            payload: { message: { id }, contact: { note: "x".repeat(1_500) } },
          });
          await pause(ask.everyMs);
        }
        return emittedAt;
      }
      case "memory":
        return measureMemory();
      case "close":
      case "write":
      case "reopen":
        throw new Error("A bare server has nothing to come back to.");
      default:
        return ask satisfies never;
    }
  };
}

async function measureMemory(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await pause(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
