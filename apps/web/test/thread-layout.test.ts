import type { Message, Note } from "@livechat/shared";
import { buildMessage } from "@livechat/shared/testing";
import { describe, expect, it } from "vitest";
import {
  findFirstUnread,
  layoutThread,
  listEntries,
} from "../src/features/livechat/thread-layout.ts";
import type { OutboxItem } from "../src/realtime/outbox.ts";

function makeMessage(id: string, createdAt: Date, values: Partial<Message> = {}): Message {
  return buildMessage({
    id,
    contactId: "c",
    content: id,
    status: values.direction === "outbound" ? "sent" : "received",
    createdAt: createdAt.toISOString(),
    updatedAt: createdAt.toISOString(),
    ...values,
  });
}

const at = (day: number, hour: number, minute: number) => new Date(2026, 5, day, hour, minute);
const parts = {
  messages: [],
  notes: [],
  activities: [],
  outbox: [],
  oldest: null,
  newest: null,
};
/** The lines of a thread: a bracket where a group begins or ends. */
const layout = (
  messages: Message[],
  firstUnreadId: string | null = null,
  { isComplete = true, hasSeveralNumbers = false } = {},
) =>
  layoutThread(listEntries({ ...parts, messages }), {
    ownId: "alice",
    firstUnreadId,
    isComplete,
    hasSeveralNumbers,
  })
    .filter(({ kind }) => kind !== "start")
    .map((row) =>
      row.kind === "entry"
        ? `${row.isGroupStart ? "[" : ""}${row.key}${row.isGroupEnd ? "]" : ""}`
        : row.kind,
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
    ).toEqual(["day", "[a", "b]", "[c]", "[d]"]);
  });

  it("parts texts from different numbers of one person", () => {
    const messages = [
      makeMessage("a", at(1, 9, 0), { fromNumber: "+12025550161" }),
      makeMessage("b", at(1, 9, 1), { fromNumber: "+12025550162" }),
      makeMessage("c", at(1, 9, 2), { fromNumber: "+12025550162" }),
    ];
    expect(layout(messages, null, { hasSeveralNumbers: true })).toEqual(["day", "[a]", "[b", "c]"]);
    expect(layout(messages)).toEqual(["day", "[a", "b", "c]"]);
  });

  it("leaves the first day out while earlier texts may belong to it", () => {
    const messages = [makeMessage("a", at(1, 9, 0)), makeMessage("b", at(2, 9, 0))];
    expect(layout(messages, null, { isComplete: false })).toEqual(["[a]", "day", "[b]"]);
    expect(layout(messages)).toEqual(["day", "[a]", "day", "[b]"]);
  });

  it("splits days at the reader's midnight, also inside five minutes", () => {
    expect(layout([makeMessage("a", at(1, 23, 59)), makeMessage("b", at(2, 0, 1))])).toEqual([
      "day",
      "[a]",
      "day",
      "[b]",
    ]);
  });

  it("has a text that failed stand alone, so that its reason is its own", () => {
    expect(
      layout([
        makeMessage("a", at(1, 9, 0), { direction: "outbound" }),
        makeMessage("b", at(1, 9, 1), { direction: "outbound", status: "failed" }),
        makeMessage("c", at(1, 9, 2), { direction: "outbound" }),
      ]),
    ).toEqual(["day", "[a]", "[b]", "[c]"]);
  });

  it("keeps two agents' texts apart", () => {
    expect(
      layout([
        makeMessage("a", at(1, 9, 0), { direction: "outbound", createdBy: "alice" }),
        makeMessage("b", at(1, 9, 1), { direction: "outbound", createdBy: "bob" }),
      ]),
    ).toEqual(["day", "[a]", "[b]"]);
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
    const entries = listEntries({
      ...parts,
      messages: [makeMessage("a", at(1, 9, 5))],
      outbox: [item("a"), item("b")],
    });
    expect(entries.map(({ id, kind }) => `${kind} ${id}`)).toEqual(["message a", "outbox b"]);
  });

  it("holds back a message from before the loaded pages", () => {
    const oldest = makeMessage("b", at(1, 9, 0));
    const early = makeMessage("a", at(1, 8, 0));
    const late = makeMessage("c", at(1, 10, 0));
    const ids = (ends: { oldest: Message | null; newest: Message | null }) =>
      listEntries({ ...parts, ...ends, messages: [early, oldest, late] }).map(({ id }) => id);
    expect(ids({ oldest, newest: null })).toEqual(["b", "c"]);
    expect(ids({ oldest: null, newest: null })).toEqual(["a", "b", "c"]);
    expect(ids({ oldest, newest: oldest })).toEqual(["b"]);
  });

  it("shows what is on its way also below a page of the past", () => {
    const newest = makeMessage("a", at(1, 9, 0));
    const outbox: OutboxItem[] = [
      {
        id: "mine",
        contactId: "c",
        text: "x",
        media: [],
        createdAt: at(1, 9, 1).toISOString(),
        state: "waiting",
        reason: null,
      },
    ];
    const later = makeMessage("b", at(1, 9, 5));
    const entries = listEntries({ ...parts, messages: [newest, later], outbox, newest });
    expect(entries.map(({ id }) => id)).toEqual(["a", "mine"]);
  });

  it("puts notes and what was done in their place, where they end a group", () => {
    const note: Note = {
      id: "note",
      contactId: "c",
      authorId: "alice",
      body: "careful",
      mentionedIds: [],
      createdAt: at(1, 9, 1).toISOString(),
      editedAt: null,
    };
    const entries = listEntries({
      ...parts,
      messages: [makeMessage("a", at(1, 9, 0)), makeMessage("b", at(1, 9, 2))],
      notes: [note],
    });
    const rows = layoutThread(entries, {
      ownId: "alice",
      firstUnreadId: null,
      isComplete: true,
      hasSeveralNumbers: false,
    });
    expect(rows.map(({ key }) => key)).toEqual(["start", "2026-06-01", "a", "note", "b"]);
    expect(rows.every((row) => row.kind !== "entry" || row.isGroupEnd)).toBe(true);
  });

  it("begins a group at the first unread text", () => {
    const thread = [makeMessage("a", at(1, 9, 0)), makeMessage("b", at(1, 9, 1))];
    expect(layout(thread, "b")).toEqual(["day", "[a]", "unread", "[b]"]);
  });

  it("leaves out what waits for its time", () => {
    const later = { direction: "outbound", status: "scheduled" } as const;
    expect(layout([makeMessage("a", at(1, 9, 0)), makeMessage("b", at(2, 9, 0), later)])).toEqual([
      "day",
      "[a]",
    ]);
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
