import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyEvent,
  type Contact,
  type ContactField,
  compareMessages,
  type InboxState,
  type LogEvent,
  type Message,
  messageStatus,
  rankStatus,
} from "../src/index.ts";
import { buildContact, buildInboxState, buildMessage, idleSending } from "../testing/index.ts";

const workspaceId = "018f0000-0000-7000-8000-000000000001";
const epoch = "018f0000-0000-4000-8000-000000000002";
const alice = "018f0000-0000-7000-8000-00000000000a";

const makeContact = (unreadCount: number): Contact =>
  buildContact({ id: alice, workspaceId, name: "Alice", unreadCount });

const makeMessage = (part: Partial<Message> & Pick<Message, "id">): Message =>
  buildMessage({
    workspaceId,
    contactId: alice,
    direction: "outbound",
    status: "pending",
    ...part,
  });

const freshState = buildInboxState({
  epoch,
  lastSeq: 0,
  threads: new Map([[alice, []]]),
  notes: new Map([[alice, []]]),
  activities: new Map([[alice, []]]),
});

const messageId = (n: number) => `018f0000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`;

/**
 * A log as the server writes it: a message is created before it changes, its rank
 * only rises unless a failed one begins a new round, and one that never left may go.
 */
const log = fc
  .array(
    fc.record({
      n: fc.integer({ min: 0, max: 9 }),
      second: fc.integer({ min: 0, max: 5 }),
      status: fc.constantFrom(...messageStatus.options),
      isRemoved: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const rows = new Map<number, Message>();
    const events: LogEvent[] = [];
    for (const { n, second, status, isRemoved } of steps) {
      const row = rows.get(n);
      const seq = events.length + 1;
      if (!row) {
        // A removed text's id never comes back.
        if (events.some((event) => namesMessage(event, messageId(n)))) continue;
        const created = makeMessage({
          id: messageId(n),
          status: status === "scheduled" ? status : "pending",
          createdAt: `2026-01-01T00:00:0${second}.000Z`,
        });
        rows.set(n, created);
        events.push({
          seq,
          type: "new_message",
          payload: { message: created, contact: makeContact(rows.size) },
        });
      } else if (row.status === "failed") {
        if (isRemoved) {
          rows.delete(n);
          events.push({
            seq,
            type: "message_deleted",
            payload: { messageId: row.id, contact: makeContact(rows.size) },
          });
        } else {
          const again = { ...row, round: row.round + 1, status: "pending" as const };
          rows.set(n, again);
          events.push({ seq, type: "message_updated", payload: { message: again } });
        }
      } else if (rankStatus(status) > rankStatus(row.status)) {
        const updated = { ...row, status };
        rows.set(n, updated);
        events.push({ seq, type: "message_updated", payload: { message: updated } });
      }
    }
    const last = events.findLast((event) => "contact" in event.payload);
    const unread = last && "contact" in last.payload ? last.payload.contact.unreadCount : 0;
    return { events, rows: [...rows.values()].sort(compareMessages), unread };
  });

function namesMessage(event: LogEvent, id: string): boolean {
  return event.type === "new_message" && event.payload.message.id === id;
}

describe("applying the event log", () => {
  it("makes old state plus events equal to a fresh load", () => {
    fc.assert(
      fc.property(log, ({ events, rows, unread }) => {
        const end = events.reduce((state, event) => applyEvent(state, event).state, freshState);
        expect(end.threads.get(alice)).toEqual(rows);
        expect(end.contacts.get(alice)?.unreadCount ?? 0).toBe(unread);
        expect(end.lastSeq).toBe(events.length);
      }),
    );
  });

  it("is unmoved by duplicates and late copies of any event", () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(39)), ({ events, rows }, repeats) => {
        let state = freshState;
        events.forEach((event, index) => {
          state = applyEvent(state, event).state;
          for (const repeat of repeats) {
            const copy = events[repeat];
            if (copy && repeat <= index) state = applyEvent(state, copy).state;
          }
        });
        expect(state.threads.get(alice)).toEqual(rows);
      }),
    );
  });

  it("refuses to skip an event and says that there is a gap", () => {
    const late: LogEvent = {
      seq: 2,
      type: "contact_updated",
      payload: { contact: makeContact(1) },
    };
    expect(applyEvent(freshState, late)).toEqual({ outcome: "gap", state: freshState });
  });

  it("keeps the latest of each field of contacts", () => {
    const field = (label: string, archivedAt: string | null): ContactField => ({
      id: messageId(1),
      label,
      kind: "text",
      choices: [],
      position: 0,
      archivedAt,
    });
    const events: LogEvent[] = [
      { seq: 1, type: "contact_field_updated", payload: { field: field("Plan", null) } },
      {
        seq: 2,
        type: "contact_field_updated",
        payload: { field: field("Tier", "2026-01-01T00:00:00.000Z") },
      },
    ];
    const end = events.reduce((state, event) => applyEvent(state, event).state, freshState);
    expect([...end.contactFields.values()]).toEqual([field("Tier", "2026-01-01T00:00:00.000Z")]);
  });

  it("shows how the phone line stands", () => {
    const line = { problemCount: 2, changedAt: "2026-01-01T00:00:00.000Z" };
    const event: LogEvent = { seq: 1, type: "line_updated", payload: { line } };
    expect(applyEvent(freshState, event).state.line).toEqual(line);
  });

  it("shows what sending has come to", () => {
    const paused = { ...idleSending, pausedAt: "2026-01-01T00:00:00.000Z", pauseCode: 20003 };
    const event: LogEvent = { seq: 1, type: "sending_updated", payload: { sending: paused } };
    expect(applyEvent(freshState, event).state.sending).toEqual(paused);
  });

  it("counts what waits in quarantine as the last event says", () => {
    const told = [2, 0, 1].reduce<InboxState>(
      (state, openCount, at) =>
        applyEvent(state, { seq: at + 1, type: "quarantine_changed", payload: { openCount } })
          .state,
      freshState,
    );
    expect(told.quarantine).toEqual({ openCount: 1 });
    expect(told.lastSeq).toBe(3);
  });

  it("does not invent a thread that was never loaded", () => {
    const state = { ...freshState, threads: new Map() };
    const event: LogEvent = {
      seq: 1,
      type: "new_message",
      payload: { message: makeMessage({ id: messageId(1) }), contact: makeContact(1) },
    };
    const applied = applyEvent(state, event).state;
    expect(applied.threads.size).toBe(0);
    expect(applied.contacts.get(alice)?.unreadCount).toBe(1);
  });
});

