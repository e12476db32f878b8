import {
  type addNoteRequest,
  type CannedReplyList,
  type ChangeConversationsRequest,
  type ChangedConversations,
  type Contact,
  type ContactFieldList,
  type ContactFilter,
  type ContactList,
  cannedReplyList,
  changedConversations,
  contact,
  contactFieldList,
  contactList,
  type EditScheduledRequest,
  type EventPage,
  eventPage,
  type LineHealthSnapshot,
  lineHealthSnapshot,
  type MediaLinks,
  type MemberList,
  type MentionList,
  type MessageAttemptList,
  type MessageList,
  mediaLinks,
  memberList,
  mentionList,
  messageAttemptList,
  messageList,
  type Note,
  note,
  type ScheduledList,
  type SenderList,
  type SendingSnapshot,
  type SendSmsRequest,
  type SendSmsResponse,
  scheduledList,
  senderList,
  sendingSnapshot,
  sendSmsResponse,
  type TagList,
  tagList,
  type UpdateContactRequest,
  type updateNoteRequest,
} from "@livechat/shared";
import type * as z from "zod";
import { apiRequest } from "../api/client.ts";

/** The requests that an inbox makes of the server. */
export interface InboxApi {
  listContacts(
    query: Partial<ContactFilter> & { q?: string; cursor?: string; signal?: AbortSignal },
  ): Promise<ContactList>;
  getContact(contactId: string): Promise<Contact>;
  createContact(body: {
    phoneNumber: string;
    name: string | null;
    preferredSender?: string | null;
  }): Promise<Contact>;
  /** Changes who the contact is; the conversation's state is changed with `changeConversations`. */
  updateContact(
    contactId: string,
    body: Omit<UpdateContactRequest, "conversationStatus">,
  ): Promise<Contact>;
  listContactFields(): Promise<ContactFieldList>;
  listMembers(): Promise<MemberList>;
  listTags(): Promise<TagList>;
  changeConversations(body: ChangeConversationsRequest): Promise<ChangedConversations>;
  deleteContact(contactId: string): Promise<void>;
  restoreContact(contactId: string): Promise<Contact>;
  addNote(contactId: string, body: z.input<typeof addNoteRequest>): Promise<Note>;
  updateNote(noteId: string, body: z.input<typeof updateNoteRequest>): Promise<Note>;
  removeNote(noteId: string): Promise<void>;
  listMentions(cursor?: string): Promise<MentionList>;
  readMentions(contactId: string): Promise<void>;
  /** The newest page, or the one that `place` names. */
  listMessages(
    contactId: string,
    place: { cursor?: string; after?: string; around?: string },
  ): Promise<MessageList>;
  listCannedReplies(): Promise<CannedReplyList>;
  listEvents(after: number, epoch: string): Promise<EventPage>;
  markRead(contactId: string, upToMessageId: string): Promise<void>;
  sendSms(body: SendSmsRequest): Promise<SendSmsResponse>;
  settleMessage(messageId: string, verdict: "send_again" | "arrived"): Promise<void>;
  /** Sends a failed text again, as a new round of the same text. */
  retryMessage(messageId: string): Promise<void>;
  /** Removes a text that surely never left. */
  deleteMessage(messageId: string): Promise<void>;
  listAttempts(messageId: string): Promise<MessageAttemptList>;
  editScheduled(messageId: string, changes: EditScheduledRequest): Promise<void>;
  cancelScheduled(messageId: string): Promise<void>;
  /** Schedules a text again that was called off. */
  restoreScheduled(messageId: string): Promise<void>;
  sendScheduledNow(messageId: string): Promise<void>;
  /** What waits for its time in the whole workspace, the next first. */
  listScheduled(cursor?: string): Promise<ScheduledList>;
  getSending(): Promise<SendingSnapshot>;
  /** Lets a waiting text try at once whether the account works again. */
  resumeSending(): Promise<void>;
  listSenders(): Promise<SenderList>;
  getLine(): Promise<LineHealthSnapshot>;
  linkMedia(mediaIds: string[]): Promise<MediaLinks>;
  /** Asks for a received file again that could not be fetched; events tell what came of it. */
  retryMedia(mediaId: string): Promise<void>;
}

