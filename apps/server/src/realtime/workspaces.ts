import type {
  ClientEventResults,
  LogEventType,
  PushedLogEvent,
  ServerToClientEvents,
} from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { createEventTail, type EventTail } from "./event-tail.ts";
import { getHead } from "./get-head.ts";
import { createPresence, type Presence, type PresenceListener } from "./presence.ts";
import { type LiveServer, type LiveSocket, listRoomSockets, roomOf } from "./rooms.ts";

/** A browser with more than this waiting is cut off: it fetches what it missed when it is back. */
const maxWaitingPackets = 1_000;
const maxWaitingBytes = 4 * 1024 * 1024;

/** The workspaces that browsers of this server have open. */
export interface Workspaces {
  presence: Presence;
  tail: EventTail;
  /** Puts the socket in the workspace's room. Throws `workspace_not_found` unless its person is a member now. */
  join(socket: LiveSocket, workspaceId: string): Promise<ClientEventResults["join_workspace"]>;
  /** Takes the socket out, and tells it so. Does nothing for one that is not in. */
  leave(socket: LiveSocket, workspaceId: string, reason: "asked" | "removed"): void;
  /** Forgets a socket that is closing. */
  forget(socket: LiveSocket): void;
  /** Throws `workspace_not_found` unless the socket is in. */
  checkIsIn(socket: LiveSocket, workspaceId: string): void;
  /** Tells every room where its log ends, and takes out who is no member any more. Never throws. */
  beat(): Promise<void>;
  /** Cuts off browsers that read too slowly, before what waits for them fills the memory. */
  dropSlowSockets(): void;
}

