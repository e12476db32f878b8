import type { CannedReply } from "./canned-replies.ts";
import type { ViewCounts } from "./contact-views.ts";
import type { Activity, Note, Tag } from "./conversation.ts";
import type { LogEvent } from "./events.ts";
import { canReplaceMessage } from "./message-status.ts";
import type { LineHealth } from "./phone-line.ts";
import type { Contact, ContactField, Member, Message, SendingState } from "./resources.ts";

/** What a browser knows of one workspace, and the place in the log up to which that is true. */
export interface InboxState {
  epoch: string;
  lastSeq: number;
  contacts: ReadonlyMap<string, Contact>;
  /** Only of the conversations that were loaded; each in the order of {@link compareMessages}. */
  threads: ReadonlyMap<string, readonly Message[]>;
  /** Of the same conversations, in the same order: what agents noted, and what was done. */
  notes: ReadonlyMap<string, readonly Note[]>;
  activities: ReadonlyMap<string, readonly Activity[]>;
  /** How many conversations each view holds, whether they were loaded or not. */
  counts: ViewCounts;
  tags: ReadonlyMap<string, Tag>;
  members: ReadonlyMap<string, Member>;
  /** The workspace's own fields of a contact, archived ones included. */
  contactFields: ReadonlyMap<string, ContactField>;
  /** How many posts of Twilio wait for an admin; absent until an event has told. */
  quarantine?: { openCount: number };
  sending: SendingState;
  cannedReplies: ReadonlyMap<string, CannedReply>;
  /** When saved views were last said to have changed; absent until an event has told. */
  savedViewsSeq?: number;
  /** How the phone line stands; absent until it was loaded, null while nothing is connected. */
  line?: LineHealth | null;
}

/** Whatever has a place in a thread. */
export type ThreadItem = Pick<Message, "id" | "createdAt">;

