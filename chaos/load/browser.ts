import { createHash } from "node:crypto";
import {
  applyEvent,
  type ClientToServerEvents,
  contactList,
  eventPage,
  type InboxState,
  type LogEvent,
  type LogEventType,
  logEvent,
  logEvents,
  messageList,
  type PushedLogEvent,
  type ServerToClientEvents,
  sendingSnapshot,
} from "@livechat/shared";
import { io, type Socket } from "socket.io-client";
import * as z from "zod";
import { createEventStream } from "../../apps/web/src/realtime/event-stream.ts";
import { mergeContacts, mergeThread } from "../../apps/web/src/realtime/merge-snapshot.ts";
import { ask, type Person } from "../stage/people.ts";

/** What a browser ended with, fit for JSON. */
export interface BrowserEvidence {
  name: string;
  lastSeq: number;
  /** Everything that it shows, part by part. */
  state: Record<string, Record<string, unknown>>;
  /** Events that came with a number that another event has already had. */
  contradictions: string[];
  restarts: number;
}

/**
 * A browser without a screen: the web app's own way of following the log, over a
 * real socket, with every conversation open.
 */
export interface Browser {
  name: string;
  person: Person;
  socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  contactIdOf(phoneNumber: string): string | null;
  lastSeq(): number;
  /** Breaks the line as a bad network does; the client connects again by itself. */
  dropLine(): void;
  /** Resolves when what it knows reaches the log's present end. */
  catchUp(): Promise<void>;
  evidence(): BrowserEvidence;
  close(): void;
}

/** Parts of the state that are lists of their own, and where they are read. */
const lists = {
  members: "/members",
  tags: "/tags",
  contactFields: "/contact-fields",
  cannedReplies: "/canned-replies",
} as const satisfies Partial<Record<keyof InboxState, string>>;
const list = z.object({
  asOfSeq: z.int(),
  items: z.array(z.looseObject({ id: z.string().optional(), userId: z.string().optional() })),
});

const problemCode = z.object({ code: z.string() });

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, body: unknown) {
    super(`refused with ${status}`);
    this.status = status;
    this.code = problemCode.safeParse(body).data?.code ?? "";
  }
}

interface BrowserOptions {
  /** The address that it opens; the public one of its person when absent. */
  origin: string;
  /** False never takes the server's word on where the log ends. */
  hearsHeartbeats?: boolean;
}

