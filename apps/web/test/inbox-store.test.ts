import type { Contact, LogEvent, Message } from "@livechat/shared";
import { buildContact, buildMessage, idleSending } from "@livechat/shared/testing";
import { describe, expect, it } from "vitest";
import { defaultFilter, listKey, listLoadedContacts } from "../src/realtime/contact-filter.ts";
import type { InboxApi } from "../src/realtime/inbox-api.ts";
import { createInboxStore } from "../src/realtime/inbox-store.ts";

const epoch = "11111111-1111-4111-8111-111111111111";
const time = (minute: number) => new Date(Date.UTC(2026, 5, 1, 12, minute)).toISOString();

function makeContact(id: string, minute: number, values: Partial<Contact> = {}): Contact {
  return buildContact({
    id,
    workspaceId: "w",
    name: id,
    lastMessage: "hi",
    lastMessageAt: time(minute),
    lastMessageDirection: "inbound",
    createdAt: time(0),
    updatedAt: time(minute),
    ...values,
  });
}

function makeMessage(id: string, minute: number, values: Partial<Message> = {}): Message {
  return buildMessage({
    id,
    workspaceId: "w",
    contactId: "ann",
    content: id,
    createdAt: time(minute),
    updatedAt: time(minute),
    ...values,
  });
}

/** A store whose server answers with what the test sets. */
function start(answers: Partial<InboxApi>) {
  let syncs = 0;
  const unexpected = () => Promise.reject(new Error("unexpected request"));
  const api: InboxApi = {
    listContacts: async () => ({
      epoch,
      asOfSeq: 5,
      items: [makeContact("ann", 5)],
      counts: {},
      nextCursor: null,
    }),
    getContact: unexpected,
    createContact: unexpected,
    updateContact: unexpected,
    listMembers: async () => ({ epoch, asOfSeq: 5, items: [] }),
    listTags: async () => ({ epoch, asOfSeq: 5, items: [] }),
    listContactFields: async () => ({ epoch, asOfSeq: 5, items: [] }),
    listMessages: unexpected,
    changeConversations: unexpected,
    deleteContact: unexpected,
    restoreContact: unexpected,
    addNote: unexpected,
    updateNote: unexpected,
    removeNote: unexpected,
    listMentions: unexpected,
    readMentions: unexpected,
    listCannedReplies: async () => ({ epoch, asOfSeq: 5, items: [] }),
    listEvents: unexpected,
    markRead: unexpected,
    sendSms: unexpected,
    settleMessage: unexpected,
    retryMessage: unexpected,
    deleteMessage: unexpected,
    listAttempts: unexpected,
    editScheduled: unexpected,
    cancelScheduled: unexpected,
    restoreScheduled: unexpected,
    sendScheduledNow: unexpected,
    listScheduled: unexpected,
    getSending: async () => ({
      epoch,
      asOfSeq: 5,
      sending: idleSending,
    }),
    getLine: async () => ({ epoch, asOfSeq: 5, line: null }),
    resumeSending: unexpected,
    listSenders: unexpected,
    linkMedia: unexpected,
    retryMedia: unexpected,
    ...answers,
  };
  const options = {
    workspaceId: "w",
    api,
    explain: String,
    isRefusal: (error: unknown) => error === "refused",
    readCode: () => null,
    keeper: null,
  };
  const store = createInboxStore(options);
  store.setSyncRequester(() => {
    syncs += 1;
  });
  return { store, countSyncs: () => syncs };
}

const newMessage = (seq: number, message: Message, contact: Contact): LogEvent => ({
  seq,
  type: "new_message",
  payload: { message, contact },
});

describe("the browser's inbox", () => {
  it("reads the log again for a thread that was read before events it had dropped", async () => {
    const { store, countSyncs } = start({
      listMessages: async () => ({
        epoch,
        asOfSeq: 5,
        items: [makeMessage("m1", 5)],
        notes: [],
        activities: [],
        olderCursor: null,
        newerCursor: null,
      }),
    });
    await store.load();
    const missed = newMessage(6, makeMessage("m2", 6), makeContact("ann", 6));
    store.applyEvents([missed]);
    await store.openThread("ann");
    expect(store.getSnapshot().inbox?.lastSeq).toBe(5);
    expect(countSyncs()).toBe(1);
    store.applyEvents([missed]);
    expect(
      store
        .getSnapshot()
        .inbox?.threads.get("ann")
        ?.map(({ id }) => id),
    ).toEqual(["m1", "m2"]);
  });

  it("never lets an older page replace a newer contact", async () => {
    const { store } = start({
      listContacts: async ({ q }) => ({
        epoch,
        asOfSeq: 5,
        items: [makeContact("ann", 5, { name: q ? "Old" : "Ann" })],
        counts: {},
        nextCursor: null,
      }),
    });
    await store.load();
    const renamed = makeContact("ann", 9, { name: "New" });
    store.applyEvents([{ seq: 6, type: "contact_updated", payload: { contact: renamed } }]);
    await store.loadContactPage(null, new AbortController().signal);
    expect(store.getSnapshot().inbox?.contacts.get("ann")?.name).toBe("New");
  });

  it("lists contacts behind the loaded pages only once their page is there", async () => {
    const { store } = start({
      listContacts: async ({ cursor }) => ({
        epoch,
        asOfSeq: 5,
        items: cursor ? [makeContact("cid", 3)] : [makeContact("ann", 9), makeContact("bea", 5)],
        counts: {},
        nextCursor: cursor ? null : "more",
      }),
    });
    await store.load();
    const late = makeContact("dan", 1);
    store.applyEvents([{ seq: 6, type: "contact_updated", payload: { contact: late } }]);
    const list = () => {
      const { inbox, lists } = store.getSnapshot();
      const end = lists.get(listKey(defaultFilter))?.end ?? null;
      const list = { filter: defaultFilter, end, userId: "bob" };
      return inbox ? listLoadedContacts(inbox, list, null).map(({ id }) => id) : [];
    };
    expect(list()).toEqual(["ann", "bea"]);
    await store.loadMoreContacts(defaultFilter);
    expect(list()).toEqual(["ann", "bea", "cid", "dan"]);
  });
});
