import { expect, test } from "vitest";
import { check } from "../check/check.ts";
import { type Evidence, evidence } from "../check/evidence.ts";

const contactId = "0198c0de-0000-7000-8000-000000000001";
const sendId = "0198c0de-0000-7000-8000-000000000002";
const inboundId = "0198c0de-0000-7000-8000-000000000003";
const later = "0198c0de-0000-7000-8000-000000000004";
const phoneNumber = "+12025552001";
const ours = "+12025550100";

/** One text each way, and a browser that shows both. */
function createSound(): Evidence {
  const row = {
    contactId,
    phoneNumber,
    attempt: 0,
    errorCode: null,
    sendingSince: null,
    createdAt: "2026-01-01 00:00:00",
    fileCount: 0,
    pendingFileCount: 0,
  };
  const text = { numMedia: 0, errorCode: null, dateCreated: "2026-01-01T00:00:00Z" };
  const state = {
    contacts: { [contactId]: { id: contactId, unreadCount: 2 } },
    threads: { [contactId]: [{ id: inboundId }, { id: later }, { id: sendId }] },
  };
  return evidence.parse({
    seed: "1",
    workspaceId: "w",
    history: [
      {
        kind: "customer_text",
        atMs: 1,
        from: phoneNumber,
        body: "Hello",
        outcome: "ok",
        sid: "SM1",
      },
      {
        kind: "customer_text",
        atMs: 2,
        from: phoneNumber,
        body: "You?",
        outcome: "ok",
        sid: "SM2",
      },
      {
        kind: "send",
        atMs: 3,
        id: sendId,
        contactId,
        body: "Hi",
        over: "rest",
        tries: 1,
        outcome: "ok",
        code: null,
      },
    ],
    carrier: [
      {
        ...text,
        sid: "SM1",
        direction: "inbound",
        from: phoneNumber,
        to: ours,
        body: "Hello",
        status: "received",
      },
      {
        ...text,
        sid: "SM2",
        direction: "inbound",
        from: phoneNumber,
        to: ours,
        body: "You?",
        status: "received",
      },
      {
        ...text,
        sid: "SM3",
        direction: "outbound-api",
        from: ours,
        to: phoneNumber,
        body: "Hi",
        status: "delivered",
      },
    ],
    attempts: [
      { kind: "inbound", messageSid: "SM1", status: 200 },
      { kind: "inbound", messageSid: "SM2", status: 200 },
    ],
    database: {
      messages: [
        {
          ...row,
          id: inboundId,
          direction: "inbound",
          content: "Hello",
          status: "received",
          twilioSid: "SM1",
        },
        {
          ...row,
          id: later,
          direction: "inbound",
          content: "You?",
          status: "received",
          twilioSid: "SM2",
        },
        {
          ...row,
          id: sendId,
          direction: "outbound",
          content: "Hi",
          status: "delivered",
          twilioSid: "SM3",
          attempt: 1,
          sendingSince: "2026-01-01 00:00:01",
        },
      ],
      contacts: [{ id: contactId, phoneNumber, unreadCount: 2 }],
      events: [
        { seq: 1, type: "new_message", messageId: inboundId, status: "received" },
        { seq: 2, type: "new_message", messageId: later, status: "received" },
        { seq: 3, type: "new_message", messageId: sendId, status: "pending" },
        { seq: 4, type: "message_updated", messageId: sendId, status: "sending" },
        { seq: 5, type: "message_updated", messageId: sendId, status: "delivered" },
      ],
      lastSeq: 5,
      stops: [],
    },
    browsers: [{ name: "alice", lastSeq: 5, state, contradictions: [], restarts: 0 }],
    fresh: structuredClone(state),
    leaks: [],
    crashes: [],
  });
}

function kindsAfter(spoil: (evidence: Evidence) => void): Set<string> {
  const spoiled = createSound();
  spoil(spoiled);
  return new Set(check(spoiled).violations.map(({ kind }) => kind));
}

test("the checker finds nothing where nothing is wrong", () => {
  expect(check(createSound()).violations).toEqual([]);
});