/** Membership in rooms, and what is pushed to them. */
export function createWorkspaces(
  { database, log }: Pick<Context, "database" | "log">,
  io: LiveServer,
  pollEveryMs: number,
  share: PresenceListener["share"],
): Workspaces {
  const joining = new Set<{ userId: string; workspaceId: string; isRevoked: boolean }>();
  const presence = createPresence({
    announce: (workspaceId, people) =>
      io.local.to(roomOf(workspaceId)).volatile.emit("presence", { workspaceId, people }),
    share,
  });

  const tail = createEventTail(
    database,
    log,
    {
      deliver: (workspaceId, epoch, event) => {
        if (event.type === "member_removed") evict(workspaceId, event.payload.userId);
        push(workspaceId, event.type, {
          workspaceId,
          epoch,
          seq: event.seq,
          payload: event.payload,
        });
      },
      restarted: (workspaceId, epoch, head) => {
        log.warn({ workspaceId, epoch, head }, "The event log is another one now.");
        io.local.to(roomOf(workspaceId)).emit("heartbeat", { workspaceId, epoch, head });
      },
      gone: (workspaceId) => {
        for (const socket of listRoomSockets(io, workspaceId))
          leave(socket, workspaceId, "removed");
      },
    },
    pollEveryMs,
  );

  function push<T extends LogEventType>(
    workspaceId: string,
    type: T,
    body: PushedLogEvent<LogEventType>,
  ): void {
    // The log's entry was parsed by its type: name and payload belong together.
    const args = [body] as Parameters<ServerToClientEvents[LogEventType]>;
    io.local.to(roomOf(workspaceId)).emit<LogEventType>(type, ...args);
  }

  function evict(workspaceId: string, userId: string): void {
    for (const each of joining) {
      if (each.workspaceId === workspaceId && each.userId === userId) each.isRevoked = true;
    }
    for (const socket of listRoomSockets(io, workspaceId)) {
      if (socket.data.caller.userId === userId) leave(socket, workspaceId, "removed");
    }
  }

  function letGo(socket: LiveSocket, workspaceId: string): boolean {
    const release = socket.data.rooms.get(workspaceId);
    if (!release) return false;
    socket.data.rooms.delete(workspaceId);
    void socket.leave(roomOf(workspaceId));
    presence.leave(workspaceId, socket.id);
    release();
    return true;
  }

  function leave(socket: LiveSocket, workspaceId: string, reason: "asked" | "removed"): void {
    if (letGo(socket, workspaceId)) socket.emit("workspace_left", { workspaceId, reason });
  }

  async function join(
    socket: LiveSocket,
    workspaceId: string,
  ): Promise<ClientEventResults["join_workspace"]> {
    const { userId } = socket.data.caller;
    // A stranger must not make this server follow one more log.
    if (!tail.findPlace(workspaceId)) await findMembership(workspaceId, userId);
    const release = await tail.follow(workspaceId);
    const attempt = { userId, workspaceId, isRevoked: false };
    joining.add(attempt);
    try {
      let membership = await findMembership(workspaceId, userId);
      while (attempt.isRevoked) {
        attempt.isRevoked = false;
        membership = await findMembership(workspaceId, userId);
      }
      if (!socket.connected) throw new DomainError("unavailable", "The connection is closed.");
      if (socket.data.rooms.has(workspaceId)) release();
      else socket.data.rooms.set(workspaceId, release);
      void socket.join(roomOf(workspaceId));
      presence.enter(workspaceId, socket.id, { userId, name: membership.displayName });
      // What the tail has passed before this socket was in the room never comes to
      // it: the head that is returned must cover it.
      const passed = tail.findPlace(workspaceId);
      const head =
        passed?.epoch === membership.epoch
          ? Math.max(passed.seq, membership.head)
          : membership.head;
      return { workspaceId, epoch: membership.epoch, head, people: presence.list(workspaceId) };
    } catch (error) {
      release();
      throw error;
    } finally {
      joining.delete(attempt);
    }
  }

  async function findMembership(workspaceId: string, userId: string) {
    return database.asMember(userId, async (trx) => {
      const { epoch, head } = await getHead(trx, workspaceId);
      const { rows } = await sql<{ role: string | null; display_name: string | null }>`
        select private.my_role(${workspaceId}) as role, private.my_name() as display_name
      `.execute(trx);
      const [row] = rows;
      if (!row?.role) {
        throw new DomainError("workspace_not_found", "There is no such workspace for you.");
      }
      return { epoch, head, displayName: row.display_name?.trim() || "Someone" };
    });
  }

  /** Someone may be removed past our own routes, by Supabase's API or with their whole account. */
  async function evictNonMembers(workspaceIds: readonly string[]): Promise<void> {
    const { rows } = await database.asSystem((trx) =>
      sql<{ workspace_id: string; user_id: string }>`
        select workspace_id, user_id from public.workspace_members
        where workspace_id = any (${`{${workspaceIds.join(",")}}`}::text::uuid[])
      `.execute(trx),
    );
    const members = new Set(rows.map((row) => `${row.workspace_id} ${row.user_id}`));
    for (const workspaceId of workspaceIds) {
      for (const socket of listRoomSockets(io, workspaceId)) {
        if (members.has(`${workspaceId} ${socket.data.caller.userId}`)) continue;
        leave(socket, workspaceId, "removed");
      }
    }
  }

  return {
    presence,
    tail,
    join,
    leave,
    forget: (socket) => {
      for (const workspaceId of [...socket.data.rooms.keys()]) letGo(socket, workspaceId);
    },
    checkIsIn: (socket, workspaceId) => {
      if (socket.data.rooms.has(workspaceId)) return;
      throw new DomainError("workspace_not_found", "Join the workspace first.");
    },
    beat: async () => {
      const heads = await tail.poll();
      if (heads.size === 0) return;
      try {
        await evictNonMembers([...heads.keys()]);
      } catch (error) {
        log.error({ err: error }, "Membership can't be checked now.");
      }
      for (const [workspaceId, head] of heads) {
        io.local.to(roomOf(workspaceId)).emit("heartbeat", { workspaceId, ...head });
      }
      presence.repeat();
    },
    dropSlowSockets: () => {
      for (const socket of io.of("/").sockets.values()) {
        const line = socket.conn as unknown as Line;
        if (!isSlow(line)) continue;
        log.warn({ socketId: socket.id }, "A browser reads too slowly and was cut off.");
        const websocket = line.transport?.socket;
        // As if the line had broken, so that the browser connects again by itself.
        socket.conn.close(true);
        websocket?.terminate?.();
      }
    },
  };
}

// Engine.IO's types leave these out; they are what it sends by.
interface Line {
  writeBuffer?: { data?: unknown }[];
  transport?: { socket?: { bufferedAmount?: number; terminate?: () => void } };
}

function isSlow({ writeBuffer = [], transport }: Line): boolean {
  if (writeBuffer.length > maxWaitingPackets) return true;
  let waitingBytes = transport?.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) waitingBytes += typeof data === "string" ? data.length : 0;
  return waitingBytes > maxWaitingBytes;
}
