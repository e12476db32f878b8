import net from "node:net";

/** What the line does to its traffic. `blackhole`: takes bytes and passes none on until it heals. */
export type LineFault =
  | { kind: "none" }
  | { kind: "latency"; ms: number }
  | { kind: "blackhole" }
  | { kind: "refuse" };

/** A line between two programs that a test can spoil. */
export interface FaultProxy {
  port: number;
  setFault(fault: LineFault): void;
  /** Breaks every connection that stands now, as a router that forgets them does. */
  resetAll(): void;
  close(): Promise<void>;
}

/**
 * Opens a line on a free port of this machine. Each new connection goes to the
 * next of `findTargets` that answers, so one line also serves as the balancer in
 * front of several servers.
 */
export async function openFaultProxy(
  findTargets: () => readonly { host: string; port: number }[],
): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  let fault: LineFault = { kind: "none" };
  let turn = 0;

  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    near.on("error", () => {});
    if (fault.kind === "refuse") {
      near.resetAndDestroy();
      return;
    }
    turn += 1;
    void connect(findTargets(), turn).then((far) => {
      if (!far) {
        near.resetAndDestroy();
        return;
      }
      const pair = join(near, far, () => fault);
      pairs.add(pair);
      near.once("close", () => pairs.delete(pair));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address !== "object") throw new Error("The proxy has no port.");

  const resetAll = () => {
    for (const pair of pairs) pair.reset();
    pairs.clear();
  };
  return {
    port: address.port,
    setFault: (next) => {
      fault = next;
      for (const pair of pairs) pair.pump();
    },
    resetAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resetAll();
      }),
  };
}

interface Pair {
  /** Passes on what a healed line held back. */
  pump(): void;
  reset(): void;
}

async function connect(
  targets: readonly { host: string; port: number }[],
  turn: number,
): Promise<net.Socket | null> {
  for (let tried = 0; tried < targets.length; tried += 1) {
    const target = targets[(turn + tried) % targets.length];
    if (!target) continue;
    const far = net.connect({ ...target, allowHalfOpen: true });
    const isOpen = await new Promise<boolean>((resolve) => {
      far.once("connect", () => resolve(true));
      far.once("error", () => resolve(false));
    });
    far.on("error", () => {});
    if (isOpen) return far;
  }
  return null;
}

function join(near: net.Socket, far: net.Socket, readFault: () => LineFault): Pair {
  const ways = [pipe(near, far, readFault), pipe(far, near, readFault)];
  return {
    pump: () => {
      for (const way of ways) way();
    },
    reset: () => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    },
  };
}

/** Passes on in order; returns how to go on after the fault has changed. */
function pipe(from: net.Socket, to: net.Socket, readFault: () => LineFault): () => void {
  const held: { chunk: Buffer | null; readyAtMs: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    clearTimeout(timer);
    while (held.length > 0 && readFault().kind !== "blackhole") {
      const [next] = held;
      if (!next) return;
      const waitMs = next.readyAtMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(pump, waitMs);
        return;
      }
      held.shift();
      if (to.destroyed) continue;
      if (next.chunk) to.write(next.chunk);
      else to.end();
    }
  }
  function push(chunk: Buffer | null): void {
    const fault = readFault();
    const delayMs = fault.kind === "latency" ? fault.ms : 0;
    held.push({ chunk, readyAtMs: performance.now() + delayMs });
    pump();
  }
  from.on("data", push);
  from.on("end", () => push(null));
  from.on("close", () => {
    if (!from.readableEnded && !to.destroyed) to.resetAndDestroy();
    else push(null);
  });
  return pump;
}