test.each<[string, string, (evidence: Evidence) => void]>([
  ["lost", "a received text that is not here", ({ database }) => void database.messages.shift()],
  [
    "doubled",
    "a received text that is here twice",
    ({ database }) => {
      const [first] = database.messages;
      if (first) database.messages.unshift({ ...first, id: "another" });
    },
  ],
  [
    "changed",
    "a received text with other words",
    ({ database }) => {
      const [first] = database.messages;
      if (first) first.content = "Hell";
    },
  ],
  [
    "invented",
    "a received text that the carrier never had",
    ({ carrier }) => void carrier.splice(0, 1),
  ],
  [
    "I1",
    "an answered webhook without its text",
    ({ attempts }) => void attempts.push({ kind: "inbound", messageSid: "SM9", status: 200 }),
  ],
  [
    "I1",
    "a text that counts twice as unread",
    ({ database }) => {
      const [contact] = database.contacts;
      if (contact) contact.unreadCount = 3;
    },
  ],
  [
    "doubled",
    "a text that went out twice",
    ({ carrier }) => {
      const sent = carrier.at(-1);
      if (sent) carrier.push({ ...sent, sid: "SM4" });
    },
  ],
  [
    "unaccounted",
    "a text that the carrier sent and we do not know",
    ({ database }) => {
      const sent = database.messages.at(-1);
      if (sent) sent.twilioSid = null;
    },
  ],
  ["lost", "a confirmed text without a row", ({ database }) => void database.messages.pop()],
  [
    "stuck",
    "a text that is still being sent",
    ({ database }) => {
      const sent = database.messages.at(-1);
      if (sent) sent.status = "sending";
    },
  ],
  [
    "I3",
    "a text that failed here and went out there",
    ({ database }) => {
      const sent = database.messages.at(-1);
      if (sent) Object.assign(sent, { status: "failed", twilioSid: null });
    },
  ],
  [
    "out of order",
    "a thread in another order than the carrier's",
    ({ database }) => database.messages.sort((a, b) => (a.content < b.content ? 1 : -1)),
  ],
  ["out of order", "an agent's text that overtook another", overtake],
  ["I4", "a gap in the log", ({ database }) => void database.events.splice(1, 1)],
  [
    "I4",
    "a text that was announced twice",
    ({ database }) => {
      const event = { seq: 6, type: "new_message", messageId: inboundId, status: "received" };
      database.events.push(event);
      database.lastSeq = 6;
    },
  ],
  [
    "I4",
    "a browser that misses a text",
    ({ browsers }) => {
      const [browser] = browsers;
      if (browser?.state.threads) browser.state.threads[contactId] = [{ id: inboundId }];
    },
  ],
  [
    "I4",
    "two events with one number",
    ({ browsers }) => void browsers[0]?.contradictions.push("event 4 changed"),
  ],
  [
    "I6",
    "a status that falls",
    ({ database }) => {
      const event = { seq: 6, type: "message_updated", messageId: sendId, status: "sent" };
      database.events.push(event);
      database.lastSeq = 6;
    },
  ],
  [
    "I3",
    "a send that was refused without reason",
    (spoiled) => {
      const send = spoiled.history.at(-1);
      if (send?.kind === "send") Object.assign(send, { outcome: "fail", code: "conflict" });
    },
  ],
  ["I8", "a secret in a log", ({ leaks }) => void leaks.push("the servers' logs")],
  [
    "I10",
    "an attempt after a STOP",
    ({ database }) =>
      void database.stops.push({ phoneNumber, at: "2026-01-01 00:00:00", until: "9999" }),
  ],
  ["crashed", "a server that ended by itself", ({ crashes }) => void crashes.push("server-1")],
  [
    "lost",
    "a file that did not come along",
    ({ carrier }) => {
      const [first] = carrier;
      if (first) first.numMedia = 1;
    },
  ],
])("the checker says %s for %s", (kind, _, spoil) => {
  expect(kindsAfter(spoil)).toContain(kind);
});

test("a text whose outcome was unknown may be taken when others have gone on", () => {
  const kinds = kindsAfter((sound) => {
    overtake(sound);
    sound.database.events.push(
      { seq: 6, type: "message_updated", messageId: sendId, status: "unconfirmed" },
      { seq: 7, type: "message_updated", messageId: sendId, status: "delivered" },
    );
    sound.database.lastSeq = 7;
  });
  expect(kinds).not.toContain("out of order");
});

/** The carrier took an agent's second text before the first. */
function overtake({ history, carrier, database }: Evidence): void {
  const [send, sent, row] = [history.at(-1), carrier.at(-1), database.messages.at(-1)];
  if (send?.kind !== "send" || !sent || !row) throw new Error("There is no text to overtake.");
  history.push({ ...send, id: later, body: "Second" });
  carrier.splice(2, 0, { ...sent, sid: "SM4", body: "Second" });
  database.messages.push({ ...row, id: later, content: "Second", twilioSid: "SM4" });
}
