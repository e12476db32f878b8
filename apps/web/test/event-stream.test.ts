import type { EventPage, LogEvent } from "@livechat/shared";
import { describe, expect, it } from "vitest";
import { createEventStream, type LogPlace } from "../src/realtime/event-stream.ts";

const epoch = "11111111-1111-4111-8111-111111111111";
const otherEpoch = "22222222-2222-4222-8222-222222222222";

function makeEvent(seq: number): LogEvent {
  return { seq, type: "member_removed", payload: { userId: `user ${seq}` } };
}

/** A server's log and a browser that follows it. */
function start(options: { head?: number; lastSeq?: number; pageSize?: number } = {}) {
  const server = {
    epoch,
    head: options.head ?? 0,
    failures: [] as unknown[],
    hold: null as Promise<void> | null,
  };
  const seen: number[] = [];
  const asked: number[] = [];
  const place: LogPlace = { epoch, lastSeq: options.lastSeq ?? 0 };
  let restarts = 0;
  const stream = createEventStream({
    readPlace: () => place,
    apply(events) {
      for (const event of events) {
        if (event.seq > place.lastSeq + 1) return;
        if (event.seq <= place.lastSeq) continue;
        seen.push(event.seq);
        place.lastSeq = event.seq;
      }
    },
    async fetchPage(after): Promise<EventPage> {
      asked.push(after);
      await server.hold;
      const failure = server.failures.shift();
      if (failure) throw failure;
      const last = Math.min(server.head, after + (options.pageSize ?? 500));
      const events = [];
      for (let seq = after + 1; seq <= last; seq += 1) events.push(makeEvent(seq));
      return { epoch: server.epoch, events, head: server.head };
    },
    async restart() {
      restarts += 1;
      place.epoch = server.epoch;
      place.lastSeq = server.head;
    },
    judgeFailure: (error) =>
      error === "gone" ? "resync" : error === "forbidden" ? "stop" : "retry",
    pause: async () => {},
    onCatchingUp() {},
  });
  return { server, seen, asked, place, stream, countRestarts: () => restarts };
}

describe("following the event log", () => {
  it("applies what follows and drops what is old", () => {
    const { stream, seen, asked } = start();
    for (const seq of [1, 2, 2, 1, 3]) stream.receive(makeEvent(seq), epoch);
    expect(seen).toEqual([1, 2, 3]);
    expect(asked).toEqual([]);
  });

  it("fetches what a gap lacks and then applies what it had kept", async () => {
    const { stream, seen, asked, server } = start();
    server.head = 3;
    stream.receive(makeEvent(1), epoch);
    stream.receive(makeEvent(4), epoch);
    await stream.sync();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(asked[0]).toBe(1);
  });

  it("reads page after page until the head", async () => {
    const { stream, seen, asked } = start({ head: 1200 });
    await stream.sync();
    expect(seen).toHaveLength(1200);
    expect(asked).toEqual([0, 500, 1000]);
  });

  it("runs one catch-up at a time, and once more for those who asked meanwhile", async () => {
    const { stream, asked, server } = start();
    let release = () => {};
    server.hold = new Promise((resolve) => {
      release = resolve;
    });
    const runs = [stream.sync(), stream.sync(), stream.sync()];
    release();
    await Promise.all(runs);
    expect(asked).toEqual([0, 0]);
  });

  it("keeps events that arrive during a catch-up, in any order", async () => {
    const { stream, seen, server } = start({ head: 2 });
    let release = () => {};
    server.hold = new Promise((resolve) => {
      release = resolve;
    });
    const run = stream.sync();
    for (const seq of [4, 3, 4]) stream.receive(makeEvent(seq), epoch);
    server.head = 4;
    release();
    await run;
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("catches up when the server's head is ahead, and not when it is not", async () => {
    const { stream, asked, seen, server } = start();
    stream.noteHead(0, epoch);
    expect(asked).toEqual([]);
    server.head = 2;
    stream.noteHead(2, epoch);
    await stream.sync();
    expect(seen).toEqual([1, 2]);
  });

  it("starts afresh when the log is too old, and when it was replaced", async () => {
    const gone = start({ lastSeq: 1, head: 900 });
    gone.server.failures.push("gone");
    await gone.stream.sync();
    expect(gone.countRestarts()).toBe(1);
    expect(gone.place.lastSeq).toBe(900);

    const replaced = start({ lastSeq: 5, head: 2 });
    replaced.server.epoch = otherEpoch;
    replaced.stream.receive(makeEvent(1), otherEpoch);
    await replaced.stream.sync();
    expect(replaced.place).toEqual({ epoch: otherEpoch, lastSeq: 2 });
  });

  it("tries again after a failed line, and stops when it is refused", async () => {
    const { stream, seen, server } = start({ head: 2 });
    server.failures.push("offline", "offline");
    await stream.sync();
    expect(seen).toEqual([1, 2]);

    const refused = start({ head: 2 });
    refused.server.failures.push("forbidden");
    await refused.stream.sync();
    expect(refused.seen).toEqual([]);
    expect(refused.asked).toHaveLength(1);
  });

  it("does not ask without end for events that the server does not have", async () => {
    const { stream, asked } = start({ lastSeq: 0 });
    stream.receive(makeEvent(7), epoch);
    await stream.sync();
    expect(asked.length).toBeLessThan(5);
  });
});
