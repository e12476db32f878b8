import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { LuSearch, LuSquarePen, LuX } from "react-icons/lu";
import { Link, useNavigate } from "react-router";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { usePreference } from "../../preferences/use-preference.ts";
import { defaultFilter, listKey, listLoadedContacts } from "../../realtime/contact-filter.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { ContactListItem } from "./ContactListItem.tsx";
import { SearchResults } from "./SearchResults.tsx";
import { useNow } from "./use-now.ts";

const NewConversationDialog = lazy(async () => ({
  default: (await import("./NewConversationDialog.tsx")).NewConversationDialog,
}));

/** As the style sheet draws them. */
const rowHeightsPx = { comfortable: 72, compact: 56 };
const virtualFrom = 100;

/** The conversations, latest first, with search and the way to begin a new one. */
export function ContactList({ selectedId }: { selectedId: string | null }) {
  const { store, connection } = useInbox();
  const workspace = useWorkspace();
  const me = useMe();
  const navigate = useNavigate();
  const inbox = useInboxPart((snapshot) => snapshot.inbox);
  const isLoadingFirst = useInboxPart((snapshot) => snapshot.isLoadingContacts);
  const firstError = useInboxPart((snapshot) => snapshot.contactsError);
  const list = useInboxPart((snapshot) => snapshot.lists.get(listKey(defaultFilter)));
  const isLoading = isLoadingFirst || (list?.isLoading ?? false);
  const error = firstError ?? list?.error ?? null;
  const cursor = list?.cursor ?? null;
  const end = list?.end ?? null;
  const people = useInboxPart((snapshot) => snapshot.people);
  const [query, setQuery] = useState("");
  const [isComposing, setIsComposing] = useState(false);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const words = query.trim();

  const contacts = useMemo(() => {
    if (!inbox) return [];
    return listLoadedContacts(inbox, { filter: defaultFilter, end, userId: me.userId }, selectedId);
  }, [inbox, end, me.userId, selectedId]);

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
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, other places.
  useEffect(() => virtualizer.measure(), [rowHeightPx]);

  const tabStopId =
    [focusedId, selectedId].find((id) => id && contacts.some((row) => row.id === id)) ??
    contacts[0]?.id;

  function loadMore() {
    const pane = scroller.current;
    if (words !== "" || !pane || !cursor || isLoading || error) return;
    if (pane.scrollHeight - pane.scrollTop - pane.clientHeight < rowHeightPx * 8) {
      void store.loadMoreContacts(defaultFilter);
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
    if (target) void navigate(`/w/${workspace.id}/c/${target.id}`);
  };
  useShortcut("nextConversation", openBy(1));
  useShortcut("previousConversation", openBy(-1));
  useShortcut("newConversation", () => setIsComposing(true));

  function hintOf(contactId: string): string | null {
    const typing = people.find(
      (person) => person.typingContactId === contactId && person.userId !== me.userId,
    );
    return typing ? `${typing.displayName} is replying…` : null;
  }

  const renderRow = (at: number) => {
    const contact = contacts[at];
    if (!contact) return null;
    return (
      <ContactListItem
        contact={contact}
        isSelected={contact.id === selectedId}
        isTabStop={contact.id === tabStopId}
        hint={hintOf(contact.id)}
        now={now}
      />
    );
  };

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
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && query !== "") {
                event.preventDefault();
                setQuery("");
              } else if (event.key === "ArrowDown" && words !== "") {
                event.preventDefault();
                document.querySelector<HTMLElement>("#lc-results a")?.focus();
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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only moves the focus between the links inside. */}
      <div
        className="lc-list-scroll"
        ref={scroller}
        onScroll={loadMore}
        onKeyDown={moveFocus}
        role="presentation"
      >
        {words !== "" ? (
          <SearchResults
            workspaceId={workspace.id}
            query={words}
            selectedId={selectedId}
            now={now}
          />
        ) : isVirtual ? (
          <ul style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
            {virtualizer.getVirtualItems().map((row) => (
              <li
                key={row.key}
                aria-setsize={contacts.length}
                aria-posinset={row.index + 1}
                style={{
                  position: "absolute",
                  insetInline: 0,
                  top: 0,
                  transform: `translateY(${row.start}px)`,
                }}
              >
                {renderRow(row.index)}
              </li>
            ))}
          </ul>
        ) : (
          <ul>
            {contacts.map((contact, at) => (
              <li key={contact.id}>{renderRow(at)}</li>
            ))}
          </ul>
        )}
        {isLoading && contacts.length === 0 && words === "" && <SkeletonRows />}
        {isLoading && contacts.length > 0 && words === "" && (
          <p className="lc-note">Loading more…</p>
        )}
        {error && (
          <div className="lc-empty" role="alert">
            <p>{error}</p>
            <button
              type="button"
              className="lc-button"
              onClick={() =>
                inbox ? void store.loadMoreContacts(defaultFilter) : connection.sync()
              }
            >
              Try again
            </button>
          </div>
        )}
        {inbox && !isLoading && !error && contacts.length === 0 && words === "" && (
          <div className="lc-empty">
            <>
              <h2>No conversations yet</h2>
              {workspace.twilioConnected ? (
                <p>
                  Texts to your numbers appear here. Start one yourself, or try it with the{" "}
                  <Link to={`/w/${workspace.id}/simulator`}>simulator</Link>.
                </p>
              ) : (
                <p>
                  Connect a phone number in <Link to={`/w/${workspace.id}/connect`}>settings</Link>,
                  a real one or the built-in simulator’s.
                </p>
              )}
              <button type="button" className="lc-button" onClick={() => setIsComposing(true)}>
                New conversation
              </button>
            </>
          </div>
        )}
      </div>
      <Suspense fallback={null}>
        {isComposing && <NewConversationDialog onClose={() => setIsComposing(false)} />}
      </Suspense>
    </nav>
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
