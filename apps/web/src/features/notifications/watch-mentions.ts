import { countKey, type LogEvent, type Note } from "@livechat/shared";
import type { InboxStore } from "../../realtime/inbox-store.ts";
import { isNews } from "./news.ts";

/** A note that calls the reader, and who wrote it. */
export interface Mention {
  note: Note;
  author: string;
  /** Where it is read. */
  path: string;
}

/** Calls back for every note that begins to call this person, by whom, and where it is. Returns how to stop. */
export function watchMentions(
  store: InboxStore,
  userId: string,
  onMention: (mention: Mention) => void,
): () => void {
  return store.onEvent((event) => {
    const note = findMention(event, userId);
    if (!note || !isNews(note.editedAt ?? note.createdAt)) return;
    const author = note.authorId && store.getSnapshot().inbox?.members.get(note.authorId);
    onMention({
      note,
      author: author ? author.displayName : "A teammate",
      path: `/w/${store.workspaceId}/c/${note.contactId}?n=${note.id}`,
    });
  });
}

function findMention(event: LogEvent, userId: string): Note | null {
  if (event.type !== "note_added" && event.type !== "note_updated") return null;
  const { note, counts } = event.payload;
  if (!note.mentionedIds.includes(userId) || note.authorId === userId) return null;
  // A note that called this person before it was changed leaves their count as it was.
  const isFirst = event.type === "note_added" || counts?.[countKey("mentions", userId)];
  return isFirst ? note : null;
}
