import type { Evidence } from "./evidence.ts";

/** A promise that was broken, and by what. */
export interface Violation {
  /** `lost`, `doubled`, `out of order`, or the invariant's name in `README.md`. */
  kind: string;
  detail: string;
}

/** What the checker found, with the figures that a report shows. */
export interface Verdict {
  violations: Violation[];
  figures: {
    received: number;
    sent: number;
    operations: number;
    events: number;
    lost: number;
    doubled: number;
    outOfOrder: number;
  };
}

const checks = [
  checkReceived,
  checkAnsweredWebhooks,
  checkSent,
  checkSendsAsked,
  checkInboundOrder,
  checkOutboundOrder,
  checkLog,
  checkStatuses,
  checkUnread,
  checkFiles,
  checkStops,
  checkBrowsers,
  checkSecretsAndCrashes,
];

/**
 * Compares what the carrier truly received and sent with what the database and
 * the browsers ended with. Pure: the same evidence gives the same verdict.
 */
export function check(evidence: Evidence): Verdict {
  const violations = checks.flatMap((each) => each(evidence));
  const count = (kind: string) => violations.filter((each) => each.kind === kind).length;
  return {
    violations,
    figures: {
      received: evidence.carrier.filter((text) => text.direction === "inbound").length,
      sent: evidence.carrier.filter((text) => text.direction === "outbound-api").length,
      operations: evidence.history.length,
      events: evidence.database.events.length,
      lost: count("lost"),
      doubled: count("doubled"),
      outOfOrder: count("out of order"),
    },
  };
}

function broken(kind: string, detail: string): Violation {
  return { kind, detail };
}

/** I2: every text that the carrier received is here once, as it was written. */
function checkReceived({ carrier, database, history }: Evidence): Violation[] {
  const rows = Map.groupBy(
    database.messages.filter((row) => row.direction === "inbound"),
    (row) => row.twilioSid ?? "",
  );
  const found: Violation[] = [];
  const known = new Set<string>();
  for (const text of carrier) {
    if (text.direction !== "inbound") continue;
    known.add(text.sid);
    const here = rows.get(text.sid) ?? [];
    if (here.length === 0) found.push(broken("lost", `received ${text.sid} "${text.body}"`));
    if (here.length > 1) found.push(broken("doubled", `received ${text.sid} ${here.length} times`));
    for (const row of here) {
      if (row.content !== text.body || row.phoneNumber !== text.from) {
        found.push(broken("changed", `received ${text.sid} is not as it was written`));
      }
    }
  }
  for (const sid of rows.keys()) {
    if (!known.has(sid)) found.push(broken("invented", `received ${sid} was never at the carrier`));
  }
  // The outside's own memory, should the carrier have forgotten.
  for (const entry of history) {
    if (entry.kind !== "customer_text" || entry.sid === null || known.has(entry.sid)) continue;
    found.push(broken("lost", `the carrier no longer knows ${entry.sid}`));
  }
  return found;
}

/** I1: a webhook that was answered with 2xx has exactly one message. */
function checkAnsweredWebhooks({ attempts, database }: Evidence): Violation[] {
  const count = new Map<string, number>();
  for (const row of database.messages) {
    if (row.twilioSid) count.set(row.twilioSid, (count.get(row.twilioSid) ?? 0) + 1);
  }
  const answered = new Set(
    attempts
      .filter(({ kind, status }) => kind !== "status" && status !== null && status < 300)
      .map(({ messageSid }) => messageSid),
  );
  return [...answered]
    .filter((sid) => count.get(sid) !== 1)
    .map((sid) =>
      broken("I1", `webhook ${sid} was answered 2xx and has ${count.get(sid) ?? 0} rows`),
    );
}

/** I3, from the carrier's side: what it sent for us is one row each, and no text went out twice. */
function checkSent({ carrier, database, history }: Evidence): Violation[] {
  const found: Violation[] = [];
  const sent = carrier.filter((text) => text.direction === "outbound-api");
  const rowsBySid = new Map(database.messages.map((row) => [row.twilioSid, row]));
  for (const text of sent) {
    if (!rowsBySid.has(text.sid)) {
      found.push(
        broken("unaccounted", `the carrier sent ${text.sid} "${text.body}", we know no such text`),
      );
    }
  }
  const sends = history.filter((entry) => entry.kind === "send");
  const written = new Map(sends.map((entry) => [`${entry.contactId} ${entry.body}`, entry.id]));
  const phoneById = new Map(database.contacts.map((row) => [row.phoneNumber, row.id]));
  const creates = Map.groupBy(sent, (text) => `${phoneById.get(text.to)} ${text.body}`);
  for (const [text, times] of creates) {
    // Every text of a run is written once, so the same words twice are the same text twice.
    if (times.length > 1) found.push(broken("doubled", `sent ${times.length} times: ${text}`));
    if (!written.has(text)) found.push(broken("invented", `nobody asked to send: ${text}`));
  }
  return found;
}

