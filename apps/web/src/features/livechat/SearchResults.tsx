import type { Contact, FoundMessage } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from "react";
import { LuReply, LuStickyNote } from "react-icons/lu";
import { Link } from "react-router";
import {
  contactSearchQuery,
  messageSearchQuery,
  noteSearchQuery,
} from "../../api/search-queries.ts";
import { Highlighted, HighlightedWords } from "../../components/Highlighted.tsx";
import { showAddress } from "../../components/show-address.ts";
import { useSettled } from "../../components/use-settled.ts";
import { byLatest } from "../../realtime/by-latest.ts";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { ContactAvatar } from "./ContactAvatar.tsx";
import { matchesSearch, nameContact } from "./describe-contact.ts";
import { formatListTime, formatMoment } from "./format-time.ts";

const settleMs = 200;
const contactsShown = 5;

interface SearchResultsProps {
  workspaceId: string;
  query: string;
  selectedId: string | null;
  now: Date;
}

/**
 * What a search finds: people at once among those that are loaded, then people
 * and texts as the server knows them all.
 */
export function SearchResults({ workspaceId, query, selectedId, now }: SearchResultsProps) {
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const settled = useSettled(query, settleMs);
  const people = useInfiniteQuery(contactSearchQuery(workspaceId, settled));
  const texts = useInfiniteQuery(messageSearchQuery(workspaceId, settled));
  const noted = useInfiniteQuery(noteSearchQuery(workspaceId, settled));
  const list = useRef<HTMLDivElement>(null);

  const contacts = useMemo(() => {
    const rows = new Map<string, Contact>();
    for (const row of known?.values() ?? []) if (matchesSearch(row, query)) rows.set(row.id, row);
    if (settled === query) {
      for (const page of people.data?.pages ?? []) {
        for (const row of page.items) rows.set(row.id, known?.get(row.id) ?? row);
      }
    }
    return [...rows.values()].sort(byLatest);
  }, [known, query, settled, people.data]);
  const isNear = people.data?.pages[0]?.isNear === true && settled === query;
  const messages = settled === query ? (texts.data?.pages.flatMap((page) => page.items) ?? []) : [];
  const notes = settled === query ? (noted.data?.pages.flatMap((page) => page.items) ?? []) : [];
  const mendedTo = messages.length > 0 ? (texts.data?.pages[0]?.mendedTo ?? null) : null;
  const isWaiting = settled !== query || people.isLoading || texts.isLoading || noted.isLoading;
  const failure = people.error ?? texts.error ?? noted.error;
  const hasMorePeople = people.hasNextPage && settled === query;

  function moveFocus(event: KeyboardEvent) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("a, button") ?? [])];
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
      <p className="lc-hidden" role="status">
        {isWaiting
          ? ""
          : `${contacts.length} ${contacts.length === 1 ? "conversation" : "conversations"} and ${messages.length}${texts.hasNextPage ? " or more" : ""} texts found`}
      </p>
      {contacts.length > 0 && (
        <section aria-labelledby="lc-results-people">
          <h2 id="lc-results-people">{isNear ? "Similar names" : "Conversations"}</h2>
          <ul>
            {contacts.map((contact) => (
              <li key={contact.id}>
                <FoundContact
                  contact={contact}
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
                  to={`/w/${workspaceId}/c/${message.contact.id}?m=${message.messageId}`}
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
          <h2 id="lc-results-notes">Private notes</h2>
          <ul>
            {notes.map((note) => (
              <li key={note.noteId}>
                <FoundPart
                  to={`/w/${workspaceId}/c/${note.contact.id}?n=${note.noteId}`}
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
      {isWaiting && messages.length === 0 && <p className="lc-note">Searching all messages…</p>}
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
              Nothing has “<bdi>{query}</bdi>”: no name, number, e-mail, company or field of a
              contact, and none of the workspace’s messages and notes.
            </p>
          </div>
        )}
    </div>
  );
}

function FoundContact({
  contact,
  query,
  isSelected,
  now,
}: {
  contact: Contact;
  query: string;
  isSelected: boolean;
  now: Date;
}) {
  const name = nameContact(contact);
  const details = [
    contact.name ? showAddress(contact.phoneNumber) : null,
    contact.company,
    contact.email,
  ].filter((part) => part !== null);
  return (
    <Link
      className="lc-row"
      to={`/w/${contact.workspaceId}/c/${contact.id}`}
      aria-current={isSelected ? "page" : undefined}
      data-contact={contact.id}
    >
      <ContactAvatar id={contact.id} name={contact.name} />
      <span className="lc-row-name" dir="auto">
        <HighlightedWords text={name} query={query} />
      </span>
      {contact.lastMessageAt && (
        <time
          className="lc-row-time"
          dateTime={contact.lastMessageAt}
          title={formatMoment(contact.lastMessageAt)}
        >
          {formatListTime(contact.lastMessageAt, now)}
        </time>
      )}
      <span className="lc-row-preview" dir="auto">
        <HighlightedWords text={details.join(" · ")} query={query} />
      </span>
    </Link>
  );
}

function FoundPart({
  to,
  found,
  mark,
  now,
}: {
  to: string;
  found: Pick<FoundMessage, "contact" | "createdAt" | "snippet">;
  mark: ReactNode;
  now: Date;
}) {
  const { contact, createdAt, snippet } = found;
  return (
    <Link className="lc-row" to={to}>
      <ContactAvatar id={contact.id} name={contact.name} />
      <span className="lc-row-name" dir="auto">
        {nameContact(contact)}
      </span>
      <time className="lc-row-time" dateTime={createdAt} title={formatMoment(createdAt)}>
        {formatListTime(createdAt, now)}
      </time>
      <span className="lc-row-preview lc-row-snippet" dir="auto">
        {mark}
        <Highlighted text={snippet.text} ranges={snippet.ranges} />
      </span>
    </Link>
  );
}
