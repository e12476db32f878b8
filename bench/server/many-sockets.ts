import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { io, type Socket } from "socket.io-client";
import { runPool } from "../measurement.ts";
import type { Ask, Opened } from "./socket-process.ts";

/** More would not be let in: one person may have 30. */
const socketsPerPerson = 25;

/** A server process and the sockets that are open to it. */
export interface ManySockets extends Opened {
  sockets: Socket[];
  ask<T>(ask: Ask): Promise<T>;
  /** The memory that one open socket costs the server. */
  bytesPerSocket: number;
  close(): void;
}

/** Opens as many sockets as asked for to a server in a process of its own, all in one workspace. */
export async function openSockets(kind: "ours" | "bare", count: number): Promise<ManySockets> {
  const child = fork(path.join(import.meta.dirname, "socket-process.ts"), [kind], {
    execArgv: ["--expose-gc"],
  });
  await nextAnswer(child);
  const ask = async <T>(question: Ask): Promise<T> => {
    const answer = nextAnswer(child);
    child.send(question);
    return (await answer) as T;
  };
  const opened = await ask<Opened>({ ask: "open", people: Math.ceil(count / socketsPerPerson) });
  const sockets: Socket[] = [];
  // The first ones pay for what a server sets up once.
  await connect(opened, sockets, 20);
  const before = await ask<number>({ ask: "memory" });
  await connect(opened, sockets, count);
  const after = await ask<number>({ ask: "memory" });
  return {
    ...opened,
    sockets,
    ask,
    bytesPerSocket: (after - before) / (count - 20),
    close: () => {
      for (const socket of sockets) socket.disconnect();
      child.kill("SIGKILL");
    },
  };
}

async function connect(opened: Opened, sockets: Socket[], upTo: number): Promise<void> {
  const places = Array.from({ length: upTo - sockets.length }, (_, at) => sockets.length + at);
  await runPool(places, 20, async (at) => {
    const token = opened.tokens[at % opened.tokens.length] ?? "";
    const socket = io(opened.baseUrl, {
      auth: { token },
      transports: ["websocket"],
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8000,
    });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    if (opened.workspaceId) await join(socket, opened.workspaceId);
  });
}

/** Enters the workspace's room. Throws when the server refuses. */
export async function join(socket: Socket, workspaceId: string): Promise<void> {
  const answer = await socket.timeout(30_000).emitWithAck("join_workspace", { workspaceId });
  if (!answer.ok) throw new Error(`A socket was not let in: ${JSON.stringify(answer.problem)}`);
}

function nextAnswer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("The server of the sockets ended."));
    child.once("exit", onExit);
    child.once("message", (answer: { result?: unknown; failure?: string }) => {
      child.off("exit", onExit);
      if (answer.failure) reject(new Error(answer.failure));
      else resolve(answer.result);
    });
  });
}