const open = new Set(["pending", "sending"]);
const withoutSid = new Set(["failed", "unconfirmed", "canceled"]);

/** I3, from the agent's side: what was confirmed went out, or shows a person why not. */
function checkSendsAsked({ carrier, database, history }: Evidence): Violation[] {
  const found: Violation[] = [];
  const rows = new Map(database.messages.map((row) => [row.id, row]));
  const sentSids = new Set(carrier.map((text) => text.sid));
  const sentWords = new Set(
    carrier
      .filter((text) => text.direction === "outbound-api")
      .map((text) => `${text.to} ${text.body}`),
  );
  for (const entry of history) {
    if (entry.kind !== "send") continue;
    const row = rows.get(entry.id);
    // Whoever asks rightly is refused for one reason only.
    if (entry.outcome === "fail" && entry.code !== "contact_opted_out") {
      found.push(broken("I3", `send ${entry.id} was refused: ${entry.code}`));
    }
    if (!row) {
      if (entry.outcome === "ok")
        found.push(broken("lost", `confirmed send ${entry.id} has no row`));
      continue;
    }
    if (entry.outcome === "fail") {
      found.push(broken("I3", `refused send ${entry.id} (${entry.code}) has a row`));
    }
    const wasSent = sentWords.has(`${row.phoneNumber} ${row.content}`);
    if (open.has(row.status)) {
      found.push(broken("stuck", `send ${entry.id} is still ${row.status}`));
    } else if (row.twilioSid === null && !withoutSid.has(row.status)) {
      found.push(broken("I3", `send ${entry.id} is ${row.status} and has no SID`));
    }
    if (row.twilioSid !== null && !sentSids.has(row.twilioSid)) {
      found.push(broken("lost", `send ${entry.id} has a SID that the carrier does not know`));
    }
    if (row.twilioSid === null && wasSent) {
      found.push(broken("I3", `send ${entry.id} is ${row.status} here, and the carrier sent it`));
    }
  }
  return found;
}

/** The thread shows a customer's texts in the order in which the carrier received them. */
function checkInboundOrder({ carrier, database }: Evidence): Violation[] {
  const place = new Map(carrier.map((text, index) => [text.sid, { index, text }]));
  const found: Violation[] = [];
  const threads = Map.groupBy(
    database.messages.filter((row) => row.direction === "inbound"),
    (row) => row.contactId,
  );
  for (const rows of threads.values()) {
    for (const [index, row] of rows.entries()) {
      const next = rows[index + 1];
      const here = place.get(row.twilioSid ?? "");
      const there = place.get(next?.twilioSid ?? "");
      if (!here || !there || here.index < there.index) continue;
      found.push(broken("out of order", `"${here.text.body}" stands before "${there.text.body}"`));
    }
  }
  return found;
}

/**
 * I7: an agent's texts reach the carrier in the order in which they were confirmed. One whose
 * outcome was unknown has no place: a line that swallowed it may hand it over at any later time.
 */
function checkOutboundOrder({ carrier, database, history }: Evidence): Violation[] {
  const found: Violation[] = [];
  const place = new Map(carrier.map((text, index) => [text.sid, index]));
  const sidById = new Map(database.messages.map((row) => [row.id, row.twilioSid]));
  const doubtful = new Set(
    database.events.flatMap(({ status, messageId }) => (status === "unconfirmed" ? messageId : [])),
  );
  const sends = history.filter((entry) => entry.kind === "send" && entry.outcome === "ok");
  for (const ofContact of Map.groupBy(sends, (entry) =>
    entry.kind === "send" ? entry.contactId : "",
  ).values()) {
    let last = -1;
    for (const entry of ofContact) {
      if (entry.kind !== "send" || doubtful.has(entry.id)) continue;
      const at = place.get(sidById.get(entry.id) ?? "");
      if (at === undefined) continue;
      if (at < last) found.push(broken("out of order", `sent before its turn: "${entry.body}"`));
      last = Math.max(last, at);
    }
  }
  return found;
}

/** I4, the log: numbered 1, 2, 3 without a gap, and one arrival for each message. */
function checkLog({ database }: Evidence): Violation[] {
  const found: Violation[] = [];
  const { events, lastSeq, messages } = database;
  const first = events[0]?.seq ?? 1;
  for (const [index, event] of events.entries()) {
    if (event.seq === first + index) continue;
    found.push(broken("I4", `the log has a gap before ${event.seq}`));
    break;
  }
  if ((events.at(-1)?.seq ?? 0) !== lastSeq) found.push(broken("I4", "the log's counter is wrong"));
  const arrivals = new Map<string, number>();
  for (const { type, messageId } of events) {
    if (type === "new_message" && messageId) {
      arrivals.set(messageId, (arrivals.get(messageId) ?? 0) + 1);
    }
  }
  for (const { id } of messages) {
    const count = arrivals.get(id) ?? 0;
    if (count !== 1) found.push(broken("I4", `message ${id} was announced ${count} times`));
  }
  return found;
}

