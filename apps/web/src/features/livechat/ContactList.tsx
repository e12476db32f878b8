import { type Contact, countKey, type Tag } from "@livechat/shared";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { LuArrowUp, LuSearch, LuSquarePen, LuX } from "react-icons/lu";
import { Link, useNavigate } from "react-router";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { usePreference } from "../../preferences/use-preference.ts";
import { isNarrowed, listKey, listLoadedContacts } from "../../realtime/contact-filter.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { ContactListItem } from "./ContactListItem.tsx";
import { listRange, rememberOrder } from "./shown-order.ts";
import { useContactFilter } from "./use-contact-filter.ts";
import { useConversationActions } from "./use-conversation-actions.ts";
import { useNow } from "./use-now.ts";
import { useRowGestures } from "./use-row-gestures.ts";
import { useSearchWords } from "./use-search-words.ts";
import { ViewBar } from "./ViewBar.tsx";
import { viewNames } from "./view-names.ts";

// Nobody needs a menu before the list stands.
const BulkBar = lazy(async () => ({ default: (await import("./BulkBar.tsx")).BulkBar }));
const ConversationContextMenu = lazy(async () => ({
  default: (await import("./ConversationMenu.tsx")).ConversationContextMenu,
}));
const MentionList = lazy(async () => ({
  default: (await import("./MentionList.tsx")).MentionList,
}));

const loadSearch = () => import("./SearchResults.tsx");
const SearchResults = lazy(async () => ({ default: (await loadSearch()).SearchResults }));
const NewConversationDialog = lazy(async () => ({
  default: (await import("./NewConversationDialog.tsx")).NewConversationDialog,
}));

/** As the style sheet draws them. */
const rowHeightsPx = { comfortable: 72, compact: 56 };
const virtualFrom = 100;
const noTags: readonly Tag[] = [];

