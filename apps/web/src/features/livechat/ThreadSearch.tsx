import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { LuChevronDown, LuChevronUp, LuSearch, LuX } from "react-icons/lu";
import { messageSearchQuery } from "../../api/search-queries.ts";
import { useSettled } from "../../components/use-settled.ts";
import { useWorkspace } from "../../session/use-session.ts";

interface ThreadSearchProps {
  contactId: string;
  /** Shows a text that was found, and what to mark in all of them. */
  onShow(messageId: string): void;
  onWords(words: string): void;
  onClose(): void;
}

const settleMs = 200;
/** The next page is asked for this long before its first text is wanted. */
const loadAhead = 5;

/** Looks for words in one conversation, from its end backwards. */
export function ThreadSearch({ contactId, onShow, onWords, onClose }: ThreadSearchProps) {
  const workspace = useWorkspace();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const words = text.trim();
  const settled = useSettled(words, settleMs);
  const search = useInfiniteQuery(messageSearchQuery(workspace.id, settled, { contactId }));
  const isCurrent = words !== "" && settled === words && search.isSuccess;
  // The newest first.
  const ids = useMemo(
    () => search.data?.pages.flatMap(({ items }) => items.map((found) => found.messageId)) ?? [],
    [search.data],
  );
  const mendedTo = (isCurrent && search.data?.pages[0]?.mendedTo) || null;
  const first = isCurrent ? ids[0] : undefined;

  useEffect(() => field.current?.focus(), []);
  useEffect(() => () => onWords(""), [onWords]);
  useEffect(() => onWords(mendedTo ?? words), [onWords, mendedTo, words]);
  useEffect(() => {
    setAt(0);
    if (first) onShow(first);
  }, [first, onShow]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = search;
  const isNearEnd = isCurrent && at + loadAhead >= ids.length;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);

  function go(step: 1 | -1) {
    if (!isCurrent || ids.length === 0) return;
    const next = (at + step + ids.length) % ids.length;
    setAt(next);
    const id = ids[next];
    if (id) onShow(id);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === "Enter" || event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const isLater = event.key === "ArrowDown" || (event.key === "Enter" && event.shiftKey);
      go(isLater ? -1 : 1);
    }
  }

  const result = search.isError
    ? "The search did not work. Try again."
    : !isCurrent
      ? ""
      : ids.length === 0
        ? "Nothing found"
        : `${at + 1} of ${ids.length}${hasNextPage ? "+" : ""}${mendedTo ? ` for “${mendedTo}”` : ""}`;
  return (
    <search className="lc-find" aria-label="Search in the conversation">
      <LuSearch aria-hidden="true" />
      <input
        ref={field}
        type="search"
        aria-label="Words in this conversation"
        placeholder="Search in this conversation"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status">{result}</span>
      <button
        type="button"
        className="lc-icon-button"
        aria-label="Earlier match"
        title="Earlier match"
        disabled={!isCurrent || ids.length < 2}
        onClick={() => go(1)}
      >
        <LuChevronUp />
      </button>
      <button
        type="button"
        className="lc-icon-button"
        aria-label="Later match"
        title="Later match"
        disabled={!isCurrent || ids.length < 2}
        onClick={() => go(-1)}
      >
        <LuChevronDown />
      </button>
      <button
        type="button"
        className="lc-icon-button"
        aria-label="Close the search"
        title="Close the search"
        onClick={onClose}
      >
        <LuX />
      </button>
    </search>
  );
}
