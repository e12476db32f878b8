import type { Contact } from "@livechat/shared";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { LuArrowDown } from "react-icons/lu";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { formatCopied, readSelection } from "./copy-selection.ts";
import { formatDay, formatMoment } from "./format-time.ts";
import { focusWriting } from "./revise-text.ts";
import "./thread.css";
import { late } from "../../components/late.tsx";
import { ThreadRowView } from "./ThreadRowView.tsx";
import { estimateRowPx, readTime, type ThreadEntry, type ThreadRow } from "./thread-layout.ts";
import { useMarkRead } from "./use-mark-read.ts";
import { useNow } from "./use-now.ts";
import { useThread } from "./use-thread.ts";

const MessageMenu = late(async () => (await import("./MessageMenu.tsx")).default);

const nearEndPx = 60;
const loadWithinPx = 800;
const flashMs = 2000;

/** A text or a note to scroll to and flash; `count` grows when the same one is asked for again. */
export interface ThreadTarget {
  messageId: string;
  count: number;
}

interface MessageListProps {
  contact: Contact;
  target: ThreadTarget | null;
  /** Words that a search looks for; empty for none. */
  marked: string;
  onTargetMissing(): void;
}

/**
 * A conversation's texts. Stays at the end while the reader is there, never moves
 * under a reader who scrolled up, and marks as read only what was on the screen.
 * Mount it anew for each contact.
 */