describe("contacts that become one, and two again", () => {
  const ben = "018f0000-0000-7000-8000-00000000000b";
  const numbers: Record<string, string> = { [alice]: "+12025550143", [ben]: "+12025550144" };
  const isOfBen = (row: Message) => row.fromNumber === numbers[ben];
  const step = fc.oneof(
    fc.record({ kind: fc.constant("text" as const), from: fc.constantFrom(alice, ben) }),
    fc.record({ kind: fc.constant("merge" as const) }),
    fc.record({ kind: fc.constant("unmerge" as const) }),
    // A browser opens a conversation, and has all of it from then on.
    fc.record({ kind: fc.constant("open" as const), id: fc.constantFrom(alice, ben) }),
  );

  it("leave every loaded conversation equal to a fresh load", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(fc.nat(29)), (steps, repeats) => {
        let isMerged = false;
        const rows: Message[] = [];
        const contactOf = (id: string): Contact => ({
          ...makeContact(rows.filter((row) => row.contactId === id).length),
          id,
          phoneNumber: numbers[id] ?? "",
          otherNumbers:
            isMerged && id === alice
              ? [
                  {
                    contactId: ben,
                    phoneNumber: numbers[ben] ?? "",
                    addressType: "e164",
                    optedOutAt: null,
                  },
                ]
              : [],
        });
        const threadOf = (id: string) =>
          rows.filter((row) => row.contactId === id).sort(compareMessages);
        const events: LogEvent[] = [];
        let state: InboxState = {
          ...freshState,
          contacts: new Map([alice, ben].map((id) => [id, contactOf(id)])),
        };
        const tell = (part: { type: LogEvent["type"]; payload: unknown }) => {
          const event = { seq: events.length + 1, ...part } as LogEvent;
          events.push(event);
          state = applyEvent(state, event).state;
          for (const at of repeats) {
            const copy = events[at];
            if (copy) state = applyEvent(state, copy).state;
          }
        };
        const move = (isOne: boolean) => {
          isMerged = isOne;
          rows.forEach((row, at) => {
            if (isOfBen(row)) rows[at] = { ...row, contactId: isOne ? alice : ben };
          });
        };
        for (const each of steps) {
          switch (each.kind) {
            case "text": {
              const contactId = isMerged ? alice : each.from;
              const message = makeMessage({
                id: `018f0000-0000-7000-8000-000000001${String(rows.length).padStart(3, "0")}`,
                contactId,
                direction: "inbound",
                status: "received",
                fromNumber: numbers[each.from] ?? null,
              });
              rows.push(message);
              tell({ type: "new_message", payload: { message, contact: contactOf(contactId) } });
              break;
            }
            case "merge":
              if (isMerged) break;
              move(true);
              tell({
                type: "contacts_merged",
                payload: { contact: contactOf(alice), absorbedId: ben },
              });
              break;
            case "unmerge":
              if (!isMerged) break;
              move(false);
              tell({
                type: "contact_unmerged",
                payload: { contact: contactOf(alice), restoredId: ben },
              });
              tell({ type: "contact_updated", payload: { contact: contactOf(ben) } });
              break;
            case "open":
              if (isMerged && each.id === ben) break;
              state = { ...state, threads: new Map(state.threads).set(each.id, threadOf(each.id)) };
              break;
            default:
              each satisfies never;
          }
        }
        const there = isMerged ? [alice] : [alice, ben];
        expect([...state.contacts.keys()].sort()).toEqual(there);
        for (const id of there) expect(state.contacts.get(id)).toEqual(contactOf(id));
        for (const [id, thread] of state.threads) expect(thread).toEqual(threadOf(id));
        expect(state.lastSeq).toBe(events.length);
      }),
    );
  });
});

