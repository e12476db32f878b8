import type { Message } from "@livechat/shared";
import { describe, expect, it } from "vitest";
import {
  findFirstUnread,
  layoutThread,
  listEntries,
} from "../src/features/livechat/thread-layout.ts";
import type { OutboxItem } from "../src/realtime/outbox.ts";

function makeMessage(id: string, createdAt: Date, values: Partial<Message> = {}): Message {
  return {
    id,
    workspaceId: "w",
    contactId: "c",
    direction: "inbound",
    content: id,
    messageType: "text",
    media: [],
    status: values.direction === "outbound" ? "sent" : "received",
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
    createdAt: createdAt.toISOString(),
    updatedAt: createdAt.toISOString(),
    ...values,
  };
}

const at = (day: number, hour: number, minute: number) => new Date(2026, 5, day, hour, minute);
const layout = (messages: Message[]) =>
  layoutThread(listEntries(messages, [], null), "alice").map((day) =>
    day.entries.map(
      ({ entry, isGroupStart, isGroupEnd }) =>
        `${isGroupStart ? "[" : ""}${entry.id}${isGroupEnd ? "]" : ""}`,
    ),
  );

describe("a thread's layout", () => {
  it("groups texts from one side within five minutes", () => {
    expect(
      layout([
        makeMessage("a", at(1, 9, 0)),
        makeMessage("b", at(1, 9, 4)),
        makeMessage("c", at(1, 9, 10)),
        makeMessage("d", at(1, 9, 11), { direction: "outbound" }),
      ]),
    ).toEqual([["[a", "b]", "[c]", "[d]"]]);
  });

  it("splits days at the reader's midnight, also inside five minutes", () => {
    expect(layout([makeMessage("a", at(1, 23, 59)), makeMessage("b", at(2, 0, 1))])).toEqual([
      ["[a]"],
      ["[b]"],
    ]);
  });

  it("ends a group at a text that failed, so that its reason stands under it", () => {
    expect(
      layout([
        makeMessage("a", at(1, 9, 0), { direction: "outbound", status: "failed" }),
        makeMessage("b", at(1, 9, 1), { direction: "outbound" }),
      ]),
    ).toEqual([["[a]", "[b]"]]);
  });

  it("keeps two agents' texts apart", () => {
    expect(
      layout([
        makeMessage("a", at(1, 9, 0), { direction: "outbound", createdBy: "alice" }),
        makeMessage("b", at(1, 9, 1), { direction: "outbound", createdBy: "bob" }),
      ]),
    ).toEqual([["[a]", "[b]"]]);
  });

  it("shows a text on its way last, and once when it is already in the thread", () => {
    const item = (id: string): OutboxItem => ({
      id,
      contactId: "c",
      text: id,
      media: [],
      createdAt: at(1, 9, 0).toISOString(),
      state: "sending",
      reason: null,
    });
    const entries = listEntries([makeMessage("a", at(1, 9, 5))], [item("a"), item("b")], null);
    expect(entries.map(({ id, kind }) => `${kind} ${id}`)).toEqual(["message a", "outbox b"]);
  });

  it("holds back a message from before the loaded pages", () => {
    const oldest = makeMessage("b", at(1, 9, 0));
    const early = makeMessage("a", at(1, 8, 0));
    expect(listEntries([early, oldest], [], oldest).map(({ id }) => id)).toEqual(["b"]);
    expect(listEntries([early, oldest], [], null).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("finds the first unread text among the inbound ones", () => {
    const thread = [
      makeMessage("a", at(1, 9, 0)),
      makeMessage("b", at(1, 9, 1)),
      makeMessage("c", at(1, 9, 2), { direction: "outbound" }),
      makeMessage("d", at(1, 9, 3)),
    ];
    expect(findFirstUnread(thread, 0)).toBeNull();
    expect(findFirstUnread(thread, 2)).toBe("b");
    expect(findFirstUnread(thread, 99)).toBe("a");
    expect(findFirstUnread(thread, 99, true)).toBeNull();
    expect(findFirstUnread(thread, 3, true)).toBe("a");
    expect(findFirstUnread([], 3)).toBeNull();
  });
});
