import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { ApiError } from "../api/client.ts";
import { onFirstScreen } from "../components/first-screen.ts";
import {
  getAccessToken,
  readSession,
  subscribeToSession,
  subscribeToTokens,
} from "../session/session.ts";
import { connectInbox, type InboxConnection } from "./connection.ts";
import { createInboxApi } from "./inbox-api.ts";
import { createInboxStore, type InboxSnapshot, type InboxStore } from "./inbox-store.ts";
import { createOutboxKeeper } from "./outbox-keeper.ts";

interface Inbox {
  store: InboxStore;
  connection: InboxConnection;
}

const InboxContext = createContext<Inbox | null>(null);

/** Outlives the screen, so that coming back from the settings shows the inbox at once. */
const inboxes = new Map<string, Inbox>();

function openInbox(userId: string, workspaceId: string): Inbox {
  const key = `${userId}/${workspaceId}`;
  const known = inboxes.get(key);
  if (known) return known;
  for (const other of inboxes.keys()) if (!other.startsWith(`${userId}/`)) inboxes.delete(other);
  const store = createInboxStore({
    workspaceId,
    api: createInboxApi(workspaceId),
    explain: explainFailure,
    isRefusal: (error) => isRefusal(error),
    readCode: (error) => (error instanceof ApiError ? error.problem.code : null),
    keeper: createOutboxKeeper(key),
  });
  void store.restoreOutbox();
  const connection = connectInbox({
    store,
    getToken: getAccessToken,
    onIdle: onFirstScreen,
    onTokenRenewed: subscribeToTokens,
    judgeFailure(error) {
      if (!(error instanceof ApiError)) return "retry";
      if (error.status === 410) return "resync";
      return isRefusal(error) ? "stop" : "retry";
    },
  });
  const inbox = { store, connection };
  inboxes.set(key, inbox);
  return inbox;
}

/** Whether asking again would be refused again. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status >= 400 &&
    error.status < 500 &&
    error.status !== 429 &&
    error.status !== 401
  );
}

/** A person's words for a failed request: the server's own where it gave some. */
export function explainFailure(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail ?? error.problem.title;
  return "The server can't be reached. Check your connection and try again.";
}

/**
 * Asks for the first conversations before it is known whether the person is a
 * member there; the server knows, and a refusal is shown by the page that follows.
 */
export function loadInboxAhead(userId: string, workspaceId: string): void {
  openInbox(userId, workspaceId)
    .store.load()
    .catch(() => undefined);
}

/** Gives the part of the page below it the inbox of a workspace, live while it is shown. */
export function InboxProvider({
  userId,
  workspaceId,
  children,
}: {
  userId: string;
  workspaceId: string;
  children: ReactNode;
}) {
  const inbox = useMemo(() => openInbox(userId, workspaceId), [userId, workspaceId]);
  useEffect(() => {
    inbox.connection.open();
    const stop = subscribeToSession(() => {
      const session = readSession();
      if (session.kind === "signed_in" && !session.isExpired) inbox.connection.wake();
    });
    return () => {
      stop();
      inbox.connection.close();
    };
  }, [inbox]);
  return <InboxContext value={inbox}>{children}</InboxContext>;
}

/** The store and the live line. Throws outside an {@link InboxProvider}. */
export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error("useInbox needs an InboxProvider above it.");
  return inbox;
}

/** A part of the snapshot. `select` has to return the same reference for the same snapshot. */
export function useInboxPart<T>(select: (snapshot: InboxSnapshot) => T): T {
  const { store } = useInbox();
  return useSyncExternalStore(store.subscribe, () => select(store.getSnapshot()));
}
