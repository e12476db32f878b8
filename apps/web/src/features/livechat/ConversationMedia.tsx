import { type Contact, conversationMediaPage } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { apiRequest } from "../../api/client.ts";
import { nameContact } from "../../components/name-contact.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { formatTime } from "./format-time.ts";
import { isPicture } from "./is-picture.ts";
import { MediaThumbnail } from "./MessageMedia.tsx";

/** Every picture of the conversation, the latest first, page by page. */
export function ConversationMedia({ contact }: { contact: Contact }) {
  // A picture that arrives, or is stored, in the open thread asks for the list anew.
  const storedCount = useInboxPart(
    (snapshot) =>
      snapshot.inbox?.threads
        .get(contact.id)
        ?.reduce(
          (count, { media }) => count + media.filter(({ state }) => state === "stored").length,
          0,
        ) ?? 0,
  );
  const pages = useInfiniteQuery({
    queryKey: ["media", contact.workspaceId, contact.id, storedCount],
    queryFn: ({ pageParam, signal }) =>
      apiRequest({
        path: `/api/workspaces/${contact.workspaceId}/contacts/${contact.id}/media`,
        query: { cursor: pageParam },
        response: conversationMediaPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const pictures = items.filter(({ media }) => isPicture(media));
  if (pictures.length === 0) return null;
  const name = nameContact(contact);
  return (
    <>
      <h3>Photos</h3>
      <div className="lc-grid">
        {pictures.map(({ media, direction, createdAt }) => (
          <MediaThumbnail
            key={media.id}
            media={media}
            caption={`${direction === "inbound" ? `from ${name}` : "sent"}, ${formatTime(createdAt)}`}
          />
        ))}
      </div>
      {pages.hasNextPage && (
        <button
          type="button"
          className="lc-button"
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show older photos
        </button>
      )}
    </>
  );
}
