import { type Contact, fitsFilter } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo, useRef } from "react";
import { LuReply, LuStickyNote } from "react-icons/lu";
import { Link, useLocation } from "react-router";
import {
  contactSearchQuery,
  messageSearchQuery,
  noteSearchQuery,
} from "../../api/search-queries.ts";
import { useSettled } from "../../components/use-settled.ts";
import { byLatest } from "../../realtime/by-latest.ts";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { matchesSearch } from "./describe-contact.ts";
import { FoundContact, FoundPart } from "./FoundRows.tsx";
import { SearchBar } from "./SearchBar.tsx";
import {
  countFilters,
  readSpan,
  type SearchPart,
  useContactFilter,
  withoutFilters,
} from "./use-contact-filter.ts";

const settleMs = 200;
const contactsShown = 5;
const emptyWords: Record<SearchPart, string> = {
  all: ": no name, number, e-mail, company or field of a contact, and none of the workspace’s messages and notes.",
  messages: ": none of the workspace’s messages.",
  notes: ": none of the internal notes.",
  contacts: ": no name, number, e-mail, company or field of a contact.",
};

interface SearchResultsProps {
  workspaceId: string;
  query: string;
  selectedId: string | null;
  now: Date;
}

/**
 * What a search finds: people at once among those that are loaded, then people,
 * texts and notes as the server knows them all.
 */