/** The API of one workspace. Every call throws `ApiError` when the server refuses. */
export function createInboxApi(workspaceId: string): InboxApi {
  const base = `/api/workspaces/${workspaceId}`;
  return {
    listContacts: ({ signal, ...query }) =>
      apiRequest({ path: `${base}/contacts`, query, response: contactList, signal }),
    getContact: (contactId) =>
      apiRequest({ path: `${base}/contacts/${contactId}`, response: contact }),
    createContact: (body) =>
      apiRequest({ method: "POST", path: `${base}/contacts`, body, response: contact }),
    updateContact: (contactId, body) =>
      apiRequest({
        method: "PATCH",
        path: `${base}/contacts/${contactId}`,
        body,
        response: contact,
      }),
    listContactFields: () =>
      apiRequest({ path: `${base}/contact-fields`, response: contactFieldList }),
    listTags: () => apiRequest({ path: `${base}/tags`, response: tagList }),
    changeConversations: (body) =>
      apiRequest({
        method: "POST",
        path: `${base}/conversations/changes`,
        body,
        response: changedConversations,
      }),
    deleteContact: async (contactId) => {
      await apiRequest({ method: "DELETE", path: `${base}/contacts/${contactId}` });
    },
    restoreContact: (contactId) =>
      apiRequest({
        method: "POST",
        path: `${base}/contacts/${contactId}/restore`,
        response: contact,
      }),
    addNote: (contactId, body) =>
      apiRequest({
        method: "POST",
        path: `${base}/contacts/${contactId}/notes`,
        body,
        response: note,
      }),
    updateNote: (noteId, body) =>
      apiRequest({ method: "PATCH", path: `${base}/notes/${noteId}`, body, response: note }),
    removeNote: async (noteId) => {
      await apiRequest({ method: "DELETE", path: `${base}/notes/${noteId}` });
    },
    listMentions: (cursor) =>
      apiRequest({ path: `${base}/mentions`, query: { cursor }, response: mentionList }),
    readMentions: async (contactId) => {
      await apiRequest({ method: "POST", path: `${base}/contacts/${contactId}/mentions/read` });
    },
    listMembers: () => apiRequest({ path: `${base}/members`, response: memberList }),
    listMessages: (contactId, place) =>
      apiRequest({
        path: `${base}/contacts/${contactId}/messages`,
        query: place,
        response: messageList,
      }),
    listCannedReplies: () =>
      apiRequest({ path: `${base}/canned-replies`, response: cannedReplyList }),
    listEvents: (after, epoch) =>
      apiRequest({ path: `${base}/events`, query: { after, epoch }, response: eventPage }),
    markRead: async (contactId, upToMessageId) => {
      await apiRequest({
        method: "POST",
        path: `${base}/contacts/${contactId}/read`,
        body: { upToMessageId },
      });
    },
    sendSms: (body) =>
      apiRequest({ method: "POST", path: "/api/sms/send-sms", body, response: sendSmsResponse }),
    settleMessage: async (messageId, verdict) => {
      await apiRequest({
        method: "POST",
        path: `${base}/messages/${messageId}/settle`,
        body: { verdict },
      });
    },
    retryMessage: async (messageId) => {
      await apiRequest({ method: "POST", path: `${base}/messages/${messageId}/retry` });
    },
    deleteMessage: async (messageId) => {
      await apiRequest({ method: "DELETE", path: `${base}/messages/${messageId}` });
    },
    listAttempts: (messageId) =>
      apiRequest({
        path: `${base}/messages/${messageId}/attempts`,
        response: messageAttemptList,
      }),
    editScheduled: async (messageId, body) => {
      await apiRequest({ method: "PATCH", path: `${base}/messages/${messageId}/schedule`, body });
    },
    cancelScheduled: async (messageId) => {
      await apiRequest({ method: "POST", path: `${base}/messages/${messageId}/cancel` });
    },
    restoreScheduled: async (messageId) => {
      await apiRequest({ method: "POST", path: `${base}/messages/${messageId}/restore` });
    },
    sendScheduledNow: async (messageId) => {
      await apiRequest({ method: "POST", path: `${base}/messages/${messageId}/send-now` });
    },
    listScheduled: (cursor) =>
      apiRequest({ path: `${base}/scheduled`, query: { cursor }, response: scheduledList }),
    getSending: () => apiRequest({ path: `${base}/sending`, response: sendingSnapshot }),
    resumeSending: async () => {
      await apiRequest({ method: "POST", path: `${base}/sending/resume` });
    },
    getLine: () => apiRequest({ path: `${base}/line`, response: lineHealthSnapshot }),
    listSenders: () => apiRequest({ path: `${base}/senders`, response: senderList }),
    retryMedia: async (mediaId) => {
      await apiRequest({ method: "POST", path: `${base}/media/${mediaId}/retry` });
    },
    linkMedia: (mediaIds) =>
      apiRequest({
        method: "POST",
        path: `${base}/media/links`,
        body: { mediaIds },
        response: mediaLinks,
      }),
  };
}