/** The conversations of the address's view, with search and the way to begin a new one. */
export function ContactList({ selectedId }: { selectedId: string | null }) {
  const { store, connection } = useInbox();
  const workspace = useWorkspace();
  const me = useMe();
  const navigate = useNavigate();
  const inbox = useInboxPart((snapshot) => snapshot.inbox);
  const isLoadingFirst = useInboxPart((snapshot) => snapshot.isLoadingContacts);
  const firstError = useInboxPart((snapshot) => snapshot.contactsError);
  const { filter, showsMentions, search } = useContactFilter();
  const list = useInboxPart((snapshot) => snapshot.lists.get(listKey(filter)));
  const isLoading = isLoadingFirst || (list?.isLoading ?? false);
  const actions = useConversationActions();
  const { selectedIds, select } = actions;
  const error = firstError ?? list?.error ?? null;
  const cursor = list?.cursor ?? null;
  const end = list?.end ?? null;
  const people = useInboxPart((snapshot) => snapshot.people);
  const [menu, setMenu] = useState<{ at: { x: number; y: number }; ids: readonly string[] } | null>(
    null,
  );
  const [newIds, setNewIds] = useState<ReadonlySet<string>>(new Set());
  const [query, setQuery] = useSearchWords();
  const [isComposing, setIsComposing] = useState(false);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const words = query.trim();

  const contacts = useMemo(() => {
    if (!inbox) return [];
    return listLoadedContacts(inbox, { filter, end, userId: me.userId }, selectedId);
  }, [inbox, filter, end, me.userId, selectedId]);
  useEffect(() => rememberOrder(contacts.map(({ id }) => id)), [contacts]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another log is loaded anew.
  useEffect(() => {
    void store.showList(filter);
  }, [store, filter, inbox?.epoch]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    anchor.current = null;
    setNewIds(new Set());
    select(new Set());
  }, [filter, showsMentions]);

  const [density] = usePreference("density");
  const rowHeightPx = rowHeightsPx[density];
  const isVirtual = contacts.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: contacts.length,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (at) => contacts[at]?.id ?? at,
    overscan: 8,
    // The row that has the focus stays, however far it is scrolled away.
    rangeExtractor: (range) => {
      const at = contacts.findIndex((row) => row.id === focusedId);
      const drawn = defaultRangeExtractor(range);
      return at === -1 || drawn.includes(at) ? drawn : [...drawn, at].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, other places.
  useEffect(() => virtualizer.measure(), [rowHeightPx]);

  const tabStopId =
    [focusedId, selectedId].find((id) => id && contacts.some((row) => row.id === id)) ??
    contacts[0]?.id;

  // Rows that move up above the reader's place must not move what is read.
  const anchor = useRef<{ id: string; offsetPx: number } | null>(null);
  useLayoutEffect(() => {
    const pane = scroller.current;
    const kept = anchor.current;
    if (!pane || !kept || pane.scrollTop < rowHeightPx) return;
    const at = contacts.findIndex((row) => row.id === kept.id);
    if (at === -1) return;
    const topPx = at * rowHeightPx + kept.offsetPx;
    if (Math.abs(pane.scrollTop - topPx) > 1) pane.scrollTop = topPx;
  }, [contacts, rowHeightPx]);

  function onScroll() {
    const pane = scroller.current;
    if (!pane || words !== "" || showsMentions) return;
    const at = Math.floor(pane.scrollTop / rowHeightPx);
    const row = contacts[at];
    anchor.current = row ? { id: row.id, offsetPx: pane.scrollTop - at * rowHeightPx } : null;
    if (pane.scrollTop < rowHeightPx && newIds.size > 0) setNewIds(new Set());
    loadMore();
  }

  useEffect(
    () =>
      store.onInbound((_, contact) => {
        const pane = scroller.current;
        if (!pane || pane.scrollTop < rowHeightPx || contact.blockedAt) return;
        setNewIds((known) => new Set(known).add(contact.id));
      }),
    [store, rowHeightPx],
  );

  function loadMore() {
    const pane = scroller.current;
    if (words !== "" || !pane || !cursor || isLoading || error) return;
    if (pane.scrollHeight - pane.scrollTop - pane.clientHeight < rowHeightPx * 8) {
      void store.loadMoreContacts(filter);
    }
  }

  // A short first page on a tall screen leaves nothing to scroll.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks anew whenever the list grew.
  useEffect(loadMore, [contacts.length, cursor, isLoading]);

  function moveFocus(event: KeyboardEvent) {
    const from = contacts.findIndex((row) => row.id === tabStopId);
    const to = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      Home: 0,
      End: contacts.length - 1,
    }[event.key];
    if (to === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    if (contacts.length === 0) return;
    event.preventDefault();
    focusRow(to);
  }

  function focusRow(at: number) {
    const target = contacts[Math.max(0, Math.min(contacts.length - 1, at))];
    if (!target) return;
    setFocusedId(target.id);
    if (isVirtual) virtualizer.scrollToIndex(contacts.indexOf(target));
    // By the keyboard, what is drawn follows the focus.
    anchor.current = null;
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-contact="${target.id}"]`)?.focus();
    });
  }

  const moveBy = (steps: number) => () => {
    const active = document.activeElement?.getAttribute("data-contact");
    const from = contacts.findIndex((row) => row.id === (active ?? tabStopId));
    // The first press goes to where Tab would, so that nothing is jumped over.
    focusRow(active ? from + steps : from);
  };
  useShortcut("nextRow", moveBy(1));
  useShortcut("previousRow", moveBy(-1));
  const openBy = (steps: number) => () => {
    const from = contacts.findIndex((row) => row.id === selectedId);
    const target = contacts[from === -1 ? 0 : from + steps];
    if (target) void navigate(`/w/${workspace.id}/c/${target.id}${search}`);
  };
  useShortcut("nextConversation", openBy(1));
  useShortcut("previousConversation", openBy(-1));
  useShortcut("newConversation", () => setIsComposing(true));

  const presence = useMemo(() => {
    const byContact = new Map<string, { typing: string[]; viewing: string[] }>();
    const at = (id: string) => {
      const known = byContact.get(id) ?? { typing: [], viewing: [] };
      byContact.set(id, known);
      return known;
    };
    for (const person of people) {
      if (person.userId === me.userId) continue;
      if (person.typingContactId) at(person.typingContactId).typing.push(person.displayName);
      if (person.viewingContactId) at(person.viewingContactId).viewing.push(person.displayName);
    }
    return byContact;
  }, [people, me.userId]);

  const nameMember = (userId: string | null): string | null =>
    userId ? (inbox?.members.get(userId)?.displayName ?? null) : null;
  const tagsOf = (contact: Contact): readonly Tag[] =>
    contact.tagIds.length === 0
      ? noTags
      : contact.tagIds.flatMap((id) => inbox?.tags.get(id) ?? []);

  const lastPicked = useRef<string | null>(null);
  const pickedBefore = useRef(selectedIds);
  pickedBefore.current = selectedIds;
  const toggle = useCallback(
    (contactId: string) => {
      const next = new Set(pickedBefore.current);
      if (!next.delete(contactId)) next.add(contactId);
      lastPicked.current = contactId;
      select(next);
    },
    [select],
  );
  const gestures = useRowGestures({
    onSwipeAway: (id) => withContact(id, (contact) => actions.setStatus([contact], "Done")),
    onSwipeBack: (id) =>
      withContact(id, (contact) => actions.setUnread([contact], contact.unreadCount === 0)),
    onLongPress: (id, at) => openMenu(id, at),
  });
  const latestTakesClick = useRef(gestures.takesClick);
  latestTakesClick.current = gestures.takesClick;
  const onPick = useCallback(
    (contactId: string, event: MouseEvent) => {
      if (latestTakesClick.current()) event.preventDefault();
      else if (event.shiftKey) {
        event.preventDefault();
        const range = listRange(lastPicked.current ?? contactId, contactId);
        select(new Set([...pickedBefore.current, ...range]));
      } else if (event.metaKey || event.ctrlKey) {
        event.preventDefault();
        toggle(contactId);
      } else if (pickedBefore.current.size > 0) select(new Set());
    },
    [select, toggle],
  );

  function withContact(contactId: string, act: (contact: Contact) => void) {
    const contact = inbox?.contacts.get(contactId);
    if (contact) act(contact);
  }

  function openMenu(contactId: string, at: { x: number; y: number }) {
    setMenu({ at, ids: selectedIds.has(contactId) ? [...selectedIds] : [contactId] });
  }

  function onContextMenu(event: MouseEvent) {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-contact]");
    const contactId = row?.dataset.contact;
    if (!row || !contactId) return;
    event.preventDefault();
    // The keyboard's menu key names no point: the menu opens below the row's name.
    const box = row.getBoundingClientRect();
    const isAtPoint = event.clientX > 0 || event.clientY > 0;
    openMenu(
      contactId,
      isAtPoint ? { x: event.clientX, y: event.clientY } : { x: box.left + 66, y: box.top + 40 },
    );
  }

  const targets = (): readonly Contact[] => {
    if (selectedIds.size > 0)
      return [...selectedIds].flatMap((id) => inbox?.contacts.get(id) ?? []);
    const id = document.activeElement?.getAttribute("data-contact") ?? selectedId;
    return id && inbox?.contacts.get(id) ? [inbox.contacts.get(id) as Contact] : [];
  };
  const onTargets = (act: (contacts: readonly Contact[]) => void) => () => {
    const contacts = targets();
    if (contacts.length === 0) return false;
    act(contacts);
  };
  useShortcut(
    "done",
    onTargets((rows) => actions.setStatus(rows, "Done")),
  );
  useShortcut(
    "snooze",
    onTargets((rows) => actions.pick("snooze", rows)),
  );
  useShortcut(
    "assign",
    onTargets((rows) => actions.pick("assign", rows)),
  );
  useShortcut(
    "markUnread",
    onTargets((rows) => actions.setUnread(rows, true)),
  );
  useShortcut("selectRow", () => {
    const id = document.activeElement?.getAttribute("data-contact") ?? selectedId;
    if (!id) return false;
    toggle(id);
  });
  useShortcut(
    "leave",
    () => {
      if (document.activeElement?.closest(".lc-composer")) return false;
      select(new Set());
    },
    selectedIds.size > 0,
  );

  const total = inbox?.counts[countKey(filter.view, me.userId)] ?? 0;
  const setSize = !cursor
    ? contacts.length
    : isNarrowed(filter)
      ? -1
      : Math.max(total, contacts.length);

  const renderRow = (at: number) => {
    const contact = contacts[at];
    if (!contact) return null;
    const present = presence.get(contact.id);
    return (
      <ContactListItem
        contact={contact}
        isSelected={contact.id === selectedId}
        isPicked={selectedIds.has(contact.id)}
        isPicking={selectedIds.size > 0}
        isTabStop={contact.id === tabStopId}
        position={at + 1}
        setSize={setSize}
        hint={present?.typing.length ? `${present.typing.join(", ")} is replying…` : null}
        viewers={
          present?.viewing.length
            ? `${present.viewing.join(", ")} ${present.viewing.length === 1 ? "is" : "are"}`
            : null
        }
        author={contact.lastMessageBy === me.userId ? "You" : nameMember(contact.lastMessageBy)}
        assignee={nameMember(contact.assignedTo)}
        tags={tagsOf(contact)}
        search={search}
        showsWaiting={filter.sort === "waiting"}
        now={now}
        onPick={onPick}
      />
    );
  };
  const picked = useMemo(
    () => [...selectedIds].flatMap((id) => inbox?.contacts.get(id) ?? []),
    [selectedIds, inbox],
  );
  const listLabel = `Conversations: ${viewNames[filter.view]}`;

  const hasAny = Object.values(inbox?.counts ?? {}).some((count) => count > 0);
  return (
    <nav className="lc-list" aria-label="Conversations">
      <div className="lc-list-head">
        <h1>Messages</h1>
        <button
          type="button"
          className="lc-icon-button"
          aria-label="New conversation"
          title="New conversation"
          onClick={() => setIsComposing(true)}
        >
          <LuSquarePen />
        </button>
        <label className="lc-search">
          <LuSearch aria-hidden="true" />
          <span className="lc-hidden">Search conversations</span>
          <input
            id="lc-search"
            type="search"
            placeholder="Search names and messages"
            autoComplete="off"
            value={query}
            onFocus={() => void loadSearch().catch(() => undefined)}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && query !== "") {
                event.preventDefault();
                setQuery("");
              } else if (event.key === "ArrowDown" && words !== "") {
                event.preventDefault();
                document.querySelector<HTMLElement>("#lc-results section a")?.focus();
              } else if (event.key === "ArrowDown") moveFocus(event);
            }}
          />
          {query !== "" && (
            <button type="button" aria-label="Clear search" onClick={() => setQuery("")}>
              <LuX />
            </button>
          )}
        </label>
      </div>
      {words === "" && <ViewBar />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it answers for the rows inside. */}
      <div
        className="lc-list-scroll"
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={moveFocus}
        onContextMenu={onContextMenu}
        onPointerDown={gestures.onPointerDown}
        onPointerMove={gestures.onPointerMove}
        onPointerUp={gestures.onPointerUp}
        onPointerCancel={gestures.onPointerCancel}
        role="presentation"
      >
        {words !== "" ? (
          <Suspense fallback={<p className="lc-note">Searching…</p>}>
            <SearchResults
              workspaceId={workspace.id}
              query={words}
              selectedId={selectedId}
              now={now}
            />
          </Suspense>
        ) : showsMentions ? (
          <Suspense fallback={<div className="lc-empty" aria-busy="true" />}>
            <MentionList selectedId={selectedId} search={search} />
          </Suspense>
        ) : contacts.length === 0 ? null : isVirtual ? (
          <div
            role="listbox"
            aria-label={listLabel}
            aria-multiselectable="true"
            style={{ height: virtualizer.getTotalSize(), position: "relative" }}
          >
            {virtualizer.getVirtualItems().map((row) => (
              <div
                key={row.key}
                role="presentation"
                style={{
                  position: "absolute",
                  insetInline: 0,
                  top: 0,
                  transform: `translateY(${row.start}px)`,
                }}
              >
                {renderRow(row.index)}
              </div>
            ))}
          </div>
        ) : (
          <div role="listbox" aria-label={listLabel} aria-multiselectable="true">
            {contacts.map((contact, at) => (
              <div key={contact.id} role="presentation">
                {renderRow(at)}
              </div>
            ))}
          </div>
        )}
        {isLoading && contacts.length === 0 && words === "" && !showsMentions && <SkeletonRows />}
        {isLoading && contacts.length > 0 && words === "" && !showsMentions && (
          <p className="lc-note">Loading more…</p>
        )}
        {error && (
          <div className="lc-empty" role="alert">
            <p>{error}</p>
            <button
              type="button"
              className="lc-button"
              onClick={() => (inbox ? void store.loadMoreContacts(filter) : connection.sync())}
            >
              Try again
            </button>
          </div>
        )}
        {inbox &&
          !isLoading &&
          !error &&
          contacts.length === 0 &&
          words === "" &&
          !showsMentions && (
            <div className="lc-empty">
              {filter.view !== "open" || isNarrowed(filter) || hasAny ? (
                <EmptyView view={filter.view} isPart={isNarrowed(filter)} />
              ) : (
                <>
                  <h2>No conversations yet</h2>
                  {workspace.twilioConnected ? (
                    <>
                      <p>
                        Texts to your numbers appear here. Start one yourself, or try it with the{" "}
                        <Link to={`/w/${workspace.id}/simulator`}>simulator</Link>.
                      </p>
                      <button
                        type="button"
                        className="lc-button"
                        onClick={() => setIsComposing(true)}
                      >
                        New conversation
                      </button>
                    </>
                  ) : workspace.role === "agent" ? (
                    <p>They begin once an admin has connected a phone line.</p>
                  ) : (
                    <>
                      <p>
                        First this inbox needs a phone line: a number of yours, or one of the
                        built-in simulator to try things out.
                      </p>
                      <Link className="lc-button" to={`/w/${workspace.id}/connect`}>
                        Connect a phone line
                      </Link>
                    </>
                  )}
                </>
              )}
            </div>
          )}
      </div>
      {newIds.size > 0 && (
        <button
          type="button"
          className="lc-list-new"
          onClick={() => {
            anchor.current = null;
            scroller.current?.scrollTo({ top: 0 });
            setNewIds(new Set());
          }}
        >
          <LuArrowUp aria-hidden="true" /> {newIds.size} new
        </button>
      )}
      <Suspense fallback={null}>
        {picked.length > 0 && <BulkBar contacts={picked} />}
        {menu && (
          <ConversationContextMenu
            at={menu.at}
            contacts={menu.ids.flatMap((id) => inbox?.contacts.get(id) ?? [])}
            onClose={() => setMenu(null)}
          />
        )}
        {isComposing && <NewConversationDialog onClose={() => setIsComposing(false)} />}
      </Suspense>
    </nav>
  );
}

const emptyWords: Record<keyof typeof viewNames, { title: string; detail: string }> = {
  open: { title: "All done", detail: "No conversation is open. New texts appear here." },
  mine: {
    title: "Nothing is yours",
    detail: "Conversations that are assigned to you appear here.",
  },
  unassigned: {
    title: "Everything has someone",
    detail: "No open conversation waits for a person.",
  },
  unread: { title: "All read", detail: "Texts that nobody has read appear here." },
  snoozed: { title: "Nothing sleeps", detail: "Snoozed conversations wait here until their time." },
  done: {
    title: "Nothing done yet",
    detail: "Conversations that are marked as done are kept here.",
  },
  blocked: {
    title: "Nobody is blocked",
    detail: "Texts of blocked contacts are kept here and call nobody.",
  },
  mentions: { title: "No mentions", detail: "Notes that mention you appear here." },
};

function EmptyView({ view, isPart }: { view: keyof typeof viewNames; isPart: boolean }) {
  const { title, detail } = emptyWords[view];
  return (
    <>
      <h2>{isPart ? "None fits the filters" : title}</h2>
      <p>{isPart ? `No conversation under “${viewNames[view]}” does.` : detail}</p>
    </>
  );
}

function SkeletonRows() {
  return (
    <div className="lc-skeletons" role="status">
      <span className="lc-hidden">Loading conversations</span>
      {[62, 48, 70, 55, 40, 66, 52].map((width) => (
        <div key={width} className="lc-skeleton" style={{ ["--w" as string]: `${width}%` }} />
      ))}
    </div>
  );
}
