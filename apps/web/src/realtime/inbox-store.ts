import {
  applyEvent,
  type ChangeConversationsRequest,
  type ChangedConversations,
  type Contact,
  type ContactFilter,
  type ContactList,
  compareMessages,
  type InboxState,
  type LogEvent,
  type Message,
  type MessageList,
  type PresentPerson,
  type ProblemCode,
  type ThreadItem,
  upsertMessage,
  withoutThread,
} from "@livechat/shared";
import { type ContactPlace, defaultFilter, listKey } from "./contact-filter.ts";
import { findSpeakerId } from "./find-speaker-id.ts";
import type { InboxApi } from "./inbox-api.ts";
import { mergeContacts, mergeThread } from "./merge-snapshot.ts";
import { createOutbox, type NewOutboxItem, type OutboxItem, type OutboxKeeper } from "./outbox.ts";
import { previewChange } from "./preview-change.ts";

/** How fresh the screen is. `live` means that what is shown is true now. */
export type ConnectionState = "live" | "connecting" | "catching_up" | "offline";

/** What is known of a thread beside its messages. */
export interface ThreadLoad {
  isLoading: boolean;
  isLoadingOlder: boolean;
  isLoadingNewer: boolean;
  olderCursor: string | null;
  /** Null when the loaded pages reach the present. */
  newerCursor: string | null;
  /** The first message of the loaded pages: an event's older message waits behind it. */
  oldest: Message | null;
  /** The last message of pages that do not reach the present; null when they do. */
  newest: Message | null;
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

/** A contact that became part of another one. */
export interface MergeNews {
  absorbedId: string;
  contact: Contact;
  /** Who did it; null where nobody says, such as for an old link. */
  actor: { id: string; name: string } | null;
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
  /** Where texts that are not sent yet outlive a reload; null for nowhere. */
  keeper: OutboxKeeper | null;
}

export type InboxStore = ReturnType<typeof createInboxStore>;

const maxChangesPerRequest = 100;
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
  const eventListeners = new Set<(event: LogEvent) => void>();
  const mergeListeners = new Set<(news: MergeNews) => void>();
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
    outbox: new Map(),
    people: [],
    connection: "connecting",
    serverBuild: null,
    isRemoved: false,
  };

  function update(change: Partial<InboxSnapshot>): void {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  }

  const outbox = createOutbox({
    keeper: options.keeper,
    isOnline: () => navigator.onLine !== false,
    send: async (item) => {
      const sent = await api.sendSms({
        workspaceId,
        contactId: item.contactId,
        message: item.text,
        mediaUrls: item.media.map((file) => file.url),
        id: item.id,
        ...(item.from ? { from: item.from } : {}),
        ...(item.to ? { to: item.to } : {}),
        ...(item.scheduledFor ? { scheduledFor: item.scheduledFor } : {}),
        ...(item.cancelOnReply ? { cancelOnReply: true } : {}),
        ...(item.sendAnyway ? { sendAnyway: true } : {}),
      });
      return sent.message;
    },
    onSent: confirm,
    onChange: (items) => update({ outbox: items }),
    explain: options.explain,
    isRefusal: options.isRefusal,
    readCode: options.readCode,
  });

  function updateThreadLoad(contactId: string, change: Partial<ThreadLoad>): void {
    const known = snapshot.threadLoads.get(contactId) ?? {
      isLoading: false,
      isLoadingOlder: false,
      isLoadingNewer: false,
      olderCursor: null,
      newerCursor: null,
      oldest: null,
      newest: null,
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
      const [contactsPage, members, fields, tags, sending, cannedReplies, line] = await Promise.all(
        [
          api.listContacts(filter),
          api.listMembers(),
          api.listContactFields(),
          api.listTags(),
          api.getSending(),
          api.listCannedReplies(),
          api.getLine(),
        ],
      );
      const parts = [contactsPage, members, fields, tags, sending, cannedReplies, line];
      const base: InboxState = {
        epoch: contactsPage.epoch,
        lastSeq: Math.min(...parts.map((part) => part.asOfSeq)),
        contacts: new Map(contactsPage.items.map((row) => [row.id, row])),
        threads: new Map(),
        notes: new Map(),
        activities: new Map(),
        counts: contactsPage.counts,
        tags: new Map(tags.items.map((row) => [row.id, row])),
        members: new Map(members.items.map((row) => [row.userId, row])),
        contactFields: new Map(fields.items.map((row) => [row.id, row])),
        sending: sending.sending,
        cannedReplies: new Map(cannedReplies.items.map((row) => [row.id, row])),
        line: line.line,
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

  /** Takes a page of all contacts in, whatever view they are in. Throws what the API threw. */
  async function loadContactPage(
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<{ nextCursor: string | null }> {
    const page = await api.listContacts({ ...(cursor === null ? {} : { cursor }), signal });
    const before = snapshot.inbox;
    if (before && page.epoch === before.epoch) {
      update({ inbox: mergeContacts(before, page.items, page) });
      settlePlace(before);
    }
    return { nextCursor: page.nextCursor };
  }

  function putContact(row: Contact): void {
    const state = snapshot.inbox;
    if (state) update({ inbox: mergeContacts(state, [row], { ...state, asOfSeq: state.lastSeq }) });
  }

  async function openThread(contactId: string): Promise<void> {
    openContactId = contactId;
    if (snapshot.inbox?.threads.has(contactId)) return;
    await loadPage(contactId, {});
  }

  /** Loads the first page of a thread that may be opened next, once. */
  async function prefetchThread(contactId: string): Promise<void> {
    if (snapshot.connection !== "live" || snapshot.inbox?.threads.has(contactId)) return;
    await loadPage(contactId, {});
  }

  /**
   * Makes a page of a thread the one that is shown: the newest, or the one around
   * a text. Resolves to false when it could not be loaded.
   */
  async function loadPage(contactId: string, place: { around?: string }): Promise<boolean> {
    if (!snapshot.inbox || snapshot.threadLoads.get(contactId)?.isLoading) return false;
    updateThreadLoad(contactId, { isLoading: true, error: null });
    try {
      const [page] = await Promise.all([
        api.listMessages(contactId, place),
        snapshot.inbox.contacts.has(contactId)
          ? null
          : api.getContact(contactId).then((row) => putContact(row)),
      ]);
      const before = snapshot.inbox;
      if (page.epoch !== before.epoch) {
        updateThreadLoad(contactId, { isLoading: false });
        requestSync();
        return false;
      }
      update({ inbox: mergeThread(before, contactId, page) });
      updateThreadLoad(contactId, {
        isLoading: false,
        olderCursor: page.olderCursor,
        newerCursor: page.newerCursor,
        oldest: page.items[0] ?? null,
        newest: page.newerCursor ? (page.items.at(-1) ?? null) : null,
      });
      dropConfirmed();
      settlePlace(before);
      return true;
    } catch (error) {
      if (!snapshot.inbox.contacts.has(contactId) && (await followMerge(contactId))) return false;
      // A text that is not there leaves the thread as it was.
      const shown = place.around ? null : options.explain(error);
      updateThreadLoad(contactId, { isLoading: false, error: shown });
      return false;
    }
  }

  /** Loads around a text or a note unless the shown pages have it. Resolves to whether it is shown now. */
  async function showMessage(contactId: string, messageId: string): Promise<boolean> {
    const { threads, notes } = snapshot.inbox ?? {};
    const load = snapshot.threadLoads.get(contactId);
    const isIt = ({ id }: ThreadItem) => id === messageId;
    const row = threads?.get(contactId)?.find(isIt) ?? notes?.get(contactId)?.find(isIt);
    const isWithin =
      row !== undefined &&
      (!load?.oldest || compareMessages(row, load.oldest) >= 0) &&
      (!load?.newest || compareMessages(row, load.newest) <= 0);
    return isWithin || loadPage(contactId, { around: messageId });
  }

  /** Leads an old link to the contact that it is part of by now. False when it is part of none. */
  async function followMerge(contactId: string): Promise<boolean> {
    const contact = await api.getContact(contactId).catch(() => null);
    if (!contact || contact.id === contactId) return false;
    putContact(contact);
    const threadLoads = new Map(snapshot.threadLoads);
    threadLoads.delete(contactId);
    update({ threadLoads });
    for (const listener of mergeListeners) {
      listener({ absorbedId: contactId, contact, actor: null });
    }
    return true;
  }

  async function loadOlder(contactId: string): Promise<void> {
    const thread = snapshot.threadLoads.get(contactId);
    if (!thread?.olderCursor || thread.isLoadingOlder || thread.isLoading) return;
    updateThreadLoad(contactId, { isLoadingOlder: true, error: null });
    try {
      const page = await api.listMessages(contactId, { cursor: thread.olderCursor });
      const isMerged = mergePage(contactId, page, thread);
      updateThreadLoad(contactId, {
        isLoadingOlder: false,
        ...(isMerged
          ? { olderCursor: page.olderCursor, oldest: page.items[0] ?? thread.oldest }
          : {}),
      });
    } catch (error) {
      updateThreadLoad(contactId, { isLoadingOlder: false, error: options.explain(error) });
    }
  }

  async function loadNewer(contactId: string): Promise<void> {
    const thread = snapshot.threadLoads.get(contactId);
    if (!thread?.newerCursor || thread.isLoadingNewer || thread.isLoading) return;
    updateThreadLoad(contactId, { isLoadingNewer: true, error: null });
    try {
      const page = await api.listMessages(contactId, { after: thread.newerCursor });
      const isMerged = mergePage(contactId, page, thread);
      updateThreadLoad(contactId, {
        isLoadingNewer: false,
        ...(isMerged
          ? {
              newerCursor: page.newerCursor,
              newest: page.newerCursor ? (page.items.at(-1) ?? thread.newest) : null,
            }
          : {}),
      });
    } catch (error) {
      updateThreadLoad(contactId, { isLoadingNewer: false, error: options.explain(error) });
    }
  }

  /** Puts a page that continues `thread` in; false when the shown pages are others by now. */
  function mergePage(contactId: string, page: MessageList, thread: ThreadLoad): boolean {
    const before = snapshot.inbox;
    if (!before || page.epoch !== before.epoch || !before.threads.has(contactId)) {
      requestSync();
      return false;
    }
    const now = snapshot.threadLoads.get(contactId);
    if (now?.olderCursor !== thread.olderCursor || now.newerCursor !== thread.newerCursor) {
      return false;
    }
    update({ inbox: mergeThread(before, contactId, page) });
    settlePlace(before);
    return true;
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
    for (const event of arrived) reloadMoved(event);
    for (const event of arrived) {
      for (const listener of eventListeners) listener(event);
      if (event.type !== "new_message" || event.payload.message.direction !== "inbound") continue;
      // A blocked contact's texts call nobody.
      if (event.payload.contact.blockedAt) continue;
      for (const listener of inboundListeners) {
        listener(event.payload.message, event.payload.contact);
      }
    }
  }

  /** Conversations whose texts moved were dropped: the open one is loaded again, as it is now. */
  function reloadMoved(event: LogEvent): void {
    if (event.type !== "contacts_merged" && event.type !== "contact_unmerged") return;
    const { contact } = event.payload;
    const other =
      event.type === "contacts_merged" ? event.payload.absorbedId : event.payload.restoredId;
    const threadLoads = new Map(snapshot.threadLoads);
    for (const id of [contact.id, other]) threadLoads.delete(id);
    update({ threadLoads });
    if (event.type === "contacts_merged") {
      if (openContactId === other) openContactId = contact.id;
      const line = event.payload.activities?.find(({ kind }) => kind === "merged");
      const actor = line?.actorId
        ? { id: line.actorId, name: line.actorName ?? "A teammate" }
        : null;
      for (const listener of mergeListeners) listener({ absorbedId: other, contact, actor });
    }
    if (openContactId === contact.id || openContactId === other) void openThread(openContactId);
  }

  /** Texts that came back as rows of the thread are no longer on their way. */
  function dropConfirmed(): void {
    const { inbox } = snapshot;
    if (!inbox) return;
    for (const contactId of snapshot.outbox.keys()) {
      const thread = inbox.threads.get(findSpeakerId(inbox.contacts, contactId));
      if (!thread) continue;
      const known = new Set(thread.map((row) => row.id));
      outbox.dropKnown(contactId, (id) => known.has(id));
    }
  }

  function confirm(row: Message): void {
    const state = snapshot.inbox;
    const thread = state?.threads.get(row.contactId);
    if (!state || !thread) return;
    const threads = new Map(state.threads).set(row.contactId, upsertMessage(thread, row));
    update({ inbox: { ...state, threads } });
  }

  function replaceContacts(rows: readonly Contact[]): void {
    const state = snapshot.inbox;
    if (!state || rows.length === 0) return;
    const contacts = new Map(state.contacts);
    for (const row of rows) contacts.set(row.id, row);
    update({ inbox: { ...state, contacts } });
  }

  /**
   * Changes conversations, at once here and then on the server, and returns what
   * the server made of it. Throws what the API threw; then nothing is changed.
   */
  async function changeConversations(
    changes: ChangeConversationsRequest["changes"],
  ): Promise<ChangedConversations> {
    const before = new Map<string, Contact>();
    const shown = new Map<string, Contact>();
    for (const { contactId, set } of changes) {
      const row = snapshot.inbox?.contacts.get(contactId);
      if (!row) continue;
      before.set(contactId, row);
      shown.set(contactId, previewChange(row, set));
    }
    replaceContacts([...shown.values()]);
    const done: ChangedConversations = { items: [], conflicts: [] };
    try {
      for (let at = 0; at < changes.length; at += maxChangesPerRequest) {
        const part = await api.changeConversations({
          changes: changes.slice(at, at + maxChangesPerRequest),
        });
        done.items.push(...part.items);
        done.conflicts.push(...part.conflicts);
      }
    } catch (error) {
      const settled = new Set([...done.items, ...done.conflicts].map(({ id }) => id));
      // What an event has replaced since is the truth already.
      replaceContacts(
        [...before.values()].filter(
          ({ id }) => !settled.has(id) && snapshot.inbox?.contacts.get(id) === shown.get(id),
        ),
      );
      throw error;
    } finally {
      for (const row of [...done.items, ...done.conflicts]) putContact(row);
    }
    return done;
  }

  return {
    workspaceId,
    api,
    changeConversations,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Calls back for every inbound text that the log brings, once each. */
    onInbound(listener: (message: Message, contact: Contact) => void): () => void {
      inboundListeners.add(listener);
      return () => inboundListeners.delete(listener);
    },
    /** Calls back for every event of the log, once it is applied: for what the state does not hold. */
    onEvent(listener: (event: LogEvent) => void): () => void {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    /** Calls back when a contact has become part of another one. */
    onMerged(listener: (news: MergeNews) => void): () => void {
      mergeListeners.add(listener);
      return () => mergeListeners.delete(listener);
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
    loadContactPage,
    putContact,
    openThread,
    prefetchThread,
    closeThread(): void {
      openContactId = null;
    },
    /** Whoever leaves a conversation at a page of its past finds it at the present the next time. */
    leaveThread(contactId: string): void {
      if (!snapshot.inbox || !snapshot.threadLoads.get(contactId)?.newerCursor) return;
      const threadLoads = new Map(snapshot.threadLoads);
      threadLoads.delete(contactId);
      update({ inbox: withoutThread(snapshot.inbox, contactId), threadLoads });
      if (openContactId === contactId) void openThread(contactId);
    },
    loadOlder,
    loadNewer,
    showMessage,
    /** Shows the end of the thread, where the pages that are shown do not reach it. */
    showLatest: (contactId: string): Promise<boolean> => loadPage(contactId, {}),
    applyEvents,
    setConnection(connection: ConnectionState): void {
      if (connection === snapshot.connection) return;
      update({ connection });
      if (connection === "live") outbox.resume();
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
    /** Takes in the texts that waited when this browser was closed. */
    restoreOutbox: outbox.restore,
    /** Shows the text at once, at the present of its conversation, and sends it after the contact's earlier ones. */
    send(item: NewOutboxItem): void {
      outbox.add(item);
      if (snapshot.threadLoads.get(item.contactId)?.newerCursor) void loadPage(item.contactId, {});
    },
    retry: outbox.retry,
    discard: outbox.discard,
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
