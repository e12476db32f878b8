import { type Contact, countKey, type Tag } from "@livechat/shared";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { LuArrowUp } from "react-icons/lu";
import { useNavigate } from "react-router";
import { late } from "../../components/late.tsx";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { usePreference } from "../../preferences/use-preference.ts";
import {
  isListed,
  isNarrowed,
  isSamePlace,
  listKey,
  listLoadedContacts,
} from "../../realtime/contact-filter.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { ContactListItem } from "./ContactListItem.tsx";
import { EmptyList } from "./EmptyList.tsx";
import { rememberOrder } from "./shown-order.ts";
import { useContactFilter } from "./use-contact-filter.ts";
import { useConversationActions } from "./use-conversation-actions.ts";
import { readFocusedContactId } from "./use-conversation-shortcuts.ts";
import { useListPresence } from "./use-list-presence.ts";
import { useRowGestures } from "./use-row-gestures.ts";
import { useRowPicking } from "./use-row-picking.ts";
import { viewNames } from "./view-names.ts";

const ConversationContextMenu = late(
  async () => (await import("./ConversationMenu.tsx")).ConversationContextMenu,
);

/** As the style sheet draws them. */
const rowHeightsPx = { comfortable: 72, compact: 56 };
const virtualFrom = 100;
const noTags: readonly Tag[] = [];

interface ConversationRowsProps {
  selectedId: string | null;
  now: Date;
  onCompose(): void;
}

/**
 * The conversations of the address's list in a pane of their own. A long list draws
 * only the rows in sight; what is read stays in its place while others move up.
 * Mount it anew for each list.
 */