/** The order of a thread: by time, then by id so that equal times have one order everywhere. */
export function compareMessages(a: ThreadItem, b: ThreadItem): number {
  const aTimeMs = Date.parse(a.createdAt);
  const bTimeMs = Date.parse(b.createdAt);
  if (aTimeMs !== bTimeMs) return aTimeMs - bTimeMs;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** What {@link applyEvent} did: `gap` asks the caller to fetch the log after `state.lastSeq`. */
export type ApplyResult =
  | { outcome: "applied" | "already_applied"; state: InboxState }
  | { outcome: "gap"; state: InboxState };

/**
 * The next state of a browser after one event of the log. Pure. Applies exactly
 * the event that follows, drops older ones, and refuses to skip: old state plus
 * the events since equals a fresh load.
 */
export function applyEvent(state: InboxState, event: LogEvent): ApplyResult {
  if (event.seq <= state.lastSeq) return { outcome: "already_applied", state };
  if (event.seq > state.lastSeq + 1) return { outcome: "gap", state };
  return {
    outcome: "applied",
    state: { ...applyAlongside(applyPayload(state, event), event), lastSeq: event.seq },
  };
}

/** The counts and lines that an event brings beside its own fact. */
function applyAlongside(state: InboxState, { payload }: LogEvent): InboxState {
  let next = state;
  if ("counts" in payload && payload.counts) {
    next = { ...next, counts: { ...next.counts, ...payload.counts } };
  }
  for (const activity of ("activities" in payload && payload.activities) || []) {
    const known = next.activities.get(activity.contactId);
    if (!known) continue;
    next = {
      ...next,
      activities: new Map(next.activities).set(activity.contactId, putInOrder(known, activity)),
    };
  }
  return next;
}

function applyPayload(state: InboxState, event: LogEvent): InboxState {
  switch (event.type) {
    case "new_message":
      return withMessage(withContact(state, event.payload.contact), event.payload.message);
    case "message_updated":
      return withMessage(state, event.payload.message);
    case "message_deleted":
      return withoutMessage(withContact(state, event.payload.contact), event.payload);
    case "contact_updated":
      return withContact(state, event.payload.contact);
    case "contact_removed":
      return withoutContact(state, event.payload.contactId);
    case "contacts_merged":
      return withContact(
        withoutThread(withoutContact(state, event.payload.absorbedId), event.payload.contact.id),
        event.payload.contact,
      );
    case "contact_unmerged":
      return withContact(
        withoutThread(withoutThread(state, event.payload.restoredId), event.payload.contact.id),
        event.payload.contact,
      );
    case "note_added":
    case "note_updated":
      return withNote(state, event.payload.note);
    case "note_removed": {
      const { contactId, noteId } = event.payload;
      const known = state.notes.get(contactId);
      if (!known) return state;
      const left = known.filter((note) => note.id !== noteId);
      return { ...state, notes: new Map(state.notes).set(contactId, left) };
    }
    case "mentions_read":
      return state;
    case "tag_saved":
      return {
        ...state,
        tags: new Map(state.tags).set(event.payload.tag.id, event.payload.tag),
      };
    case "tag_removed":
      return withoutTag(state, event.payload.tagId);
    case "contact_field_updated":
      return {
        ...state,
        contactFields: new Map(state.contactFields).set(
          event.payload.field.id,
          event.payload.field,
        ),
      };
    case "quarantine_changed":
      return { ...state, quarantine: event.payload };
    case "member_added":
      return {
        ...state,
        members: new Map(state.members).set(event.payload.member.userId, event.payload.member),
      };
    case "member_removed": {
      const members = new Map(state.members);
      members.delete(event.payload.userId);
      return { ...withoutMember(state, event.payload.userId), members };
    }
    case "sending_updated":
      return { ...state, sending: event.payload.sending };
    case "canned_reply_saved": {
      const { cannedReply } = event.payload;
      return {
        ...state,
        cannedReplies: new Map(state.cannedReplies).set(cannedReply.id, cannedReply),
      };
    }
    case "canned_reply_removed": {
      const cannedReplies = new Map(state.cannedReplies);
      cannedReplies.delete(event.payload.cannedReplyId);
      return { ...state, cannedReplies };
    }
    case "saved_views_changed":
      return { ...state, savedViewsSeq: event.seq };
    case "line_updated":
      return { ...state, line: event.payload.line };
    default:
      return event satisfies never;
  }
}

function withContact(state: InboxState, contact: Contact): InboxState {
  return { ...state, contacts: new Map(state.contacts).set(contact.id, contact) };
}

function withoutContact(state: InboxState, contactId: string): InboxState {
  const contacts = new Map(state.contacts);
  contacts.delete(contactId);
  return { ...withoutThread(state, contactId), contacts };
}

/** Makes a conversation one that is not loaded: whoever shows it loads it again. */
export function withoutThread(state: InboxState, contactId: string): InboxState {
  const [threads, notes, activities] = [
    new Map(state.threads),
    new Map(state.notes),
    new Map(state.activities),
  ];
  for (const each of [threads, notes, activities]) each.delete(contactId);
  return { ...state, threads, notes, activities };
}

function withNote(state: InboxState, note: Note): InboxState {
  const known = state.notes.get(note.contactId);
  if (!known) return state;
  return { ...state, notes: new Map(state.notes).set(note.contactId, putInOrder(known, note)) };
}

function withoutTag(state: InboxState, tagId: string): InboxState {
  const tags = new Map(state.tags);
  tags.delete(tagId);
  const contacts = new Map(state.contacts);
  for (const contact of state.contacts.values()) {
    if (!contact.tagIds.includes(tagId)) continue;
    const tagIds = contact.tagIds.filter((id) => id !== tagId);
    contacts.set(contact.id, { ...contact, tagIds });
  }
  return { ...state, tags, contacts };
}

function withoutMember(state: InboxState, userId: string): InboxState {
  const contacts = new Map(state.contacts);
  for (const contact of state.contacts.values()) {
    if (contact.assignedTo === userId) contacts.set(contact.id, { ...contact, assignedTo: null });
  }
  const notes = new Map(state.notes);
  for (const [contactId, known] of state.notes) {
    if (!known.some((note) => note.mentionedIds.includes(userId))) continue;
    notes.set(
      contactId,
      known.map((note) => ({
        ...note,
        mentionedIds: note.mentionedIds.filter((id) => id !== userId),
      })),
    );
  }
  return { ...state, contacts, notes };
}

/** Items in order with this one among them; it replaces one of the same id. */
export function putInOrder<T extends ThreadItem>(items: readonly T[], item: T): readonly T[] {
  const others = items.filter((candidate) => candidate.id !== item.id);
  const at = others.findLastIndex((candidate) => compareMessages(candidate, item) < 0) + 1;
  return [...others.slice(0, at), item, ...others.slice(at)];
}

function withMessage(state: InboxState, message: Message): InboxState {
  const thread = state.threads.get(message.contactId);
  if (!thread) return state;
  return {
    ...state,
    threads: new Map(state.threads).set(message.contactId, upsertMessage(thread, message)),
  };
}

function withoutMessage(
  state: InboxState,
  { messageId, contact }: { messageId: string; contact: Contact },
): InboxState {
  const thread = state.threads.get(contact.id);
  if (!thread) return state;
  const left = thread.filter((message) => message.id !== messageId);
  return { ...state, threads: new Map(state.threads).set(contact.id, left) };
}

/**
 * A thread with this message in its place: a known id is replaced, never by a
 * row of an earlier round or whose status ranks lower, a new one is put in order.
 */
export function upsertMessage(thread: readonly Message[], message: Message): readonly Message[] {
  const known = thread.find((candidate) => candidate.id === message.id);
  if (known && !canReplaceMessage(known, message)) return thread;
  return putInOrder(thread, message);
}
