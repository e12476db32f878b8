import type { Contact, InboxState, Message, SendingState } from "../src/index.ts";

const workspaceId = "018f0000-0000-7000-8000-000000000001";
const createdAt = "2026-01-01T00:00:00.000Z";

/** A contact for a test, which names only what it is about. */
export function buildContact(values: Partial<Contact> & Pick<Contact, "id">): Contact {
  return {
    workspaceId,
    phoneNumber: "+12025550143",
    addressType: "e164",
    otherNumbers: [],
    name: null,
    email: null,
    company: null,
    timeZone: null,
    language: null,
    about: null,
    customFields: {},
    conversationStatus: "Open",
    unreadCount: 0,
    preferredSender: null,
    ourNumber: null,
    assignedTo: null,
    snoozedUntil: null,
    blockedAt: null,
    waitingSince: null,
    tagIds: [],
    optedOutAt: null,
    lastMessage: null,
    lastMessageAt: null,
    lastMessageDirection: null,
    lastMessageBy: null,
    createdAt,
    updatedAt: createdAt,
    ...values,
  };
}

/** A text for a test, which names only what it is about; a received one unless it says otherwise. */
export function buildMessage(
  values: Partial<Message> & Pick<Message, "id" | "contactId">,
): Message {
  return {
    workspaceId,
    direction: "inbound",
    content: "hello",
    messageType: "text",
    media: [],
    status: "received",
    errorCode: null,
    errorMessage: null,
    fromNumber: null,
    toNumber: null,
    twilioSid: null,
    reactions: [],
    price: null,
    priceUnit: null,
    messagingServiceSid: null,
    scheduledFor: null,
    cancelOnReply: false,
    numSegments: null,
    round: 1,
    canRetry: false,
    canDelete: false,
    createdBy: null,
    isRecovered: false,
    createdAt,
    updatedAt: createdAt,
    ...values,
  };
}

/** Sending as it is while nothing is wrong. */
export const idleSending: SendingState = {
  pausedAt: null,
  pauseCode: null,
  pauseReason: null,
  nextTryAt: null,
  defaultSender: null,
};

/** What a browser knows of an inbox, for a test, which names only what it is about. */
export function buildInboxState(
  values: Partial<InboxState> & Pick<InboxState, "epoch" | "lastSeq">,
): InboxState {
  return {
    contacts: new Map(),
    threads: new Map(),
    notes: new Map(),
    activities: new Map(),
    counts: {},
    tags: new Map(),
    members: new Map(),
    contactFields: new Map(),
    sending: idleSending,
    cannedReplies: new Map(),
    ...values,
  };
}
