import type { ClientToServerEvents, PresentPerson, ServerToClientEvents } from "@livechat/shared";
import type { Server, Socket } from "socket.io";
import type { Caller } from "../platform/tokens.ts";

/** What a socket knows of itself. */
export interface SocketData {
  caller: Caller;
  /** The workspaces that it is in, and how to let go of each one's log. */
  rooms: Map<string, () => void>;
}

/** What servers tell each other through Redis, if there is one. */
export interface ServerToServerEvents {
  presence_shared: (serverId: string, workspaceId: string, people: PresentPerson[]) => void;
  presence_wanted: () => void;
}

export type LiveServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  ServerToServerEvents,
  SocketData
>;
export type LiveSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  ServerToServerEvents,
  SocketData
>;

/** The room of everyone who has a workspace open. Only the server puts sockets there. */
export function roomOf(workspaceId: string): string {
  return `workspace:${workspaceId}`;
}

/** The sockets of this server that are in a workspace's room. */
export function listRoomSockets(io: LiveServer, workspaceId: string): LiveSocket[] {
  const ids = io.of("/").adapter.rooms.get(roomOf(workspaceId)) ?? new Set();
  return [...ids].flatMap((id) => io.of("/").sockets.get(id) ?? []);
}
