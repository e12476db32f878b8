import type { Activity, Contact, Message, Note } from "@livechat/shared";
import { useCallback, useMemo, useState } from "react";
import { nameContact } from "../../components/name-contact.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import {
  findFirstUnread,
  layoutThread,
  listEntries,
  type ThreadEntry,
  type ThreadRow,
} from "./thread-layout.ts";

const noMessages: readonly Message[] = [];
const noNotes: readonly Note[] = [];
const noActivities: readonly Activity[] = [];
const noItems: readonly never[] = [];

/**
 * What a conversation shows now, as lines, and who wrote what. The mark of
 * unread texts stands where it stood when the conversation was opened.
 */
export function useThread(contact: Contact) {
  const me = useMe();
  const contactId = contact.id;
  const messages = useInboxPart((snapshot) => snapshot.inbox?.threads.get(contactId)) ?? noMessages;
  const notes = useInboxPart((snapshot) => snapshot.inbox?.notes.get(contactId)) ?? noNotes;
  const activities =
    useInboxPart((snapshot) => snapshot.inbox?.activities.get(contactId)) ?? noActivities;
  const load = useInboxPart((snapshot) => snapshot.threadLoads.get(contactId));
  const allOutbox = useInboxPart((snapshot) => snapshot.outbox);
  const { otherNumbers } = contact;
  // What was written before a merge waits under the id that it was written to.
  const outbox = useMemo(() => {
    const own = allOutbox.get(contactId) ?? noItems;
    const moved = otherNumbers.flatMap((number) => allOutbox.get(number.contactId) ?? noItems);
    return moved.length === 0
      ? own
      : [...own, ...moved].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  }, [allOutbox, contactId, otherNumbers]);
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const isLoaded = useInboxPart((snapshot) => snapshot.inbox?.threads.has(contactId) ?? false);
  const [opened, setOpened] = useState<{ unreadCount: number; lastId: string | null } | null>(null);
  const contactName = nameContact(contact);
  const hasEarlier = Boolean(load?.olderCursor);
  const oldest = hasEarlier ? (load?.oldest ?? null) : null;
  const newest = load?.newest ?? null;

  // Set while rendering, so that the first paint of the thread already has its divider.
  if (isLoaded && opened === null) {
    setOpened({ unreadCount: contact.unreadCount, lastId: messages.at(-1)?.id ?? null });
  }
  const firstUnreadId = useMemo(() => {
    if (!opened) return null;
    // What came after the opening was never below the divider's count.
    const lastAt = messages.findIndex((row) => row.id === opened.lastId);
    return findFirstUnread(messages.slice(0, lastAt + 1), opened.unreadCount, hasEarlier);
  }, [messages, opened, hasEarlier]);

  const entries = useMemo(
    () => listEntries({ messages, notes, activities, outbox, oldest, newest }),
    [messages, notes, activities, outbox, oldest, newest],
  );
  const hasSeveralNumbers = otherNumbers.length > 0;
  const rows = useMemo<ThreadRow[]>(
    () =>
      layoutThread(entries, {
        ownId: me.userId,
        firstUnreadId,
        isComplete: isLoaded && entries.length > 0 && !hasEarlier,
        hasSeveralNumbers,
      }),
    [entries, me.userId, firstUnreadId, isLoaded, hasEarlier, hasSeveralNumbers],
  );

  const nameAuthor = useCallback(
    (entry: ThreadEntry): string => {
      const nameMember = (userId: string | null) =>
        userId === me.userId
          ? "You"
          : ((userId && members?.get(userId)?.displayName) ?? "A teammate");
      switch (entry.kind) {
        case "message":
          if (entry.message.direction === "inbound") return contactName;
          return entry.message.isRecovered
            ? "Found at Twilio"
            : nameMember(entry.message.createdBy);
        case "outbox":
          return "You";
        case "note":
          return nameMember(entry.note.authorId);
        case "activity":
          return "";
        default:
          return entry satisfies never;
      }
    },
    [me.userId, members, contactName],
  );

  return {
    rows,
    entries,
    messages,
    load,
    isLoaded,
    /** Whether the shown pages reach the present. */
    isLatest: !load?.newerCursor,
    hadUnread: (opened?.unreadCount ?? 0) > 0,
    firstUnreadId,
    contactName,
    nameAuthor,
  };
}