export function SearchResults({ workspaceId, query, selectedId, now }: SearchResultsProps) {
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const settled = useSettled(query, settleMs);
  const { filter, searched, linkTo } = useContactFilter();
  const { pathname } = useLocation();
  const { part, from, to } = searched;
  const narrowing = useMemo(() => {
    const { view: _, sort: __, ...rest } = filter;
    return rest;
  }, [filter]);
  const scope = useMemo(() => ({ ...narrowing, ...readSpan({ from, to }) }), [narrowing, from, to]);
  const looksAt = (each: typeof part) => part === "all" || part === each;
  const wordsFor = (each: typeof part) => (looksAt(each) ? settled : "");
  const people = useInfiniteQuery(contactSearchQuery(workspaceId, wordsFor("contacts"), narrowing));
  const texts = useInfiniteQuery(messageSearchQuery(workspaceId, wordsFor("messages"), scope));
  const noted = useInfiniteQuery(noteSearchQuery(workspaceId, wordsFor("notes"), scope));
  const isFiltered = countFilters({ filter, searched: { ...searched, words: query } }) > 0;
  const list = useRef<HTMLDivElement>(null);

  const contacts = useMemo(() => {
    const rows = new Map<string, Contact>();
    if (part !== "all" && part !== "contacts") return [];
    for (const row of known?.values() ?? []) {
      if (matchesSearch(row, query) && fitsFilter(row, narrowing)) rows.set(row.id, row);
    }
    if (settled === query) {
      for (const page of people.data?.pages ?? []) {
        for (const row of page.items) rows.set(row.id, known?.get(row.id) ?? row);
      }
    }
    return [...rows.values()].sort(byLatest);
  }, [known, query, settled, people.data, part, narrowing]);
  const isNear = people.data?.pages[0]?.isNear === true && settled === query;
  const messages = settled === query ? (texts.data?.pages.flatMap((page) => page.items) ?? []) : [];
  const notes = settled === query ? (noted.data?.pages.flatMap((page) => page.items) ?? []) : [];
  const mendedTo = messages.length > 0 ? (texts.data?.pages[0]?.mendedTo ?? null) : null;
  const isWaiting = settled !== query || people.isLoading || texts.isLoading || noted.isLoading;
  const failure = people.error ?? texts.error ?? noted.error;
  const hasMorePeople = people.hasNextPage && settled === query;

  /** A link keeps the search, so that what was found stays beside what is opened. */
  function linkToFound(contactId: string, place = ""): string {
    const address = linkTo({ words: query });
    const search = address === "?" ? place : `${address}${place && `&${place}`}`;
    return `/w/${workspaceId}/c/${contactId}${search && !search.startsWith("?") ? "?" : ""}${search}`;
  }

  function moveFocus(event: KeyboardEvent) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [
      ...(list.current?.querySelectorAll<HTMLElement>("section a, section button") ?? []),
    ];
    const at = rows.findIndex((row) => row.matches(":focus"));
    const target = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    event.stopPropagation();
    if (target) target.focus();
    else if (event.key === "ArrowUp") document.getElementById("lc-search")?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only moves the focus between the links inside.
    <div ref={list} onKeyDown={moveFocus} className="lc-results" id="lc-results">
      <SearchBar words={query} />
      <p className="lc-hidden" role="status">
        {isWaiting
          ? ""
          : `${contacts.length} ${contacts.length === 1 ? "conversation" : "conversations"} and ${messages.length}${texts.hasNextPage ? " or more" : ""} texts and ${notes.length}${noted.hasNextPage ? " or more" : ""} notes found`}
      </p>
      {contacts.length > 0 && (
        <section aria-labelledby="lc-results-people">
          <h2 id="lc-results-people">{isNear ? "Similar names" : "Conversations"}</h2>
          <ul>
            {contacts.map((contact) => (
              <li key={contact.id}>
                <FoundContact
                  contact={contact}
                  to={linkToFound(contact.id)}
                  query={query}
                  isSelected={contact.id === selectedId}
                  now={now}
                />
              </li>
            ))}
          </ul>
          {hasMorePeople && contacts.length >= contactsShown && (
            <button
              type="button"
              className="lc-results-more"
              disabled={people.isFetchingNextPage}
              onClick={() => void people.fetchNextPage()}
            >
              Show more conversations
            </button>
          )}
        </section>
      )}
      {messages.length > 0 && (
        <section aria-labelledby="lc-results-texts">
          <h2 id="lc-results-texts">Messages</h2>
          {mendedTo && (
            <p className="lc-results-hint">
              No text has “{query}”. These have <strong>{mendedTo}</strong>.
            </p>
          )}
          <ul>
            {messages.map((message) => (
              <li key={message.messageId}>
                <FoundPart
                  to={linkToFound(message.contact.id, `m=${message.messageId}`)}
                  found={message}
                  mark={
                    message.direction === "outbound" && (
                      <>
                        <LuReply aria-hidden="true" />
                        <span className="lc-hidden">Answered: </span>
                      </>
                    )
                  }
                  now={now}
                />
              </li>
            ))}
          </ul>
          {texts.hasNextPage && (
            <button
              type="button"
              className="lc-results-more"
              disabled={texts.isFetchingNextPage}
              onClick={() => void texts.fetchNextPage()}
            >
              Show more messages
            </button>
          )}
        </section>
      )}
      {notes.length > 0 && (
        <section aria-labelledby="lc-results-notes">
          <h2 id="lc-results-notes">Internal notes</h2>
          <ul>
            {notes.map((note) => (
              <li key={note.noteId}>
                <FoundPart
                  to={linkToFound(note.contact.id, `n=${note.noteId}`)}
                  found={note}
                  mark={
                    <>
                      <LuStickyNote aria-hidden="true" />
                      <span className="lc-hidden">Note: </span>
                    </>
                  }
                  now={now}
                />
              </li>
            ))}
          </ul>
          {noted.hasNextPage && (
            <button
              type="button"
              className="lc-results-more"
              disabled={noted.isFetchingNextPage}
              onClick={() => void noted.fetchNextPage()}
            >
              Show more notes
            </button>
          )}
        </section>
      )}
      {isWaiting && messages.length === 0 && <p className="lc-note">Searching…</p>}
      {failure && !isWaiting && (
        <div className="lc-empty" role="alert">
          <p>{explainFailure(failure)}</p>
          <button
            type="button"
            className="lc-button"
            onClick={() => {
              void people.refetch();
              void texts.refetch();
              void noted.refetch();
            }}
          >
            Try again
          </button>
        </div>
      )}
      {!isWaiting &&
        !failure &&
        contacts.length === 0 &&
        messages.length === 0 &&
        notes.length === 0 && (
          <div className="lc-empty">
            <h2>No results</h2>
            <p>
              Nothing has “<bdi>{query}</bdi>”{emptyWords[part]}
              {isFiltered && " Only what fits the filters was searched."}
            </p>
            {part !== "all" && (
              <Link
                className="lc-button"
                replace
                to={`${pathname}${linkTo({ words: query, part: "all" })}`}
              >
                Search everywhere
              </Link>
            )}
            {isFiltered && (
              <Link
                className="lc-button"
                replace
                to={`${pathname}${linkTo({ words: query, ...withoutFilters })}`}
              >
                Clear the filters
              </Link>
            )}
          </div>
        )}
    </div>
  );
}
