import { setTimeout as sleep } from "node:timers/promises";
import type { FaultQueue } from "./faults.ts";
import { createState, type State } from "./state.ts";

/** What every operation of the simulator works on. */
export interface Carrier {
  state: State;
  faults: FaultQueue;
  statusDelayMs: number;
  /** The origin written into media addresses; Twilio's is https://api.twilio.com. */
  apiBaseUrl: string;
  fetchOutboundMedia: boolean;
  /** Where a URL of the application is really requested. */
  reach(url: string): string;
  closing: AbortSignal;
  readonly closed: boolean;
  /** Runs work that the caller doesn't wait for; `idle` does. */
  background(work: () => Promise<void>): void;
  pause(ms: number): Promise<void>;
  idle(): Promise<void>;
  close(): void;
}

export interface CarrierOptions {
  statusDelayMs: number;
  apiBaseUrl: string;
  fetchOutboundMedia: boolean;
  reach(url: string): string;
}

/** A carrier with no accounts and nothing under way. */
export function createCarrier(options: CarrierOptions): Carrier {
  const controller = new AbortController();
  const underWay = new Set<Promise<void>>();
  return {
    ...options,
    state: createState(),
    faults: { requests: [], callbacks: [] },
    closing: controller.signal,
    get closed() {
      return controller.signal.aborted;
    },
    background(work) {
      const running = work()
        .catch((thrown: unknown) => {
          if (!controller.signal.aborted)
            console.error("simulator: background work failed", thrown);
        })
        .finally(() => underWay.delete(running));
      underWay.add(running);
    },
    pause: (ms) => sleep(ms, undefined, { signal: controller.signal }),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: () => controller.abort(),
  };
}
