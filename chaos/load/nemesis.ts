import { appendFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { faultPoints } from "../../apps/server/src/platform/fault-point.ts";
import type { StageProcess } from "../stage/processes.ts";
import type { ServerOptions, Stage } from "../stage/stage.ts";
import type { Browser } from "./browser.ts";
import type { Random } from "./random.ts";

interface NemesisOptions {
  stage: Stage;
  browsers: readonly Browser[];
  random: Random;
  isOver(): boolean;
  pauseMs: { low: number; high: number };
  /** What every server is started with. */
  server?: ServerOptions;
}

type Act = (options: NemesisOptions) => Promise<void>;

/** Every way in which it does harm, by the name that a report shows. */
const acts: Record<string, Act> = {
  "server killed": async ({ stage, random, server }) => {
    const victim = choose(stage, random);
    if (!victim) return;
    stage.expectEnd(victim);
    victim.signal("SIGKILL");
    await victim.ended;
    await sleep(random.between(0, 1_500));
    await stage.startServer(server);
  },
  "every server killed": async ({ stage, random, server }) => {
    const count = stage.servers().length;
    await stage.stopServers("SIGKILL");
    await sleep(random.between(0, 1_500));
    await Promise.all(Array.from({ length: count }, () => stage.startServer(server)));
  },
  "server killed at a fault point": async ({ stage, random, server }) => {
    const victim = choose(stage, random);
    if (!victim) return;
    const point = random.pick([...faultPoints] as unknown as [string, ...string[]]);
    const killAt = `${point}:${random.between(1, 4)}`;
    stage.expectEnd(victim);
    victim.signal("SIGTERM");
    await victim.ended;
    const doomed = await stage.startServer({ ...server, killAt }).catch(() => null);
    // Some points are crossed at the start, and some not for minutes.
    await Promise.race([doomed?.ended, sleep(6_000)]);
    if (doomed?.isRunning) {
      stage.expectEnd(doomed);
      doomed.signal("SIGTERM");
      await doomed.ended;
    }
    await stage.startServer(server);
  },
  "server replaced": async ({ stage, random, server }) => {
    const old = choose(stage, random);
    await stage.startServer(server);
    if (!old) return;
    stage.expectEnd(old);
    old.signal("SIGTERM");
    await old.ended;
  },
  "server frozen": async ({ stage, random }) => {
    const victim = choose(stage, random);
    victim?.signal("SIGSTOP");
    await sleep(random.between(1_000, 5_000));
    victim?.signal("SIGCONT");
  },
  "carrier says 429": ({ stage, random }) =>
    stage.carrier.injectFault({
      route: "messages.create",
      kind: "429",
      times: random.between(3, 25),
    }),
  "carrier says 500": ({ stage, random }) =>
    stage.carrier.injectFault({
      route: "messages.create",
      kind: "500",
      times: random.between(1, 6),
    }),
  "answer of the carrier lost": ({ stage, random }) =>
    stage.carrier.injectFault({
      route: "messages.create",
      kind: random.pick(["accept-then-reset", "accept-then-500", "accept-then-502", "malformed"]),
      times: random.between(1, 5),
    }),
  "carrier hangs": ({ stage, random }) =>
    stage.carrier.injectFault({
      route: "messages.create",
      kind: random.pick(["delay", "accept-then-hang"]),
      times: 2,
      delayMs: random.pick([2_000, 17_000]),
    }),
  "carrier's list fails": ({ stage, random }) =>
    stage.carrier.injectFault({
      route: "messages.list",
      kind: random.pick(["500", "429", "malformed"]),
      times: random.between(1, 3),
    }),
  "carrier's files fail": ({ stage, random }) =>
    stage.carrier.injectFault({ route: "media.get", kind: "500", times: random.between(1, 3) }),
  "callbacks spoiled": ({ stage, random }) =>
    stage.carrier.injectCallbackFault({
      kind: random.pick(["lost", "duplicated", "out-of-order", "delay"]),
      times: random.between(3, 20),
      delayMs: random.between(200, 4_000),
    }),
  "carrier unreachable": async ({ stage, random }) => {
    stage.lines.toCarrier.setFault({ kind: "refuse" });
    stage.lines.toCarrier.resetAll();
    await sleep(random.between(300, 3_000));
    stage.lines.toCarrier.setFault({ kind: "none" });
  },
  "database connections reset": async ({ stage }) => stage.lines.toDatabase.resetAll(),
  "database slow": async ({ stage, random }) => {
    stage.lines.toDatabase.setFault({ kind: "latency", ms: random.between(5, 60) });
    await sleep(random.between(1_000, 4_000));
    stage.lines.toDatabase.setFault({ kind: "none" });
  },
  "database silent": async ({ stage, random }) => {
    stage.lines.toDatabase.setFault({ kind: "blackhole" });
    await sleep(random.between(500, 4_000));
    stage.lines.toDatabase.setFault({ kind: "none" });
  },
  "every connection to us reset": async ({ stage }) => stage.lines.toServers.resetAll(),
  "sockets dropped": async ({ browsers, random }) => {
    for (const browser of browsers) if (random.chance(0.7)) browser.dropLine();
  },
};

function choose(stage: Stage, random: Random): StageProcess | null {
  const running = stage.servers();
  return running.length > 0 ? random.pick(running as [StageProcess, ...StageProcess[]]) : null;
}

/** Does harm, one act after the other, until it is over. Resolves with how often it did what. */
export async function runNemesis(options: NemesisOptions): Promise<Record<string, number>> {
  const { stage, random, isOver, pauseMs } = options;
  const done: Record<string, number> = {};
  const names = Object.keys(acts) as [string, ...string[]];
  // Each at least once before any twice, so that a short run misses none for long.
  let queue: string[] = [];
  const startedAt = performance.now();
  while (!isOver()) {
    if (queue.length === 0) queue = shuffle(names, random);
    const name = queue.shift() ?? names[0];
    const at = Math.round(performance.now() - startedAt);
    appendFileSync(path.join(stage.folder, "faults.jsonl"), `${JSON.stringify({ at, name })}\n`);
    await acts[name]?.(options);
    done[name] = (done[name] ?? 0) + 1;
    await sleep(random.between(pauseMs.low, pauseMs.high));
  }
  return done;
}

function shuffle(names: readonly string[], random: Random): string[] {
  return names
    .map((name) => ({ name, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name);
}