export function ConversationRows({ selectedId, now, onCompose }: ConversationRowsProps) {
  const { store, connection } = useInbox();
  const workspace = useWorkspace();
  const me = useMe();
  const navigate = useNavigate();
  const inbox = useInboxPart((snapshot) => snapshot.inbox);
  const isLoadingFirst = useInboxPart((snapshot) => snapshot.isLoadingContacts);
  const firstError = useInboxPart((snapshot) => snapshot.contactsError);
  const { filter, search } = useContactFilter();
  const list = useInboxPart((snapshot) => snapshot.lists.get(listKey(filter)));
  const isLoading = isLoadingFirst || (list?.isLoading ?? false);
  const error = firstError ?? list?.error ?? null;
  const cursor = list?.cursor ?? null;
  const end = list?.end ?? null;
  const actions = useConversationActions();
  const { selectedIds } = actions;
  const presence = useListPresence();
  const [menu, setMenu] = useState<{ at: { x: number; y: number }; ids: readonly string[] } | null>(
    null,
  );
  const [newIds, setNewIds] = useState<ReadonlySet<string>>(new Set());
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);

  const contacts = useMemo(() => {
    if (!inbox) return [];
    return listLoadedContacts(inbox, { filter, end, userId: me.userId }, selectedId);
  }, [inbox, filter, end, me.userId, selectedId]);
  useEffect(() => rememberOrder(contacts.map(({ id }) => id)), [contacts]);
  const findAt = useMemo(() => {
    const places = new Map(contacts.map(({ id }, at) => [id, at]));
    return (id: string | null | undefined) => (id ? (places.get(id) ?? -1) : -1);
  }, [contacts]);

  const [density] = usePreference("density");
  const rowHeightPx = rowHeightsPx[density];
  const isVirtual = contacts.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: contacts.length,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(() => rowHeightPx, [rowHeightPx]),
    // Another function would have the places of all rows reckoned anew with each drawing.
    getItemKey: useCallback((at: number) => contacts[at]?.id ?? at, [contacts]),
    overscan: 8,
    // The row that has the focus stays, however far it is scrolled away.
    rangeExtractor: (range) => {
      const at = findAt(focusedId);
      const drawn = defaultRangeExtractor(range);
      return at === -1 || drawn.includes(at) ? drawn : [...drawn, at].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, other places.
  useEffect(() => virtualizer.measure(), [rowHeightPx]);

  // What is opened by whatever way is where the focus comes back to, unless another row holds it.
  useEffect(() => {
    if (selectedId && !readFocusedContactId()) setFocusedId(selectedId);
  }, [selectedId]);
  const tabStopId =
    [focusedId, selectedId].find((id) => findAt(id) !== -1) ?? contacts[0]?.id ?? null;

  // Rows that move must not move what is read: that stays beside a row that did not move itself.
  const lastDrawn = useRef({ contacts, scrolledPx: 0 });
  useLayoutEffect(() => {
    const pane = scroller.current;
    if (!pane) return;
    const before = lastDrawn.current;
    const endPx = pane.scrollHeight - pane.clientHeight;
    // A list that became shorter has pushed its end back; else it may be scrolled further than is told yet.
    const isPushed = before.scrolledPx > pane.scrollTop && pane.scrollTop >= endPx - 1;
    const fromPx = isPushed ? before.scrolledPx : pane.scrollTop;
    const first = Math.floor(fromPx / rowHeightPx);
    const behind = Math.ceil((fromPx + pane.clientHeight) / rowHeightPx);
    const inSight = before.contacts.slice(first, behind);
    const place = inSight.findIndex((contact) => {
      const now = contacts[findAt(contact.id)];
      return now && isSamePlace(now, contact);
    });
    const still = inSight[place];
    if (still && fromPx >= rowHeightPx) {
      const topPx = fromPx + (findAt(still.id) - first - place) * rowHeightPx;
      if (Math.abs(pane.scrollTop - topPx) > 1) pane.scrollTop = topPx;
    }
    lastDrawn.current = { contacts, scrolledPx: pane.scrollTop };
  }, [contacts, findAt, rowHeightPx]);

  function onScroll() {
    const pane = scroller.current;
    if (!pane) return;
    lastDrawn.current.scrolledPx = pane.scrollTop;
    if (pane.scrollTop < rowHeightPx && newIds.size > 0) setNewIds(new Set());
    loadMore();
  }

  useEffect(
    () =>
      store.onInbound((_, contact) => {
        const pane = scroller.current;
        if (!pane || pane.scrollTop < rowHeightPx) return;
        // Only in this order do new texts come in above.
        if (filter.sort !== "recent" || !isListed(contact, filter, me.userId)) return;
        setNewIds((known) => new Set(known).add(contact.id));
      }),
    [store, rowHeightPx, filter, me.userId],
  );
  const newCount = useMemo(
    () => [...newIds].filter((id) => findAt(id) !== -1).length,
    [newIds, findAt],
  );

  function loadMore() {
    const pane = scroller.current;
    if (!pane || !cursor || isLoading || error) return;
    if (pane.scrollHeight - pane.scrollTop - pane.clientHeight < rowHeightPx * 8) {
      void store.loadMoreContacts(filter);
    }
  }

  // A short first page on a tall screen leaves nothing to scroll.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks anew whenever the list grew.
  useEffect(loadMore, [contacts.length, cursor, isLoading]);

  function moveFocus(event: KeyboardEvent) {
    const from = findAt(tabStopId);
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

  function focusRow(to: number) {
    const target = contacts[Math.max(0, Math.min(contacts.length - 1, to))];
    if (!target) return;
    // At once: the next key may come before the next frame, and is for this row.
    flushSync(() => setFocusedId(target.id));
    scroller.current?.querySelector<HTMLElement>(`[data-contact="${target.id}"]`)?.focus();
  }

  const moveBy = (steps: number) => () => {
    const focused = readFocusedContactId();
    const from = findAt(focused ?? tabStopId);
    // The first press goes to where Tab would, so that nothing is jumped over.
    focusRow(focused ? from + steps : from);
  };
  useShortcut("nextRow", moveBy(1));
  useShortcut("previousRow", moveBy(-1));
  const openBy = (steps: number) => () => {
    const from = findAt(selectedId);
    const target = contacts[from === -1 ? 0 : from + steps];
    if (target) void navigate(`/w/${workspace.id}/c/${target.id}${search}`);
  };
  useShortcut("nextConversation", openBy(1));
  useShortcut("previousConversation", openBy(-1));

  const gestures = useRowGestures({
    onSwipeAway: (id) => withContact(id, (contact) => actions.setStatus([contact], "Done")),
    onSwipeBack: (id) =>
      withContact(id, (contact) => actions.setUnread([contact], contact.unreadCount === 0)),
    onLongPress: (id, at) => openMenu(id, at),
  });
  const { toggle, onPick } = useRowPicking(gestures.takesClick);
  useShortcut("selectRow", () => {
    const id = readFocusedContactId() ?? selectedId;
    if (!id) return false;
    toggle(id);
  });

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

  const members = inbox?.members;
  const nameMember = (userId: string | null): string | null =>
    userId ? (members?.get(userId)?.displayName ?? null) : null;
  const tags = inbox?.tags;
  // The same tags are the same list, so that a row that did not change is not drawn again.
  const tagsOf = useMemo(() => {
    const known = new Map<string, readonly Tag[]>();
    return ({ tagIds }: Contact): readonly Tag[] => {
      if (tagIds.length === 0) return noTags;
      const key = tagIds.join();
      const worn = known.get(key) ?? tagIds.flatMap((id) => tags?.get(id) ?? []);
      known.set(key, worn);
      return worn;
    };
  }, [tags]);

  const total = inbox?.counts[countKey(filter.view, me.userId)] ?? 0;
  const setSize = !cursor
    ? contacts.length
    : isNarrowed(filter)
      ? -1
      : Math.max(total, contacts.length);

  const renderRow = (at: number, startPx?: number) => {
    const contact = contacts[at];
    if (!contact) return null;
    const present = presence.get(contact.id);
    return (
      <div key={contact.id} role="presentation" style={placeRow(startPx)}>
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
      </div>
    );
  };

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it answers for the rows inside. */}
      <div
        className="lc-list-scroll lc-list-anchored"
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={moveFocus}
        onFocus={() => setFocusedId((before) => readFocusedContactId() ?? before)}
        onContextMenu={onContextMenu}
        onPointerDown={gestures.onPointerDown}
        onPointerMove={gestures.onPointerMove}
        onPointerUp={gestures.onPointerUp}
        onPointerCancel={gestures.onPointerCancel}
        role="presentation"
      >
        {contacts.length > 0 && (
          <div
            role="listbox"
            aria-label={`Conversations: ${viewNames[filter.view]}`}
            aria-multiselectable="true"
            style={isVirtual ? { height: virtualizer.getTotalSize(), position: "relative" } : {}}
          >
            {isVirtual
              ? virtualizer.getVirtualItems().map(({ index, start }) => renderRow(index, start))
              : contacts.map((_, at) => renderRow(at))}
          </div>
        )}
        {isLoading && contacts.length === 0 && <SkeletonRows />}
        {isLoading && contacts.length > 0 && <p className="lc-note">Loading more…</p>}
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
        {inbox && !isLoading && !error && contacts.length === 0 && (
          <EmptyList filter={filter} onCompose={onCompose} />
        )}
      </div>
      {newCount > 0 && (
        <button
          type="button"
          className="lc-list-new"
          onClick={() => {
            scroller.current?.scrollTo({ top: 0 });
            setNewIds(new Set());
          }}
        >
          <LuArrowUp aria-hidden="true" /> {newCount} new
        </button>
      )}
      {menu && (
        <Suspense fallback={null}>
          <ConversationContextMenu
            at={menu.at}
            contacts={menu.ids.flatMap((id) => inbox?.contacts.get(id) ?? [])}
            onClose={() => setMenu(null)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Where a row of a long list stands; the rows of a short one follow each other by themselves. */
function placeRow(startPx: number | undefined): CSSProperties | undefined {
  if (startPx === undefined) return undefined;
  return { position: "absolute", insetInline: 0, top: 0, transform: `translateY(${startPx}px)` };
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
