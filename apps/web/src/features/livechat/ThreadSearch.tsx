import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { LuChevronDown, LuChevronUp, LuSearch, LuX } from "react-icons/lu";
import { useInbox } from "../../realtime/use-inbox.tsx";

interface ThreadSearchProps {
  contactId: string;
  /** Shows a text that was found, and what to mark in all of them. */
  onShow(messageId: string): void;
  onWords(words: string): void;
  onClose(): void;
}

interface Found {
  words: string;
  /** The newest first. */
  ids: readonly string[];
  hasMore: boolean;
  at: number;
}

const delayMs = 200;

/** Looks for words in one conversation, from its end backwards. */
export function ThreadSearch({ contactId, onShow, onWords, onClose }: ThreadSearchProps) {
  const { api } = useInbox().store;
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [failed, setFailed] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const words = query.trim();

  useEffect(() => field.current?.focus(), []);
  useEffect(() => () => onWords(""), [onWords]);

  useEffect(() => {
    setFailed(false);
    onWords(words);
    if (words === "") {
      setFound(null);
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api.findMessages(contactId, words, abort.signal).then(
        ({ items, hasMore }) => {
          setFound({ words, ids: items.map(({ id }) => id), hasMore, at: 0 });
          if (items[0]) onShow(items[0].id);
        },
        () => setFailed(!abort.signal.aborted),
      );
    }, delayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [api, contactId, words, onShow, onWords]);

  function go(step: 1 | -1) {
    if (!found || found.ids.length === 0) return;
    const at = (found.at + step + found.ids.length) % found.ids.length;
    setFound({ ...found, at });
    const id = found.ids[at];
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

  const isCurrent = found !== null && found.words === words;
  const result = failed
    ? "The search did not work. Try again."
    : words === "" || !isCurrent
      ? ""
      : found.ids.length === 0
        ? "Nothing found"
        : `${found.at + 1} of ${found.ids.length}${found.hasMore ? "+" : ""}`;
  return (
    <search className="lc-find" aria-label="Search in the conversation">
      <LuSearch aria-hidden="true" />
      <input
        ref={field}
        type="search"
        aria-label="Words in this conversation"
        placeholder="Search in this conversation"
        autoComplete="off"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status">{result}</span>
      <button
        type="button"
        className="lc-icon-button"
        aria-label="Earlier match"
        title="Earlier match"
        disabled={!found || found.ids.length < 2}
        onClick={() => go(1)}
      >
        <LuChevronUp />
      </button>
      <button
        type="button"
        className="lc-icon-button"
        aria-label="Later match"
        title="Later match"
        disabled={!found || found.ids.length < 2}
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
