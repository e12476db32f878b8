import { type LogEventType, logEvent, logEvents, type PushedLogEvent } from "@livechat/shared";
import { createEventStream } from "./event-stream.ts";
import type { InboxStore } from "./inbox-store.ts";
import type { InboxSocket } from "./open-socket.ts";

interface ConnectionOptions {
  store: InboxStore;
  getToken(): Promise<string | null>;
  /** Calls back with a newer token of the same person, until the returned function is called. */
  onTokenRenewed(listener: (token: string) => void): () => void;
  judgeFailure(error: unknown): "resync" | "retry" | "stop";
  /** Calls back when the code of the line may be loaded without keeping the first screen waiting. */
  onIdle(listener: () => void): void;
}

export interface InboxConnection {
  open(): void;
  close(): void;
  sync(): void;
  /** Tries at once what otherwise waits for its turn: someone came back, or signed in again. */
  wake(): void;
  /** Tells teammates which conversation is on this screen; null for none. */
  view(contactId: string | null): void;
  /** Tells teammates that nobody is at this screen, or somebody is again. */
  setAway(isAway: boolean): void;
  /** Tells teammates that this person writes, at most every 3 s, or has stopped. */
  type(contactId: string, isTyping: boolean): void;
}

const typingEveryMs = 3000;
const joinTimeoutMs = 10_000;
const maxPauseMs = 15_000;

/**
 * The live line of one workspace: the socket for speed, the event log for truth.
 * Keeps the store's connection state; never throws.
 */
