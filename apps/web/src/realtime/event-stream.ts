import type { EventPage, LogEvent } from "@livechat/shared";

/** Where a browser stands in a workspace's log. */
export interface LogPlace {
  epoch: string;
  lastSeq: number;
}

interface EventStreamPorts {
  /** Where the state stands now; null before the first load, when events are of no use yet. */
  readPlace(): LogPlace | null;
  /** Applies events in order and notifies once; stops at a gap. */
  apply(events: readonly LogEvent[]): void;
  fetchPage(after: number, epoch: string): Promise<EventPage>;
  /** Loads a fresh snapshot, because the log can't lead from the old one to the present. */
  restart(): Promise<void>;
  /** What to do after a failure of {@link EventStreamPorts.fetchPage} or restart. */
  judgeFailure(error: unknown): "resync" | "retry" | "stop";
  /** Waits before the next try; `attempt` starts at 1. */
  pause(attempt: number): Promise<void>;
  onCatchingUp(isCatchingUp: boolean): void;
}

export interface EventStream {
  /** Takes an event that the server pushed. */
  receive(event: LogEvent, epoch: string): void;
  /** Takes the server's word on where the log ends. */
  noteHead(head: number, epoch: string): void;
  /** Fetches the log up to its end. One run at a time: a call during a run adds one more pass. */
  sync(): Promise<void>;
  close(): void;
}

const maxBuffered = 2000;

/**
 * Turns pushed events, which may be lost, repeated or late, into the log's own
 * order: applies what follows, drops what is old, and fetches what is missing.
 * Never throws; failures are retried until `judgeFailure` says stop.
 */
export function createEventStream(ports: EventStreamPorts): EventStream {
  let isClosed = false;
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  let buffer: LogEvent[] = [];

  async function catchUp(): Promise<void> {
    ports.onCatchingUp(true);
    let attempt = 0;
    do {
      isAskedAgain = false;
      try {
        await fetchToHead();
        attempt = 0;
      } catch (error) {
        const verdict = ports.judgeFailure(error);
        if (verdict === "stop" || isClosed) break;
        attempt += 1;
        if (verdict === "retry" || attempt > 1) await ports.pause(attempt);
        if (verdict === "resync") await restart();
        isAskedAgain = true;
      }
    } while (isAskedAgain && !isClosed);
    ports.onCatchingUp(false);
  }

  async function restart(): Promise<void> {
    buffer = [];
    try {
      await ports.restart();
    } catch {
      // The next pass meets the same failure and judges it.
    }
  }

  async function fetchToHead(): Promise<void> {
    for (;;) {
      const place = ports.readPlace();
      if (!place || isClosed) return;
      const page = await ports.fetchPage(place.lastSeq, place.epoch);
      if (isClosed) return;
      if (page.epoch !== ports.readPlace()?.epoch) {
        await ports.restart();
        continue;
      }
      ports.apply(page.events);
      drainBuffer();
      const reached = ports.readPlace()?.lastSeq ?? 0;
      if (reached >= page.head && buffer.length === 0) return;
      // A log that ends further on but gives nothing more has lost its middle.
      if (reached <= place.lastSeq && page.events.length === 0) {
        buffer = [];
        if (page.head > reached) await ports.restart();
        return;
      }
    }
  }

  function drainBuffer(): void {
    const lastSeq = ports.readPlace()?.lastSeq ?? 0;
    const ready = buffer.filter((event) => event.seq > lastSeq).sort((a, b) => a.seq - b.seq);
    ports.apply(ready);
    const reached = ports.readPlace()?.lastSeq ?? 0;
    buffer = ready.filter((event) => event.seq > reached);
  }

  function sync(): Promise<void> {
    if (isClosed) return Promise.resolve();
    if (running) {
      isAskedAgain = true;
      return running;
    }
    running = catchUp().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    sync,
    receive(event, epoch) {
      const place = ports.readPlace();
      if (!place || isClosed) return;
      if (epoch !== place.epoch) {
        void sync();
        return;
      }
      if (event.seq <= place.lastSeq) return;
      if (!running && event.seq === place.lastSeq + 1) {
        ports.apply([event]);
        return;
      }
      if (buffer.length < maxBuffered) buffer.push(event);
      if (running) isAskedAgain = true;
      else void sync();
    },
    noteHead(head, epoch) {
      const place = ports.readPlace();
      if (!place || isClosed) return;
      if (epoch !== place.epoch || head > place.lastSeq) void sync();
    },
    close() {
      isClosed = true;
      buffer = [];
    },
  };
}