const ranks: Record<string, number> = {
  scheduled: -1,
  pending: 0,
  sending: 1,
  unconfirmed: 2,
  queued: 3,
  sent: 4,
  delivered: 5,
  undelivered: 5,
  failed: 5,
  canceled: 5,
  received: 5,
};

/** I6: no message's status ever falls, but back in line before it was taken. */
function checkStatuses({ database }: Evidence): Violation[] {
  const found: Violation[] = [];
  const last = new Map<string, string>();
  for (const { messageId, status } of database.events) {
    if (!messageId || !status) continue;
    const before = last.get(messageId);
    last.set(messageId, status);
    if (before === undefined || before === status) continue;
    const isBackInLine = status === "pending" && (before === "sending" || before === "unconfirmed");
    if (isBackInLine || (ranks[status] ?? 9) > (ranks[before] ?? 9)) continue;
    found.push(broken("I6", `message ${messageId} went from ${before} to ${status}`));
  }
  return found;
}

/** One unread for each text of a customer whose thread nobody opened. */
function checkUnread({ database, history }: Evidence): Violation[] {
  const opened = new Set(history.map((entry) => (entry.kind === "read" ? entry.contactId : "")));
  const inbound = Map.groupBy(
    database.messages.filter((row) => row.direction === "inbound"),
    (row) => row.contactId,
  );
  return database.contacts
    .filter(({ id }) => !opened.has(id))
    .filter(({ id, unreadCount }) => unreadCount !== (inbound.get(id)?.length ?? 0))
    .map(({ id, unreadCount }) => {
      const count = inbound.get(id)?.length ?? 0;
      return broken("I1", `contact ${id} has ${count} texts and ${unreadCount} unread`);
    });
}

/** Every file that came is kept or shown as failed; none is forgotten. */
function checkFiles({ carrier, database }: Evidence): Violation[] {
  const fileCounts = new Map(carrier.map((text) => [text.sid, text.numMedia]));
  const found: Violation[] = [];
  for (const row of database.messages) {
    if (
      row.direction === "inbound" &&
      row.fileCount !== (fileCounts.get(row.twilioSid ?? "") ?? 0)
    ) {
      found.push(broken("lost", `message ${row.id} has ${row.fileCount} files`));
    }
    if (row.pendingFileCount > 0) {
      found.push(
        broken("stuck", `message ${row.id} still waits for ${row.pendingFileCount} files`),
      );
    }
  }
  return found;
}

/** I10: no attempt to send begins between a STOP's commit and the START after it. */
function checkStops({ database }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const { phoneNumber, at, until } of database.stops) {
    for (const row of database.messages) {
      const since = row.sendingSince;
      if (row.direction !== "outbound" || row.phoneNumber !== phoneNumber || !since) continue;
      if (since <= at || since >= until) continue;
      found.push(broken("I10", `send ${row.id} began at ${since}, the STOP was kept at ${at}`));
    }
  }
  return found;
}

/** I4, the browsers: each ends equal to one that opens now. */
function checkBrowsers({ browsers, fresh }: Evidence): Violation[] {
  return browsers.flatMap((browser) => {
    const found = browser.contradictions.map((detail) =>
      broken("I4", `${browser.name}: ${detail}`),
    );
    for (const part of new Set([...Object.keys(browser.state), ...Object.keys(fresh)])) {
      const mine = browser.state[part] ?? {};
      const theirs = fresh[part] ?? {};
      for (const id of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
        const difference = findDifference(mine[id], theirs[id]);
        if (difference === null) continue;
        found.push(broken("I4", `${browser.name}: ${part} ${id}: ${difference}`));
      }
    }
    return found;
  });
}

/** Where two JSON values first differ; null when they are equal. */
function findDifference(mine: unknown, theirs: unknown, path = ""): string | null {
  if (isObject(mine) && isObject(theirs)) {
    for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      const difference = findDifference(mine[key], theirs[key], `${path}.${key}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (mine === theirs) return null;
  return `${path || "it"} is ${JSON.stringify(mine)}, a fresh load shows ${JSON.stringify(theirs)}`.slice(
    0,
    300,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** I8, and that no server ended by itself. */
function checkSecretsAndCrashes({ leaks, crashes }: Evidence): Violation[] {
  return [
    ...leaks.map((place) => broken("I8", `a secret stands in ${place}`)),
    ...crashes.map((detail) => broken("crashed", detail)),
  ];
}
