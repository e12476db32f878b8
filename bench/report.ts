import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { isReached, type Result, show } from "./measurement.ts";

const root = path.dirname(import.meta.dirname);
const resultsFile = path.join(import.meta.dirname, "results.json");
const reportFile = path.join(root, "docs/performance.md");

interface KeptResult extends Result {
  measuredAt: string;
}

/** Keeps these results in place of their older ones, and writes the page anew. */
export async function keepResults(results: readonly Result[]): Promise<void> {
  const known = await readResults();
  const measuredAt = new Date().toISOString().slice(0, 16).replace("T", " ");
  for (const result of results) known.set(result.id, { ...result, measuredAt });
  const all = [...known.values()].sort((a, b) => a.id.localeCompare(b.id));
  await writeFile(resultsFile, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(reportFile, writePage(all));
  // Both are checked in, so they look as everything does.
  spawnSync(path.join(root, "node_modules/.bin/biome"), [
    "format",
    "--write",
    resultsFile,
    reportFile,
  ]);
}

async function readResults(): Promise<Map<string, KeptResult>> {
  try {
    const kept = JSON.parse(await readFile(resultsFile, "utf8")) as KeptResult[];
    return new Map(kept.map((result) => [result.id, result]));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw error;
  }
}

function writePage(results: readonly KeptResult[]): string {
  const [cpu] = os.cpus();
  const row = (result: KeptResult) => {
    const { what, value, range, unit, limit, detail, measuredAt } = result;
    const asked =
      "atLeast" in limit
        ? `≥ ${limit.atLeast} ${unit}${limit.aim === undefined ? "" : `, aim ${limit.aim}`}`
        : `≤ ${limit.atMost} ${unit}${limit.aim === undefined ? "" : `, aim ${limit.aim}`}`;
    const spread = range ? ` (${show(range[0])}–${show(range[1])})` : "";
    const mark = isReached(result) ? "" : " ✗";
    return `| ${what} | **${show(value)} ${unit}**${spread}${mark} | ${asked} | ${detail} | ${measuredAt} |`;
  };
  const table = (part: string) =>
    [
      "| What | Measured | Asked | Behind it | When (UTC) |",
      "| --- | --- | --- | --- | --- |",
      ...results.filter(({ id }) => id.startsWith(`${part}/`)).map(row),
    ].join("\n");
  return `# Performance

Written by \`pnpm bench\`; [bench/README.md](../bench/README.md) says how each figure comes about.
Most are ratios: ours and the bare thing beneath it, measured in turns in the same run on the same
machine, the median of the rounds with their range. So they say the same on another machine.

This one: ${os.cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(os.totalmem() / 2 ** 30)} GiB of memory; server, database and load share them.

## Server

${table("server")}

## Screens

${table("web")}
`;
}