export function connectInbox({
  store,
  getToken,
  onTokenRenewed,
  judgeFailure,
  onIdle,
}: ConnectionOptions): InboxConnection {
  const { workspaceId } = store;
  let isOpen = false;
  let isJoined = false;
  let isCatchingUp = false;
  let viewedContactId: string | null = null;
  let typedAtMs = 0;
  let isAway = false;
  let reconnectTimer: ReturnType<typeof setTimeout> | null = null;
  let refusals = 0;
  let stopRenewing: (() => void) | null = null;
  let socket: InboxSocket | null = null;

  const stream = createEventStream({
    readPlace: () => store.getSnapshot().inbox,
    apply: store.applyEvents,
    fetchPage: (after, epoch) => store.api.listEvents(after, epoch),
    restart: store.restart,
    judgeFailure,
    pause: (attempt) =>
      new Promise((resolve) => {
        const limitMs = Math.min(maxPauseMs, 500 * 2 ** attempt);
        setTimeout(resolve, limitMs / 2 + Math.random() * (limitMs / 2));
      }),
    onCatchingUp: (now) => {
      isCatchingUp = now;
      showState();
    },
  });

  function showState(): void {
    if (!navigator.onLine) store.setConnection("offline");
    else if (!isJoined) store.setConnection("connecting");
    else store.setConnection(isCatchingUp ? "catching_up" : "live");
  }

  /** Its code comes after the first conversations: the log fills what it missed. */
  async function connect(): Promise<void> {
    try {
      const { openSocket } = await import("./open-socket.ts");
      if (!isOpen) return;
      socket ??= listen(openSocket(getToken));
      if (!socket.connected) socket.connect();
    } catch {
      reconnectLater();
    }
  }

  async function join(socket: InboxSocket): Promise<void> {
    try {
      const answer = await socket
        .timeout(joinTimeoutMs)
        .emitWithAck("join_workspace", { workspaceId });
      if (!answer.ok) {
        if (answer.problem.status === 403 || answer.problem.status === 404) store.setRemoved();
        return;
      }
      isJoined = true;
      refusals = 0;
      store.setPeople(answer.result.people);
      showState();
      if (viewedContactId) emitView();
      if (isAway) emitAway();
      void stream.sync();
    } catch {
      // No answer in time: a new connection asks again.
      socket.disconnect();
      reconnectLater();
    }
  }

  function reconnectLater(): void {
    if (!isOpen || reconnectTimer) return;
    refusals += 1;
    const delayMs = Math.min(maxPauseMs, 500 * 2 ** refusals) * (0.5 + Math.random() / 2);
    reconnectTimer = setTimeout(() => {
      reconnectTimer = null;
      if (isOpen && !socket?.connected) void connect();
    }, delayMs);
  }

  function emitView(): void {
    if (socket?.connected) {
      socket.emit("viewing", { workspaceId, contactId: viewedContactId }, () => {});
    }
  }

  function emitAway(): void {
    if (socket?.connected) socket.emit("away", { workspaceId, isAway }, () => {});
  }

  function receive(type: LogEventType, pushed: PushedLogEvent) {
    if (pushed.workspaceId !== workspaceId) return;
    const parsed = logEvent.safeParse({ seq: pushed.seq, type, payload: pushed.payload });
    if (parsed.success) stream.receive(parsed.data, pushed.epoch);
    else void stream.sync();
  }

  function listen(socket: InboxSocket): InboxSocket {
    socket.on("connect", () => void join(socket));
    socket.on("disconnect", (reason) => {
      isJoined = false;
      store.setPeople([]);
      showState();
      // The client reconnects by itself, except when the server hung up.
      if (reason === "io server disconnect") reconnectLater();
    });
    socket.on("connect_error", () => {
      isJoined = false;
      showState();
      if (!socket.active) reconnectLater();
    });
    // All of them, so that none that is added waits for a heartbeat.
    for (const type of Object.keys(logEvents) as LogEventType[]) {
      socket.on(type, (pushed: PushedLogEvent) => receive(type, pushed));
    }
    socket.on("heartbeat", (pushed) => {
      if (pushed.workspaceId === workspaceId) stream.noteHead(pushed.head, pushed.epoch);
    });
    socket.on("presence", (pushed) => {
      if (pushed.workspaceId === workspaceId) store.setPeople(pushed.people);
    });
    socket.on("workspace_left", (pushed) => {
      if (pushed.workspaceId === workspaceId && pushed.reason === "removed") store.setRemoved();
    });
    socket.on("error", () => void stream.sync());
    socket.on("welcome", ({ build }) => store.setServerBuild(build));
    return socket;
  }

  function renew(token: string): void {
    // Without it the server hangs up when the old token runs out, and teammates see a blink.
    if (socket?.connected) socket.emit("renew_token", { token }, () => {});
  }

  const wake = () => {
    showState();
    if (document.visibilityState !== "visible" || !navigator.onLine) return;
    if (!socket?.connected) void connect();
    void stream.sync();
  };

  async function load(): Promise<void> {
    try {
      await store.load();
      void stream.sync();
    } catch {
      // The store shows the failure, and the list offers to try again.
    }
  }

  store.setSyncRequester(() => void stream.sync());

  return {
    open() {
      if (isOpen) return;
      isOpen = true;
      stopRenewing = onTokenRenewed(renew);
      showState();
      window.addEventListener("online", wake);
      window.addEventListener("offline", showState);
      document.addEventListener("visibilitychange", wake);
      void load().then(() => onIdle(() => void connect()));
    },
    close() {
      isOpen = false;
      isJoined = false;
      stopRenewing?.();
      if (reconnectTimer) clearTimeout(reconnectTimer);
      reconnectTimer = null;
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", showState);
      document.removeEventListener("visibilitychange", wake);
      socket?.disconnect();
    },
    wake,
    sync: () => void (store.getSnapshot().inbox ? stream.sync() : load()),
    view(contactId) {
      if (viewedContactId === contactId) return;
      viewedContactId = contactId;
      emitView();
    },
    setAway(next) {
      if (next === isAway) return;
      isAway = next;
      emitAway();
    },
    type(contactId, isTyping) {
      const nowMs = Date.now();
      if (isTyping && nowMs - typedAtMs < typingEveryMs) return;
      if (!isTyping && typedAtMs === 0) return;
      typedAtMs = isTyping ? nowMs : 0;
      if (socket?.connected) socket.emit("typing", { workspaceId, contactId, isTyping }, () => {});
    },
  };
}
