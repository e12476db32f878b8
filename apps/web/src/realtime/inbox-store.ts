import {
  applyEvent,
  type Contact,
  type ContactList,
  type InboxState,
  type LogEvent,
  type Message,
  type PresentPerson,
  type ProblemCode,
  type UploadedMedia,
  upsertMessage,
} from "@livechat/shared";
import { type ContactFilter, type ContactPlace, defaultFilter, listKey } from "./contact-filter.ts";
import type { InboxApi } from "./inbox-api.ts";
import { mergeContacts, mergeThread } from "./merge-snapshot.ts";

/** How fresh the screen is. `live` means that what is shown is true now. */
export type ConnectionState = "live" | "connecting" | "catching_up" | "offline";

/** A text that this browser wrote and the server has not confirmed yet. */
export interface OutboxItem {
  id: string;
  contactId: string;
  text: string;
  media: readonly UploadedMedia[];
  /** What the writer chose to send it from; null leaves it to the server. */
  from?: string | null;
  /** When it is to go out; absent: at once. */
  scheduledFor?: string | null;
  cancelOnReply?: boolean;
  /** Although the number was known as a landline. */
  sendAnyway?: boolean;
  createdAt: string;
  state: "waiting" | "sending" | "failed";
  /** Why it was not sent, for a person; null while it may still go. */
  reason: string | null;
  /** The server's code for that reason. */
  refusal?: ProblemCode | null;
}

/** What is known of a thread beside its messages. */
export interface ThreadLoad {
  isLoading: boolean;
  isLoadingOlder: boolean;
  olderCursor: string | null;
  /** The first message of the loaded pages: an event's older message waits behind it. */
  oldest: Message | null;
  error: string | null;
}

/** What is loaded of one list of conversations. */
export interface ListLoad {
  isLoading: boolean;
  error: string | null;
  /** Null when there is no further page. */
  cursor: string | null;
  /** The last contact of the loaded pages; null when all are loaded. */
  end: ContactPlace | null;
}

export interface InboxSnapshot {
  /** Null until the first load. */
  inbox: InboxState | null;
  isLoadingContacts: boolean;
  contactsError: string | null;
  /** How far each list was loaded, by {@link listKey}. */
  lists: ReadonlyMap<string, ListLoad>;
  threadLoads: ReadonlyMap<string, ThreadLoad>;
  outbox: ReadonlyMap<string, readonly OutboxItem[]>;
  people: readonly PresentPerson[];
  connection: ConnectionState;
  /** Which build of the screens the server gives out; null until it has said so. */
  serverBuild: string | null;
  /** True once the server took this person out of the workspace. */
  isRemoved: boolean;
}

interface InboxStoreOptions {
  workspaceId: string;
  api: InboxApi;
  /** A person's words for a failed request. */
  explain(error: unknown): string;
  /** Whether the server refused for good: the same request would be refused again. */
  isRefusal(error: unknown): boolean;
  /** The server's code for a failed request, if it gave one. */
  readCode(error: unknown): ProblemCode | null;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  storageKey: string;
}

export type InboxStore = ReturnType<typeof createInboxStore>;

const noItems: readonly OutboxItem[] = [];
const noList: ListLoad = { isLoading: false, error: null, cursor: null, end: null };

/**
 * The browser's copy of one workspace, as an external store for React. Keeps the
 * shared state, the pages loaded so far and the texts on their way out. Methods
 * never throw for a failed request: the failure is in the snapshot, except where
 * a method says otherwise.
 */
