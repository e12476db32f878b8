import { setTimeout as sleep } from "node:timers/promises";
import { check, type Verdict } from "../check/check.ts";
import { collectEvidence } from "../check/collect.ts";
import { liftPace, openTeam } from "../stage/people.ts";
import { settle } from "../stage/settle.ts";
import { openStage, type ServerOptions } from "../stage/stage.ts";
import { openBrowser } from "./browser.ts";
import { openHistory } from "./history.ts";
import { runNemesis } from "./nemesis.ts";
import { createRandom } from "./random.ts";
import { runAgent, runCustomer, runWaverer, type Workplace } from "./work.ts";

export interface RunOptions {
  seed: string;
  /** How long work and harm go on; settling and checking come after. */
  seconds: number;
  customers?: number;
  isHurried?: boolean;
  server?: ServerOptions;
  onProgress?(line: string): void;
}

export interface RunResult extends Verdict {
  seed: string;
  faults: Record<string, number>;
  sends: { ok: number; fail: number; unknown: number };
  /** What still moved when the checker looked. */
  unsettled: string[];
  browsers: number;
  /** Where the artefacts are; deleted when everything held. */
  folder: string | null;
}

/** People work and the nemesis does harm for a while; then everything heals and the checker looks. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { seed, seconds, customers = 8, isHurried = true, onProgress } = options;
  const random = createRandom(seed);
  const stage = await openStage();
  let keepFolder = true;
  try {
    onProgress?.(`seed ${seed}, artefacts in ${stage.folder}`);
    await Promise.all([stage.startServer(options.server), stage.startServer(options.server)]);
    const team = await openTeam(stage);
    if (!isHurried) await liftPace(team);
    const { origin } = stage;
    const browsers = [
      await openBrowser("alice's laptop", team.alice, team.workspaceId, { origin }),
      await openBrowser("alice's phone", team.alice, team.workspaceId, { origin }),
      await openBrowser("bob's laptop", team.bob, team.workspaceId, { origin }),
    ];
    const startedAtMs = performance.now();
    const endsAtMs = startedAtMs + seconds * 1000;
    const isOver = () => performance.now() > endsAtMs;
    const history = openHistory(stage.folder);
    const place: Workplace = { team, carrier: stage.carrier, history, isOver, startedAtMs };
    const phones = Array.from({ length: customers }, (_, at) => `+1202555${2000 + at}`);
    const waverer = "+12025553000";
    const pauseMs = { low: 150, high: 900 };
    const [, laptop, bobs] = browsers;
    if (!laptop || !bobs) throw new Error("A browser is missing.");

    const harm = runNemesis({
      stage,
      browsers,
      random: random.fork("nemesis"),
      isOver,
      pauseMs: { low: 600, high: 2_500 },
      server: options.server,
    });
    const progress = setInterval(() => {
      const rest = Math.max(0, Math.round((endsAtMs - performance.now()) / 1000));
      onProgress?.(`${history.entries().length} operations, ${rest} s to go`);
    }, 20_000);
    await Promise.all([
      ...phones.map((phone) => runCustomer(place, phone, random.fork(`q${phone}`), pauseMs)),
      ...[...phones, waverer].map((phone, at) =>
        runAgent(place, at % 2 ? laptop : bobs, phone, random.fork(`a${phone}`), pauseMs),
      ),
      runWaverer(place, waverer, random.fork("waverer")),
      harm,
      sleep(seconds * 1000),
    ]).finally(() => clearInterval(progress));
    const faults = await harm;

    onProgress?.("healing and settling");
    const unsettled = await settle(stage, team, {
      isHurried,
      // A long run leaves many texts behind, which go on at the pace of their senders.
      limitMs: isHurried ? 60_000 : 900_000,
      server: options.server,
    });
    const evidence = await collectEvidence(stage, team, { seed, history, browsers });
    for (const browser of browsers) browser.close();
    const verdict = check(evidence);
    keepFolder = verdict.violations.length > 0;
    const sends = history.entries().filter((entry) => entry.kind === "send");
    const count = (outcome: string) => sends.filter((entry) => entry.outcome === outcome).length;
    return {
      ...verdict,
      seed,
      faults,
      sends: { ok: count("ok"), fail: count("fail"), unknown: count("unknown") },
      unsettled,
      browsers: browsers.length,
      folder: keepFolder ? stage.folder : null,
    };
  } finally {
    await stage.close({ keepFolder });
  }
}
