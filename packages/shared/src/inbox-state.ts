import type { LogEvent } from "./events.ts";
import { canReplaceMessage } from "./message-status.ts";
import type { Contact, ContactField, Member, Message, SendingState } from "./resources.ts";

/** What a browser knows of one workspace, and the place in the log up to which that is true. */
export interface InboxState {
  epoch: string;
  lastSeq: number;
  contacts: ReadonlyMap<string, Contact>;
  /** Only of the conversations that were loaded; each in the order of {@link compareMessages}. */
  threads: ReadonlyMap<string, readonly Message[]>;
  members: ReadonlyMap<string, Member>;
  /** The workspace's own fields of a contact, archived ones included. */
  contactFields: ReadonlyMap<string, ContactField>;
  /** How many posts of Twilio wait for an admin; absent until something has told. */
  quarantineCount?: number;
  sending: SendingState;
}

/** The order of a thread: by time, then by id so that equal times have one order everywhere. */
export function compareMessages(a: Message, b: Message): number {
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
  return { outcome: "applied", state: { ...applyPayload(state, event), lastSeq: event.seq } };
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
    case "contact_field_updated":
      return {
        ...state,
        contactFields: new Map(state.contactFields).set(
          event.payload.field.id,
          event.payload.field,
        ),
      };
    case "quarantine_changed":
      return { ...state, quarantineCount: event.payload.openCount };
    case "member_added":
      return {
        ...state,
        members: new Map(state.members).set(event.payload.member.userId, event.payload.member),
      };
    case "member_removed": {
      const members = new Map(state.members);
      members.delete(event.payload.userId);
      return { ...state, members };
    }
    case "sending_updated":
      return { ...state, sending: event.payload.sending };
    default:
      return event satisfies never;
  }
}

function withContact(state: InboxState, contact: Contact): InboxState {
  return { ...state, contacts: new Map(state.contacts).set(contact.id, contact) };
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
  const others = known ? thread.filter((candidate) => candidate.id !== message.id) : thread;
  const at = others.findLastIndex((candidate) => compareMessages(candidate, message) < 0) + 1;
  return [...others.slice(0, at), message, ...others.slice(at)];
}
