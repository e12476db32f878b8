import { expect, test } from "vitest";
import { runChaos } from "../load/run.ts";

/** Another word tries another course of events; a red run prints its own. */
const seed = process.env.CHAOS_SEED ?? "lakeside";

test("a short run of everything: nothing lost, nothing doubled, every promise kept", async () => {
  const result = await runChaos({ seed, seconds: 45, customers: 6 });
  const { violations, unsettled, figures, folder } = result;
  console.log(JSON.stringify({ seed, ...figures, sends: result.sends, faults: result.faults }));
  expect(
    violations.map(({ kind, detail }) => `${kind}: ${detail}`),
    `seed ${seed}, artefacts in ${folder}`,
  ).toEqual([]);
  expect(unsettled).toEqual([]);
  expect(figures.received).toBeGreaterThan(30);
  expect(figures.sent).toBeGreaterThan(10);
  expect(result.sends.ok).toBeGreaterThan(result.sends.unknown);
}, 240_000);