describe("what an event brings for conversations", () => {
  const bob = "018f0000-0000-7000-8000-00000000000b";
  const tagId = "018f0000-0000-7000-8000-00000000000c";
  const noteOf = (n: number) => ({
    id: messageId(n),
    contactId: alice,
    authorId: bob,
    body: `note ${n}`,
    mentionedIds: [bob],
    createdAt: `2026-01-01T00:00:0${n}.000Z`,
    editedAt: null,
  });
  const worn = { ...makeContact(0), assignedTo: bob, tagIds: [tagId] };
  const known: InboxState = {
    ...freshState,
    contacts: new Map([[alice, worn]]),
    notes: new Map([[alice, [noteOf(1), noteOf(3)]]]),
    counts: { open: 4, unread: 2 },
  };
  it("takes the counts as they are told, however often", () => {
    const event: LogEvent = {
      seq: 1,
      type: "contact_updated",
      payload: { contact: worn, counts: { open: 3, [`mine:${bob}`]: 1 } },
    };
    const once = applyEvent(known, event).state;
    expect(once.counts).toEqual({ open: 3, unread: 2, [`mine:${bob}`]: 1 });
    expect(applyEvent({ ...once, lastSeq: 0 }, event).state.counts).toEqual(once.counts);
  });

  it("puts a note in its place, and takes out what was removed", () => {
    const added = applyEvent(known, { seq: 1, type: "note_added", payload: { note: noteOf(2) } });
    expect(added.state.notes.get(alice)?.map(({ body }) => body)).toEqual([
      "note 1",
      "note 2",
      "note 3",
    ]);
    const removed = applyEvent(added.state, {
      seq: 2,
      type: "note_removed",
      payload: { noteId: messageId(2), contactId: alice },
    });
    expect(removed.state.notes).toEqual(known.notes);
  });

  it("forgets a removed contact with all of the conversation", () => {
    const { state } = applyEvent(known, {
      seq: 1,
      type: "contact_removed",
      payload: { contactId: alice },
    });
    expect([state.contacts.size, state.threads.size, state.notes.size]).toEqual([0, 0, 0]);
  });

  it("leaves nothing to a removed member, and no contact a removed tag", () => {
    const left = applyEvent(known, { seq: 1, type: "member_removed", payload: { userId: bob } });
    expect(left.state.contacts.get(alice)?.assignedTo).toBeNull();
    expect(left.state.notes.get(alice)?.flatMap(({ mentionedIds }) => mentionedIds)).toEqual([]);
    const bare = applyEvent(known, { seq: 1, type: "tag_removed", payload: { tagId } });
    expect(bare.state.contacts.get(alice)?.tagIds).toEqual([]);
  });
});
