import type { Activity, Contact, Message, Note } from "@livechat/shared";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { LuArrowDown } from "react-icons/lu";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { ActivityLine } from "./ActivityLine.tsx";
import { nameContact } from "./describe-contact.ts";
import { formatDay } from "./format-time.ts";
import { MessageBubble, OutboxBubble } from "./MessageBubble.tsx";
import { NoteBubble } from "./NoteBubble.tsx";
import { findFirstUnread, layoutThread, listEntries } from "./thread-layout.ts";
import { useNow } from "./use-now.ts";

const nearBottomPx = 60;
const loadOlderWithinPx = 600;
const noMessages: readonly Message[] = [];
const noItems: readonly never[] = [];
const noNotes: readonly Note[] = [];
const noActivities: readonly Activity[] = [];

/**
 * A conversation's texts. Stays at the end while the reader is there, never moves
 * under a reader who scrolled up, and marks as read only what was on the screen.
 * Mount it anew for each contact.
 */
export function MessageList({ contact }: { contact: Contact }) {
  const { store } = useInbox();
  const me = useMe();
  const contactId = contact.id;
  const messages = useInboxPart((snapshot) => snapshot.inbox?.threads.get(contactId)) ?? noMessages;
  const notes = useInboxPart((snapshot) => snapshot.inbox?.notes.get(contactId)) ?? noNotes;
  const activities =
    useInboxPart((snapshot) => snapshot.inbox?.activities.get(contactId)) ?? noActivities;
  const load = useInboxPart((snapshot) => snapshot.threadLoads.get(contactId));
  const outbox = useInboxPart((snapshot) => snapshot.outbox.get(contactId)) ?? noItems;
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const isLoaded = useInboxPart((snapshot) => snapshot.inbox?.threads.has(contactId) ?? false);
  const people = useInboxPart((snapshot) => snapshot.people);
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const heightBeforeOlder = useRef<{ firstId: string; height: number; top: number } | null>(null);
  const readUpTo = useRef<string | null>(null);
  const [showsJump, setShowsJump] = useState(false);
  const [newCount, setNewCount] = useState(0);
  const [opened, setOpened] = useState<{ unreadCount: number; lastId: string | null } | null>(null);

  const days = useMemo(
    () =>
      layoutThread(
        listEntries(messages, outbox, load?.oldest ?? null, { notes, activities }),
        me.userId,
      ),
    [messages, outbox, load?.oldest, notes, activities, me.userId],
  );
  const lastId = days.at(-1)?.entries.at(-1)?.entry.id ?? null;
  const firstId = days[0]?.entries[0]?.entry.id ?? null;
  const contactName = nameContact(contact);

  // Set while rendering, so that the first paint of the thread already has its divider.
  if (isLoaded && opened === null) {
    setOpened({ unreadCount: contact.unreadCount, lastId: messages.at(-1)?.id ?? null });
  }
  const hasEarlier = Boolean(load?.olderCursor);
  const firstUnreadId = useMemo(() => {
    if (!opened) return null;
    // What came after the opening was never below the divider's count.
    const lastAt = messages.findIndex((row) => row.id === opened.lastId);
    return findFirstUnread(messages.slice(0, lastAt + 1), opened.unreadCount, hasEarlier);
  }, [messages, opened, hasEarlier]);

  function scrollToEnd(behavior: ScrollBehavior = "auto") {
    const pane = scroller.current;
    if (!pane) return;
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    pane.scrollTo({ top: pane.scrollHeight, behavior: isCalm ? "auto" : behavior });
  }

  // Older pages grow the thread upwards: the reader's line must not move.
  useLayoutEffect(() => {
    const pane = scroller.current;
    const before = heightBeforeOlder.current;
    if (pane && before && firstId !== before.firstId) {
      pane.scrollTop = before.top + (pane.scrollHeight - before.height);
      heightBeforeOlder.current = null;
    }
    if (pane && firstId) {
      heightBeforeOlder.current = { firstId, height: pane.scrollHeight, top: pane.scrollTop };
    }
  });

  const openedAtUnread = useRef(false);
  useLayoutEffect(() => {
    if (!isLoaded || openedAtUnread.current) return;
    openedAtUnread.current = true;
    const divider = content.current?.querySelector(".lc-unread");
    const pane = scroller.current;
    if (divider && pane) {
      const offsetPx = divider.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      pane.scrollTop += offsetPx - 80;
    } else if (pane && opened && opened.unreadCount > 0 && hasEarlier) {
      // All that is loaded is unread: the reader goes on from there in both directions.
      pane.scrollTop = 0;
    } else scrollToEnd();
    if (pane) {
      isAtEnd.current = pane.scrollHeight - pane.scrollTop - pane.clientHeight < nearBottomPx;
    }
  });

  const knownLastId = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it acts once for each new last text.
  useLayoutEffect(() => {
    if (lastId === knownLastId.current) return;
    const isFirst = knownLastId.current === null;
    knownLastId.current = lastId;
    if (isFirst || !lastId) return;
    const last = days.at(-1)?.entries.at(-1)?.entry;
    const isMine = last?.kind === "outbox";
    if (isMine || isAtEnd.current) scrollToEnd();
    else if (last?.kind === "message" && last.message.direction === "inbound") {
      setNewCount((count) => count + 1);
    }
  }, [lastId, days]);

  // Pictures, windows and the composer change heights after the fact.
  useEffect(() => {
    const inner = content.current;
    const pane = scroller.current;
    if (!inner || !pane) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) pane.scrollTop = pane.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(pane);
    return () => observer.disconnect();
  }, []);

  const markRead = () => {
    const last = messages.at(-1);
    if (!last || contact.unreadCount === 0 || !isAtEnd.current) return;
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const key = `${last.id}/${contact.unreadCount}`;
    if (readUpTo.current === key) return;
    readUpTo.current = key;
    store.api.markRead(contactId, last.id).catch(() => {
      readUpTo.current = null;
    });
  };
  const latestMarkRead = useRef(markRead);
  useEffect(() => {
    latestMarkRead.current = markRead;
    // After the first scroll position is known, so that texts below the fold stay unread.
    const frame = requestAnimationFrame(() => latestMarkRead.current());
    return () => cancelAnimationFrame(frame);
  });
  useEffect(() => {
    const look = () => latestMarkRead.current();
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);

  function onScroll() {
    const pane = scroller.current;
    if (!pane) return;
    const toEndPx = pane.scrollHeight - pane.scrollTop - pane.clientHeight;
    isAtEnd.current = toEndPx < nearBottomPx;
    setShowsJump(toEndPx > 240);
    if (heightBeforeOlder.current) heightBeforeOlder.current.top = pane.scrollTop;
    if (isAtEnd.current) {
      setNewCount(0);
      markRead();
    }
    if (pane.scrollTop < loadOlderWithinPx && load?.olderCursor && !load.error) {
      void store.loadOlder(contactId);
    }
  }

  // A pane that opened at its top, or is not filled, sends no scroll event to ask for more.
  useEffect(() => {
    const pane = scroller.current;
    if (!pane || !load?.olderCursor || load.error || load.isLoadingOlder) return;
    if (pane.scrollTop < loadOlderWithinPx) void store.loadOlder(contactId);
  }, [store, contactId, load]);

  const nameMember = (userId: string | null): string =>
    userId === me.userId
      ? "You"
      : ((userId && members?.get(userId)?.displayName) ?? "A former member");

  const nameAuthor = (message: Message): string => {
    if (message.direction === "inbound") return contactName;
    if (message.createdBy === me.userId) return "You";
    const member = message.createdBy ? members?.get(message.createdBy) : undefined;
    return member?.displayName ?? "A teammate";
  };

  const typing = people.filter(
    (person) => person.typingContactId === contactId && person.userId !== me.userId,
  );

  return (
    <div className="lc-thread-wrap">
      <section
        className="lc-thread"
        ref={scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable pane has to be reachable by keyboard.
        tabIndex={0}
        aria-label={`Messages with ${contactName}`}
      >
        <div ref={content} className="lc-thread-content">
          {load?.isLoadingOlder && <p className="lc-older">Loading earlier messages…</p>}
          {load?.error && (
            <div className="lc-empty" role="alert">
              <p>{load.error}</p>
              <button
                type="button"
                className="lc-button"
                onClick={() =>
                  void (isLoaded ? store.loadOlder(contactId) : store.openThread(contactId))
                }
              >
                Try again
              </button>
            </div>
          )}
          {!isLoaded && !load?.error && <ThreadSkeleton />}
          {isLoaded && days.length === 0 && (
            <p className="lc-note">No messages yet. Write the first one below.</p>
          )}
          {isLoaded && days.length > 0 && load && !load.olderCursor && (
            <p className="lc-note">The conversation with {contactName} begins here.</p>
          )}
          {days.map((day) => (
            <section key={day.key} className="lc-day">
              <h3>
                <span>{formatDay(day.firstAt, now)}</span>
              </h3>
              <ul>
                {day.entries.map(({ entry, isGroupStart, isGroupEnd }) => [
                  entry.id === firstUnreadId ? (
                    <li key="unread" className="lc-unread">
                      <span>New</span>
                    </li>
                  ) : null,
                  entry.kind === "message" ? (
                    <MessageBubble
                      key={entry.id}
                      message={entry.message}
                      author={nameAuthor(entry.message)}
                      isGroupStart={isGroupStart}
                      isGroupEnd={isGroupEnd}
                    />
                  ) : entry.kind === "note" ? (
                    <li key={entry.id}>
                      <NoteBubble note={entry.note} author={nameMember(entry.note.authorId)} />
                    </li>
                  ) : entry.kind === "activity" ? (
                    <li key={entry.id}>
                      <ActivityLine activity={entry.activity} ownId={me.userId} />
                    </li>
                  ) : (
                    <OutboxBubble
                      key={entry.id}
                      item={entry.item}
                      store={store}
                      isGroupStart={isGroupStart}
                      isGroupEnd={isGroupEnd}
                    />
                  ),
                ])}
              </ul>
            </section>
          ))}
          <p className="lc-typing" role="status">
            {typing.length > 0 && (
              <>
                <span className="lc-dots" aria-hidden="true">
                  <i />
                  <i />
                  <i />
                </span>
                {typing.map((person) => person.displayName).join(", ")}{" "}
                {typing.length === 1 ? "is" : "are"} replying…
              </>
            )}
          </p>
        </div>
      </section>
      {(showsJump || newCount > 0) && (
        <button
          type="button"
          className="lc-jump"
          data-new={newCount > 0 || undefined}
          aria-label={newCount > 0 ? `${newCount} new, jump to the latest` : "Jump to the latest"}
          onClick={() => scrollToEnd("smooth")}
        >
          <LuArrowDown aria-hidden="true" />
          {newCount > 0 && <span>{newCount} new</span>}
        </button>
      )}
    </div>
  );
}

function ThreadSkeleton() {
  return (
    <div className="lc-thread-skeleton" role="status">
      <span className="lc-hidden">Loading messages</span>
      <i />
      <i data-out />
      <i />
      <i data-out />
    </div>
  );
}