export function MessageList({ contact, target, marked, onTargetMissing }: MessageListProps) {
  const { store } = useInbox();
  const me = useMe();
  const contactId = contact.id;
  const thread = useThread(contact);
  const { rows, load, isLoaded, isLatest } = thread;
  const today = useNow().toDateString();
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [isAway, setIsAway] = useState(false);
  const [newCount, setNewCount] = useState(0);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [flashId, setFlashId] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ id: string; anchor: DOMRect } | null>(null);

  const wasLatest = useRef(isLatest);
  const activeAt = useMemo(
    () => (activeId ? rows.findIndex((row) => row.key === activeId) : -1),
    [rows, activeId],
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => estimateRowPx(rows[at]),
    // Another function would have the places of all lines reckoned anew with each drawing.
    getItemKey: useCallback((at: number) => rows[at]?.key ?? at, [rows]),
    anchorTo: "end",
    // The last page of later texts goes on below the reader; only news are followed.
    followOnAppend: isLatest && wasLatest.current,
    scrollEndThreshold: nearEndPx,
    overscan: 6,
    paddingStart: 14,
    // What is gone to stands below the day at the pane's top, which lies over the lines.
    scrollPaddingStart: 44,
    // The line that has the focus stays, or the focus would be lost with it.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return activeAt < 0 || shown.includes(activeAt)
        ? shown
        : [...shown, activeAt].sort((a, b) => a - b);
    },
  });
  useEffect(() => {
    wasLatest.current = isLatest;
  });

  const look = useMarkRead(contact, thread.messages, () => isAtEnd.current && isLatest);

  const goToEnd = useCallback(
    (behavior: "auto" | "smooth" = "auto") => {
      virtualizer.scrollToEnd({ behavior: isCalm() ? "auto" : behavior });
      isAtEnd.current = true;
      setNewCount(0);
    },
    [virtualizer],
  );

  const hasOpened = useRef(false);
  useLayoutEffect(() => {
    if (!isLoaded || rows.length === 0 || hasOpened.current) return;
    hasOpened.current = true;
    if (target) return;
    const unreadAt = rows.findIndex((row) => row.kind === "unread");
    if (unreadAt >= 0) virtualizer.scrollToIndex(unreadAt, { align: "start" });
    // All that is loaded is unread: the reader goes on from there in both directions.
    else if (thread.hadUnread && load?.olderCursor) virtualizer.scrollToOffset(0);
    else virtualizer.scrollToEnd();
  });

  const last = rows.at(-1);
  const lastKey = last?.key ?? null;
  const knownLastKey = useRef<string | null>(null);
  const sentKey = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it acts once for each new last line.
  useLayoutEffect(() => {
    const before = knownLastKey.current;
    knownLastKey.current = lastKey;
    if (before === null) return;
    if (lastKey === before) {
      // What was sent from a page of the past goes along to the latest one.
      if (isLatest && !wasLatest.current && lastKey === sentKey.current) goToEnd();
      return;
    }
    if (last?.kind === "entry" && last.entry.kind === "outbox") {
      sentKey.current = lastKey;
      goToEnd();
      return;
    }
    const knownAt = rows.findLastIndex((row) => row.key === before);
    if (!wasLatest.current || isAtEnd.current || knownAt < 0) return;
    // Several may come at once, and a line of what was done may come last.
    const added = rows.slice(knownAt + 1).filter((row) => isFromOthers(row, me.userId)).length;
    setNewCount((count) => count + added);
  }, [lastKey, isLatest]);

  // The target: load around it where it isn't shown, then go there.
  const wantedTarget = useRef<ThreadTarget | null>(null);
  useEffect(() => {
    if (!target || !isLoaded || wantedTarget.current === target) return;
    wantedTarget.current = target;
    isAtEnd.current = false;
    store.showMessage(contactId, target.messageId).then((isShown) => {
      if (isShown) {
        setFlashId(target.messageId);
        return;
      }
      goToEnd();
      onTargetMissing();
    });
  }, [store, contactId, target, isLoaded, goToEnd, onTargetMissing]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes there once for each target.
  useLayoutEffect(() => {
    if (!flashId) return;
    const at = rows.findIndex((row) => row.key === flashId);
    if (at >= 0) virtualizer.scrollToIndex(at, { align: "center" });
    const timer = setTimeout(() => setFlashId(null), flashMs);
    return () => clearTimeout(timer);
  }, [flashId, target]);

  // Windows and the composer change the pane's height after the fact.
  useEffect(() => {
    const pane = scroller.current;
    if (!pane) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current && hasOpened.current) virtualizer.scrollToEnd();
    });
    observer.observe(pane);
    return () => observer.disconnect();
  }, [virtualizer]);

  function onScroll() {
    const pane = scroller.current;
    if (!pane || !hasOpened.current) return;
    const toEndPx = pane.scrollHeight - pane.scrollTop - pane.clientHeight;
    isAtEnd.current = toEndPx < nearEndPx;
    setIsAway(toEndPx > 240);
    if (isAtEnd.current && isLatest) {
      setNewCount(0);
      look();
    }
    loadMore();
  }

  function loadMore() {
    const pane = scroller.current;
    if (!pane || !load || load.error || !hasOpened.current) return;
    const toEndPx = pane.scrollHeight - pane.scrollTop - pane.clientHeight;
    if (pane.scrollTop < loadWithinPx && load.olderCursor) void store.loadOlder(contactId);
    if (toEndPx < loadWithinPx && load.newerCursor) void store.loadNewer(contactId);
  }
  // A pane that opened at its top, or is not filled, sends no scroll event to ask for more.
  const latestLoadMore = useRef(loadMore);
  useEffect(() => {
    latestLoadMore.current = loadMore;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks anew whenever pages came.
  useEffect(() => {
    const frame = requestAnimationFrame(() => latestLoadMore.current());
    return () => cancelAnimationFrame(frame);
  }, [load, rows.length]);

  function jumpToLatest() {
    if (isLatest) return goToEnd("smooth");
    void store.showLatest(contactId).then(() => requestAnimationFrame(() => goToEnd()));
  }

  function openMenu(id: string, anchor: Element) {
    setActiveId(id);
    setMenu({ id, anchor: anchor.getBoundingClientRect() });
  }

  function onClick(event: MouseEvent) {
    const button = (event.target as Element).closest<HTMLElement>("[data-menu-of]");
    if (button?.dataset.menuOf) openMenu(button.dataset.menuOf, button);
  }

  function onContextMenu(event: MouseEvent) {
    const words = (event.target as Element).closest(".lc-bubble, .lc-emoji");
    const id = words?.closest<HTMLElement>('[data-kind="message"]')?.dataset.message;
    // A link or a selection has the browser's own menu, which knows more about it.
    if (!words || !id || (event.target as Element).closest("a")) return;
    if (!window.getSelection()?.isCollapsed) return;
    event.preventDefault();
    openMenu(id, words);
  }

  function onPointerOver(event: PointerEvent) {
    if (menu) return;
    const id = (event.target as Element).closest<HTMLElement>("[data-message]")?.dataset.message;
    if (id && id !== activeId) setActiveId(id);
  }

  function focusRow(at: number) {
    const row = rows[at];
    if (row?.kind !== "entry") return;
    // At once: the next key may come before the next frame, and is for this line.
    flushSync(() => setActiveId(row.key));
    virtualizer.scrollToIndex(at, { align: "auto" });
    scroller.current
      ?.querySelector<HTMLElement>(`[data-message="${row.key}"]`)
      ?.focus({ preventScroll: true });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.message;
    const isOnPane = event.target === scroller.current;
    if (!focused && !isOnPane) return;
    const entryAts = rows.flatMap((row, at) => (row.kind === "entry" ? [at] : []));
    const at = focused ? rows.findIndex((row) => row.key === focused) : -1;
    switch (event.key) {
      case "ArrowUp": {
        const next = at < 0 ? entryAts.at(-1) : entryAts.findLast((each) => each < at);
        if (next !== undefined) focusRow(next);
        break;
      }
      case "ArrowDown": {
        const next = at < 0 ? undefined : entryAts.find((each) => each > at);
        if (next !== undefined) focusRow(next);
        else if (at >= 0) focusWriting();
        break;
      }
      case "Home":
        focusRow(entryAts[0] ?? -1);
        break;
      case "End":
        jumpToLatest();
        scroller.current?.focus({ preventScroll: true });
        break;
      case "Enter":
      case "ContextMenu": {
        if (!focused || rows[at]?.kind !== "entry") return;
        openMenu(focused, event.target as Element);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
  }

  const findEntry = (id: string): ThreadEntry | undefined =>
    thread.entries.find((entry) => entry.id === id);

  function onCopy(event: ClipboardEvent) {
    const selection = document.getSelection();
    const pane = scroller.current;
    if (!selection || !pane) return;
    const lines = readSelection(selection, pane, findEntry, (entry) => ({
      author: thread.nameAuthor(entry),
      time: formatMoment(readTime(entry)),
    }));
    if (!lines) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", formatCopied(lines));
  }

  const items = virtualizer.getVirtualItems();
  const topAt =
    virtualizer.getVirtualItemForOffset((virtualizer.scrollOffset ?? 0) + 12)?.index ?? 0;
  const topDay = findTopDay(rows, topAt);
  const menuEntry = menu ? findEntry(menu.id) : undefined;

  return (
    <div className="lc-thread-wrap">
      {topDay && (
        <p className="lc-day lc-day-top" aria-hidden="true">
          <span>{formatDay(topDay, new Date(today))}</span>
        </p>
      )}
      {(load?.isLoadingOlder || load?.isLoadingNewer) && (
        <p className="lc-older" data-end={load.isLoadingNewer || undefined}>
          <span>Loading {load.isLoadingOlder ? "earlier" : "later"} messages…</span>
        </p>
      )}
      <section
        className="lc-thread"
        ref={scroller}
        onScroll={onScroll}
        onClick={onClick}
        onContextMenu={onContextMenu}
        onPointerOver={onPointerOver}
        onPointerLeave={() => !menu && setActiveId(null)}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable pane has to be reachable by keyboard.
        tabIndex={0}
        aria-label={`Messages with ${thread.contactName}`}
      >
        <div className="lc-thread-content">
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
          {isLoaded && rows.length === 0 && (
            <p className="lc-begin">No messages yet. Write the first one below.</p>
          )}
          {rows.length > 0 && (
            <ul className="lc-lines" style={{ height: virtualizer.getTotalSize() }}>
              {items.map((item) => {
                const row = rows[item.index];
                return row ? (
                  <ThreadRowView
                    key={item.key}
                    row={row}
                    index={item.index}
                    startPx={item.start}
                    author={row.kind === "entry" ? thread.nameAuthor(row.entry) : ""}
                    contactName={thread.contactName}
                    ownId={me.userId}
                    today={today}
                    isActive={row.key === activeId}
                    isFlashing={row.key === flashId}
                    marked={marked}
                    measure={virtualizer.measureElement}
                  />
                ) : null;
              })}
            </ul>
          )}
        </div>
      </section>
      <TypingLine contactId={contactId} />
      {(isAway || newCount > 0 || !isLatest) && (
        <button
          type="button"
          className="lc-jump"
          data-new={newCount > 0 || undefined}
          aria-label={newCount > 0 ? `${newCount} new, jump to the latest` : "Jump to the latest"}
          onClick={jumpToLatest}
        >
          <LuArrowDown aria-hidden="true" />
          {newCount > 0 && <span>{newCount} new</span>}
        </button>
      )}
      {menu && menuEntry?.kind === "message" && (
        <Suspense>
          <MessageMenu
            message={menuEntry.message}
            anchor={menu.anchor}
            onClose={() => {
              setMenu(null);
              scroller.current
                ?.querySelector<HTMLElement>(`[data-message="${menu.id}"]`)
                ?.focus({ preventScroll: true });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Whether it is a text that somebody else wrote. */
function isFromOthers(row: ThreadRow, ownId: string): boolean {
  if (row.kind !== "entry" || row.entry.kind !== "message") return false;
  const { direction, createdBy } = row.entry.message;
  return direction === "inbound" || createdBy !== ownId;
}

function isCalm(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A moment of the day that the line at the top of the pane belongs to; null where the line says it. */
function findTopDay(rows: readonly ThreadRow[], topAt: number): string | null {
  for (let at = Math.min(topAt, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind === "day") return at === topAt ? null : row.firstAt;
  }
  const first = rows[0];
  return first?.kind === "entry" ? readTime(first.entry) : null;
}

function TypingLine({ contactId }: { contactId: string }) {
  const me = useMe();
  const people = useInboxPart((snapshot) => snapshot.people);
  const typing = people.filter(
    (person) => person.typingContactId === contactId && person.userId !== me.userId,
  );
  return (
    <p className="lc-typing" role="status" data-shown={typing.length > 0 || undefined}>
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
