import type { MentionList as MentionPage } from "@livechat/shared";
import { countKey } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { LuAtSign } from "react-icons/lu";
import { Link } from "react-router";
import { Avatar } from "../../components/Avatar.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { formatListTime, formatMoment } from "./format-time.ts";
import { useNow } from "./use-now.ts";

/** The notes that call the reader, the latest first; those not seen yet stand out. */
export function MentionList({ selectedId, search }: { selectedId: string | null; search: string }) {
  const { store } = useInbox();
  const me = useMe();
  const now = useNow();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  // The log's place: whatever happens to a note or a mention moves it.
  const unseen = useInboxPart(
    (snapshot) => snapshot.inbox?.counts[countKey("mentions", me.userId)] ?? 0,
  );
  const query = useInfiniteQuery({
    queryKey: ["mentions", store.workspaceId, unseen],
    initialPageParam: "",
    queryFn: ({ pageParam }) => store.api.listMentions(pageParam || undefined),
    getNextPageParam: (page: MentionPage) => page.nextCursor,
    placeholderData: (before) => before,
  });
  const pages = query.data?.pages;
  const contacts = useMemo(
    () => new Map(pages?.flatMap((page) => page.contacts.map((row) => [row.id, row]))),
    [pages],
  );
  const items = pages?.flatMap((page) => page.items) ?? [];
  if (query.isError) {
    return (
      <div className="lc-empty" role="alert">
        <p>{explainFailure(query.error)}</p>
        <button type="button" className="lc-button" onClick={() => void query.refetch()}>
          Try again
        </button>
      </div>
    );
  }
  if (query.isPending) return <div className="lc-empty" aria-busy="true" />;
  if (items.length === 0) {
    return (
      <div className="lc-empty">
        <h2>No mentions</h2>
        <p>Notes that mention you with @ appear here.</p>
      </div>
    );
  }
  return (
    <>
      <ul aria-label="Mentions">
        {items.map(({ note, isRead }) => {
          const contact = contacts.get(note.contactId);
          const author = note.authorId ? members?.get(note.authorId) : undefined;
          return (
            <li key={note.id}>
              <Link
                className="lc-row"
                to={`/w/${store.workspaceId}/c/${note.contactId}${search}${search ? "&" : "?"}n=${note.id}`}
                data-unread={!isRead || undefined}
                aria-current={note.contactId === selectedId ? "page" : undefined}
              >
                <Avatar id={note.authorId ?? note.id} name={author?.displayName ?? null} />
                <span className="lc-row-name" dir="auto">
                  {author?.displayName ?? "A former member"}
                  <span className="lc-muted">
                    {" "}
                    · <bdi>{contact ? nameContact(contact) : ""}</bdi>
                  </span>
                </span>
                <time
                  className="lc-row-time"
                  dateTime={note.createdAt}
                  title={formatMoment(note.createdAt)}
                >
                  {formatListTime(note.createdAt, now)}
                </time>
                <span className="lc-row-preview" dir="auto">
                  {note.body}
                </span>
                <span className="lc-row-marks">
                  {!isRead && (
                    <span className="lc-badge">
                      <LuAtSign aria-hidden="true" />
                      <span className="lc-hidden">unread</span>
                    </span>
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {query.hasNextPage && (
        <p className="lc-note">
          <button
            type="button"
            className="lc-button"
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </button>
        </p>
      )}
    </>
  );
}