export function createInboxStore(options: InboxStoreOptions) {
  const { api, workspaceId } = options;
  const listeners = new Set<() => void>();
  const inboundListeners = new Set<(message: Message, contact: Contact) => void>();
  const sendingContacts = new Set<string>();
  let requestSync: () => void = () => {};
  let openContactId: string | null = null;
  let shownFilter = defaultFilter;
  let firstLoad: Promise<void> | null = null;
  let snapshot: InboxSnapshot = {
    inbox: null,
    isLoadingContacts: false,
    contactsError: null,
    lists: new Map(),
    threadLoads: new Map(),
    outbox: readStoredOutbox(options),
    people: [],
    connection: "connecting",
    serverBuild: null,
    isRemoved: false,
  };

  function update(change: Partial<InboxSnapshot>): void {
    const before = snapshot.outbox;
    snapshot = { ...snapshot, ...change };
    if (snapshot.outbox !== before) storeOutbox(options, snapshot.outbox);
    for (const listener of listeners) listener();
  }

  function updateThreadLoad(contactId: string, change: Partial<ThreadLoad>): void {
    const known = snapshot.threadLoads.get(contactId) ?? {
      isLoading: false,
      isLoadingOlder: false,
      olderCursor: null,
      oldest: null,
      error: null,
    };
    update({
      threadLoads: new Map(snapshot.threadLoads).set(contactId, { ...known, ...change }),
    });
  }

  /** A page whose place is not the state's makes the log fill the difference. */
  function settlePlace(before: InboxState): void {
    if (snapshot.inbox && snapshot.inbox.lastSeq < before.lastSeq) requestSync();
  }

  async function loadFirst(): Promise<void> {
    update({ isLoadingContacts: true, contactsError: null });
    try {
      const filter = shownFilter;
      const [contactsPage, members, fields, tags, sending] = await Promise.all([
        api.listContacts(filter),
        api.listMembers(),
        api.listContactFields(),
        api.listTags(),
        api.getSending(),
      ]);
      const base: InboxState = {
        epoch: contactsPage.epoch,
        lastSeq: Math.min(
          ...[contactsPage, members, fields, tags, sending].map(({ asOfSeq }) => asOfSeq),
        ),
        contacts: new Map(contactsPage.items.map((row) => [row.id, row])),
        threads: new Map(),
        notes: new Map(),
        activities: new Map(),
        counts: contactsPage.counts,
        tags: new Map(tags.items.map((row) => [row.id, row])),
        members: new Map(members.items.map((row) => [row.userId, row])),
        contactFields: new Map(fields.items.map((row) => [row.id, row])),
        sending: sending.sending,
      };
      update({
        inbox: base,
        isLoadingContacts: false,
        lists: new Map([[listKey(filter), describeList(contactsPage)]]),
        threadLoads: new Map(),
      });
    } catch (error) {
      update({ isLoadingContacts: false, contactsError: options.explain(error) });
      throw error;
    }
    // Another list may have been chosen meanwhile.
    await showList(shownFilter);
    if (openContactId) await openThread(openContactId);
  }

  /** Loads the first page once; a failed load may be tried again. Throws what the API threw. */
  function load(): Promise<void> {
    if (snapshot.inbox) return Promise.resolve();
    firstLoad ??= loadFirst().finally(() => {
      firstLoad = null;
    });
    return firstLoad;
  }

  function updateList(key: string, change: Partial<ListLoad>): void {
    const known = snapshot.lists.get(key) ?? noList;
    update({ lists: new Map(snapshot.lists).set(key, { ...known, ...change }) });
  }

  async function loadListPage(filter: ContactFilter, cursor: string | null): Promise<void> {
    const key = listKey(filter);
    updateList(key, { isLoading: true, error: null });
    try {
      const page = await api.listContacts({ ...filter, ...(cursor ? { cursor } : {}) });
      const before = snapshot.inbox;
      if (!before || page.epoch !== before.epoch) {
        updateList(key, { isLoading: false });
        requestSync();
        return;
      }
      update({ inbox: mergeContacts(before, page.items, page) });
      updateList(key, describeList(page));
      settlePlace(before);
    } catch (error) {
      updateList(key, { isLoading: false, error: options.explain(error) });
    }
  }

  /** Makes this the list that is looked at, and loads its first page once. */
  async function showList(filter: ContactFilter): Promise<void> {
    shownFilter = filter;
    const known = snapshot.lists.get(listKey(filter));
    if (!snapshot.inbox || (known && !known.error)) return;
    await loadListPage(filter, known?.cursor ?? null);
  }

  async function loadMoreContacts(filter: ContactFilter): Promise<void> {
    const known = snapshot.lists.get(listKey(filter));
    if (!snapshot.inbox || !known || known.isLoading || (!known.cursor && !known.error)) return;
    await loadListPage(filter, known.cursor);
  }

  /** The ids of the contacts that the server finds. Throws what the API threw. */
  async function searchContacts(q: string, signal: AbortSignal): Promise<string[]> {
    const page = await api.listContacts({ q, signal });
    const before = snapshot.inbox;
    if (before && page.epoch === before.epoch) {
      update({ inbox: mergeContacts(before, page.items, page) });
      settlePlace(before);
    }
    return page.items.map((row) => row.id);
  }

  function putContact(row: Contact): void {
    const state = snapshot.inbox;
    if (state) update({ inbox: mergeContacts(state, [row], { ...state, asOfSeq: state.lastSeq }) });
  }

  async function openThread(contactId: string): Promise<void> {
    openContactId = contactId;
    if (!snapshot.inbox || snapshot.inbox.threads.has(contactId)) return;
    if (snapshot.threadLoads.get(contactId)?.isLoading) return;
    updateThreadLoad(contactId, { isLoading: true, error: null });
    try {
      const [page] = await Promise.all([
        api.listMessages(contactId),
        snapshot.inbox.contacts.has(contactId)
          ? null
          : api.getContact(contactId).then((row) => putContact(row)),
      ]);
      const before = snapshot.inbox;
      if (page.epoch !== before.epoch) {
        updateThreadLoad(contactId, { isLoading: false });
        requestSync();
        return;
      }
      update({ inbox: mergeThread(before, contactId, page) });
      updateThreadLoad(contactId, {
        isLoading: false,
        olderCursor: page.olderCursor,
        oldest: page.items[0] ?? null,
      });
      dropConfirmed();
      settlePlace(before);
    } catch (error) {
      updateThreadLoad(contactId, { isLoading: false, error: options.explain(error) });
    }
  }

  async function loadOlder(contactId: string): Promise<void> {
    const thread = snapshot.threadLoads.get(contactId);
    if (!snapshot.inbox || !thread?.olderCursor || thread.isLoadingOlder) return;
    updateThreadLoad(contactId, { isLoadingOlder: true, error: null });
    try {
      const page = await api.listMessages(contactId, thread.olderCursor);
      const before = snapshot.inbox;
      if (page.epoch !== before.epoch || !before.threads.has(contactId)) {
        updateThreadLoad(contactId, { isLoadingOlder: false });
        requestSync();
        return;
      }
      update({ inbox: mergeThread(before, contactId, page) });
      updateThreadLoad(contactId, {
        isLoadingOlder: false,
        olderCursor: page.olderCursor,
        oldest: page.items[0] ?? thread.oldest,
      });
      settlePlace(before);
    } catch (error) {
      updateThreadLoad(contactId, { isLoadingOlder: false, error: options.explain(error) });
    }
  }

  function applyEvents(events: readonly LogEvent[]): void {
    let state = snapshot.inbox;
    if (!state) return;
    const arrived: LogEvent[] = [];
    for (const event of events) {
      const result = applyEvent(state, event);
      if (result.outcome === "gap") break;
      if (result.outcome === "applied") arrived.push(event);
      state = result.state;
    }
    if (state === snapshot.inbox) return;
    update({ inbox: state });
    dropConfirmed();
    for (const event of arrived) {
      if (event.type !== "new_message" || event.payload.message.direction !== "inbound") continue;
      for (const listener of inboundListeners) {
        listener(event.payload.message, event.payload.contact);
      }
    }
  }

  function setOutbox(contactId: string, items: readonly OutboxItem[]): void {
    const outbox = new Map(snapshot.outbox);
    if (items.length > 0) outbox.set(contactId, items);
    else outbox.delete(contactId);
    update({ outbox });
  }

  function changeItem(contactId: string, id: string, change: Partial<OutboxItem>): void {
    const items = snapshot.outbox.get(contactId) ?? noItems;
    setOutbox(
      contactId,
      items.map((item) => (item.id === id ? { ...item, ...change } : item)),
    );
  }

  function discard(contactId: string, id: string): void {
    const items = snapshot.outbox.get(contactId) ?? noItems;
    setOutbox(
      contactId,
      items.filter((item) => item.id !== id),
    );
    void sendNext(contactId);
  }

  /** Texts that came back as rows of the thread are no longer on their way. */
  function dropConfirmed(): void {
    for (const [contactId, items] of snapshot.outbox) {
      const thread = snapshot.inbox?.threads.get(contactId);
      if (!thread) continue;
      const known = new Set(thread.map((row) => row.id));
      const left = items.filter((item) => !known.has(item.id));
      if (left.length !== items.length) setOutbox(contactId, left);
    }
  }

  function confirm(row: Message): void {
    const state = snapshot.inbox;
    const thread = state?.threads.get(row.contactId);
    const outbox = new Map(snapshot.outbox);
    const left = (outbox.get(row.contactId) ?? noItems).filter((item) => item.id !== row.id);
    if (left.length > 0) outbox.set(row.contactId, left);
    else outbox.delete(row.contactId);
    update({
      outbox,
      ...(state && thread
        ? {
            inbox: {
              ...state,
              threads: new Map(state.threads).set(row.contactId, upsertMessage(thread, row)),
            },
          }
        : {}),
    });
  }

  /** One text of a contact is on its way at a time, so that they arrive in order. */
  async function sendNext(contactId: string): Promise<void> {
    if (sendingContacts.has(contactId)) return;
    sendingContacts.add(contactId);
    try {
      for (;;) {
        const item = snapshot.outbox
          .get(contactId)
          ?.find(({ state, reason }) => state !== "failed" || reason === null);
        if (!item || item.state === "failed") return;
        changeItem(contactId, item.id, { state: "sending" });
        try {
          const sent = await api.sendSms({
            workspaceId,
            contactId,
            message: item.text,
            mediaUrls: item.media.map((file) => file.url),
            id: item.id,
            ...(item.from ? { from: item.from } : {}),
            ...(item.scheduledFor ? { scheduledFor: item.scheduledFor } : {}),
            ...(item.cancelOnReply ? { cancelOnReply: true } : {}),
            ...(item.sendAnyway ? { sendAnyway: true } : {}),
          });
          confirm(sent.message);
        } catch (error) {
          if (options.isRefusal(error)) {
            changeItem(contactId, item.id, {
              state: "failed",
              reason: options.explain(error),
              refusal: options.readCode(error),
            });
            continue;
          }
          // The same line carries the later ones: they keep their place behind this one.
          changeItem(contactId, item.id, { state: "failed", reason: null });
          return;
        }
      }
    } finally {
      sendingContacts.delete(contactId);
    }
  }

  return {
    workspaceId,
    api,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Calls back for every inbound text that the log brings, once each. */
    onInbound(listener: (message: Message, contact: Contact) => void): () => void {
      inboundListeners.add(listener);
      return () => inboundListeners.delete(listener);
    },
    getSnapshot: (): InboxSnapshot => snapshot,
    /** Whom to ask when a page shows that the log has to be read again. */
    setSyncRequester(request: () => void): void {
      requestSync = request;
    },
    load,
    restart: loadFirst,
    showList,
    loadMoreContacts,
    searchContacts,
    putContact,
    openThread,
    closeThread(): void {
      openContactId = null;
    },
    loadOlder,
    applyEvents,
    setConnection(connection: ConnectionState): void {
      if (connection !== snapshot.connection) update({ connection });
    },
    setServerBuild(serverBuild: string | null): void {
      if (serverBuild !== snapshot.serverBuild) update({ serverBuild });
    },
    setPeople(people: readonly PresentPerson[]): void {
      update({ people });
    },
    setRemoved(): void {
      update({ isRemoved: true });
    },
    /** Shows the text at once and sends it after the contact's earlier ones. */
    send(
      item: Omit<OutboxItem, "createdAt" | "state" | "reason" | "refusal" | "sendAnyway">,
    ): void {
      const items = snapshot.outbox.get(item.contactId) ?? noItems;
      const createdAt = new Date().toISOString();
      setOutbox(item.contactId, [...items, { ...item, createdAt, state: "waiting", reason: null }]);
      void sendNext(item.contactId);
    },
    /** Tries a text again under its own id, so that it can't go out twice. */
    retry(contactId: string, id: string, change: Pick<OutboxItem, "sendAnyway"> = {}): void {
      const items = snapshot.outbox.get(contactId) ?? noItems;
      setOutbox(
        contactId,
        items.map((item) =>
          item.id === id || (item.state === "failed" && item.reason === null)
            ? {
                ...item,
                ...(item.id === id ? change : {}),
                state: "waiting",
                reason: null,
                refusal: null,
              }
            : item,
        ),
      );
      void sendNext(contactId);
    },
    discard,
    /** Marks what is on the screen as read, at once here and then on the server. */
    async markRead(contactId: string, upToMessageId: string): Promise<void> {
      const state = snapshot.inbox;
      const row = state?.contacts.get(contactId);
      if (state && row && row.unreadCount > 0) {
        const contacts = new Map(state.contacts).set(contactId, { ...row, unreadCount: 0 });
        update({ inbox: { ...state, contacts } });
      }
      await api.markRead(contactId, upToMessageId);
    },
  };
}

/** How far a list is loaded after this page. */
function describeList(page: ContactList): ListLoad {
  const last = page.nextCursor ? page.items.at(-1) : undefined;
  return { isLoading: false, error: null, cursor: page.nextCursor, end: last ?? null };
}

function storeOutbox(options: InboxStoreOptions, outbox: InboxSnapshot["outbox"]): void {
  const items = [...outbox.values()].flat();
  try {
    if (items.length === 0) options.storage?.removeItem(options.storageKey);
    else options.storage?.setItem(options.storageKey, JSON.stringify(items));
  } catch {
    // A full or forbidden storage only costs the copy that survives a reload.
  }
}

function readStoredOutbox(options: InboxStoreOptions): Map<string, OutboxItem[]> {
  const outbox = new Map<string, OutboxItem[]>();
  try {
    const stored = JSON.parse(options.storage?.getItem(options.storageKey) ?? "[]") as OutboxItem[];
    for (const item of stored) {
      const items = outbox.get(item.contactId) ?? [];
      items.push({ ...item, state: "failed" });
      outbox.set(item.contactId, items);
    }
  } catch {
    return new Map();
  }
  return outbox;
}