/** Opens a browser and loads everything. Throws when the first load fails ten times. */
export async function openBrowser(
  name: string,
  person: Person,
  workspaceId: string,
  { origin, hearsHeartbeats = true }: BrowserOptions,
): Promise<Browser> {
  const base = `/api/workspaces/${workspaceId}`;
  const hashes = new Map<string, string>();
  const contradictions: string[] = [];
  const opening = new Set<string>();
  let state: InboxState | null = null;
  let restarts = 0;
  let isClosed = false;

  async function get(path: string): Promise<unknown> {
    const answer = await person.api("GET", base + path, undefined, { origin });
    if (answer.status !== 200) throw new Refused(answer.status, answer.body);
    return answer.body;
  }

  async function load(): Promise<void> {
    const parts = new Map<string, z.infer<typeof list>>();
    for (const [part, path] of Object.entries(lists)) parts.set(part, list.parse(await get(path)));
    const sending = sendingSnapshot.parse(await get("/sending"));
    let page = contactList.parse(await get("/contacts?limit=100"));
    const places = [...parts.values(), sending, page].map(({ asOfSeq }) => asOfSeq);
    // What else a screen may show is not loaded here, and so not compared.
    let fresh = {
      epoch: page.epoch,
      lastSeq: Math.min(...places),
      contacts: new Map(page.items.map((row) => [row.id, row])),
      threads: new Map(),
      notes: new Map(),
      activities: new Map(),
      counts: page.counts,
      sending: sending.sending,
      ...Object.fromEntries(
        [...parts].map(([part, { items }]) => [
          part,
          new Map(items.map((row) => [row.id ?? row.userId, row])),
        ]),
      ),
    } as unknown as InboxState;
    while (page.nextCursor) {
      const cursor = encodeURIComponent(page.nextCursor);
      page = contactList.parse(await get(`/contacts?limit=100&cursor=${cursor}`));
      fresh = mergeContacts(fresh, page.items, page);
    }
    state = fresh;
    for (const contactId of fresh.contacts.keys()) await openThread(contactId);
  }

  async function openThread(contactId: string): Promise<void> {
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const page: z.infer<typeof messageList> = messageList.parse(
        await get(`/contacts/${contactId}/messages?limit=100${query}`),
      );
      if (!state || page.epoch !== state.epoch) return;
      state = mergeThread(state, contactId, page);
      cursor = page.olderCursor;
    }
  }

  function openUnknown(): void {
    for (const contactId of state?.contacts.keys() ?? []) {
      if (state?.threads.has(contactId) || opening.has(contactId)) continue;
      opening.add(contactId);
      void openThread(contactId)
        .catch(() => {})
        .finally(() => {
          opening.delete(contactId);
          void stream.sync();
        });
    }
  }

  function note(event: LogEvent): void {
    const place = `${state?.epoch}:${event.seq}`;
    const hash = createHash("sha256").update(JSON.stringify(event)).digest("hex");
    const known = hashes.get(place);
    if (known !== undefined && known !== hash) contradictions.push(`event ${place} changed`);
    hashes.set(place, hash);
  }

  const stream = createEventStream({
    readPlace: () => state,
    apply: (events) => {
      for (const event of events) {
        if (!state) return;
        note(event);
        const result = applyEvent(state, event);
        if (result.outcome === "gap") break;
        state = result.state;
      }
      openUnknown();
    },
    fetchPage: async (after, epoch) =>
      eventPage.parse(await get(`/events?after=${after}&epoch=${epoch}`)),
    restart: async () => {
      restarts += 1;
      await load();
    },
    judgeFailure: (error) => {
      if (isClosed) return "stop";
      return error instanceof Refused && error.code === "resync_required" ? "resync" : "retry";
    },
    pause: (attempt) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 100 * 2 ** attempt))),
    onCatchingUp: () => {},
  });

  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(origin, {
    autoConnect: false,
    transports: ["websocket"],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 1_000,
    auth: { token: person.token },
    extraHeaders: { origin },
  });
  const receive = (type: LogEventType, pushed: PushedLogEvent) => {
    const parsed = logEvent.safeParse({ seq: pushed.seq, type, payload: pushed.payload });
    if (parsed.success) stream.receive(parsed.data, pushed.epoch);
    else void stream.sync();
  };
  for (const type of Object.keys(logEvents) as LogEventType[]) {
    socket.on(type, (pushed: PushedLogEvent) => receive(type, pushed));
  }
  socket.on("heartbeat", ({ head, epoch }) => {
    if (hearsHeartbeats) stream.noteHead(head, epoch);
  });
  socket.on("connect", () => {
    socket
      .timeout(5_000)
      .emitWithAck("join_workspace", { workspaceId })
      .then(
        () => void stream.sync(),
        () => socket.io.engine?.close(),
      );
  });
  socket.on("disconnect", (reason) => {
    if (reason === "io server disconnect") socket.connect();
  });

  for (let tries = 1; state === null; tries += 1) {
    try {
      await load();
    } catch (error) {
      if (tries >= 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
  socket.connect();

  return {
    name,
    person,
    socket,
    contactIdOf: (phoneNumber) =>
      [...(state?.contacts.values() ?? [])].find((row) => row.phoneNumber === phoneNumber)?.id ??
      null,
    lastSeq: () => state?.lastSeq ?? 0,
    dropLine: () => socket.io.engine?.close(),
    catchUp: async () => {
      await stream.sync();
      while (opening.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await stream.sync();
    },
    evidence: () => ({
      name,
      lastSeq: state?.lastSeq ?? 0,
      state: state ? describe(state) : {},
      contradictions,
      restarts,
    }),
    close: () => {
      isClosed = true;
      stream.close();
      socket.disconnect();
    },
  };
}

/** What a browser sees that opens now. */
export async function loadFresh(
  person: Person,
  workspaceId: string,
  origin: string,
): Promise<BrowserEvidence> {
  const browser = await openBrowser("fresh", person, workspaceId, { origin });
  await browser.catchUp();
  browser.close();
  return browser.evidence();
}

/** Asks the server to mark the conversation as read. Throws when it does not answer with 2xx. */
export async function markRead(person: Person, workspaceId: string, contactId: string) {
  await ask(person, "POST", `/api/workspaces/${workspaceId}/contacts/${contactId}/read`, {});
}

/** The state as JSON, with what is the same on every screen written the same. */
function describe(state: InboxState): BrowserEvidence["state"] {
  const parts = ["contacts", "threads", "notes", "activities", ...Object.keys(lists)] as const;
  const shown = state as unknown as Record<string, ReadonlyMap<string, unknown>>;
  return {
    ...Object.fromEntries(parts.map((part) => [part, Object.fromEntries(shown[part] ?? [])])),
    // A view without conversations may be counted or not.
    counts: Object.fromEntries(Object.entries(state.counts).filter(([, count]) => count !== 0)),
    sending: { ...state.sending },
  };
}
