import type {
  Acknowledgement,
  ClientEventResults,
  ClientToServerEvents,
  ServerToClientEvents,
} from "@livechat/shared";
import { io, type Socket } from "socket.io-client";
import type { Person } from "./people.ts";
import type { Stage } from "./stage.ts";

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** This person's open socket. Throws when the server refuses it. */
export async function openSocket(stage: Stage, person: Person): Promise<LiveSocket> {
  const socket: LiveSocket = io(stage.origin, {
    auth: { token: person.token },
    transports: ["websocket"],
    forceNew: true,
    extraHeaders: { origin: stage.origin },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

/** Asks to join the workspace's room; resolves with the server's word. */
export function joinWorkspace(
  socket: LiveSocket,
  workspaceId: string,
): Promise<Acknowledgement<ClientEventResults["join_workspace"]>> {
  return socket.timeout(10_000).emitWithAck("join_workspace", { workspaceId });
}
