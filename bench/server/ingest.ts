import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openPostgresDatabase } from "../../apps/server/src/platform/database.ts";
import { compare, type Measurement, median, runPool, show } from "../measurement.ts";
import { addWorkspace, createBenchDatabase, fillWorkspace, storeText } from "./bench-database.ts";
import { type RecordedTransaction, recordStatements } from "./record-statements.ts";

const texts = 1_600;
const width = 8;
const contacts = 400;
const fromOf = (at: number) => `+1202${2_000_001 + (at % contacts)}`;

/** Storing received texts, against pgbench with the very statements that it sends. */
export const ingest: Measurement = {
  name: "ingest",
  async run({ rounds }) {
    const pgbench = findPgbench();
    const template = await createBenchDatabase();
    const workspaceId = await addWorkspace(template.database);
    await fillWorkspace(template.database, workspaceId, { contacts, texts: contacts });
    // A database can be copied only while nobody has it open.
    await template.database.close();
    const folder = await mkdtemp(path.join(tmpdir(), "livechat-bench-"));
    try {
      const recorded = await record(template.name, workspaceId);
      const statements = recorded.at(-1)?.length ?? 0;
      const scripts = await writeScripts(folder, recorded);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await storeAll(template.name, workspaceId));
        theirs.push(await replay(template.name, pgbench, scripts));
      }
      return [
        {
          id: "server/1 ingest",
          what: "A received text, request to commit, ÷ pgbench with the same statements",
          ...compare(ours, theirs),
          unit: "×",
          limit: { atLeast: 0.5, aim: 0.8 },
          detail: `${statements} statements a text, ${show(median(ours))}/s against ${show(median(theirs))}/s, ${width} at a time`,
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
      await template.drop();
    }
  },
};

async function storeAll(template: string, workspaceId: string): Promise<number> {
  const copy = await createBenchDatabase(template);
  try {
    // The connections are there before the clock runs, as in a server that has run for a while.
    await runPool(Array.from({ length: width * 4 }).keys(), width, (at) =>
      storeText(copy.database, workspaceId, fromOf(at), "Warm-up"),
    );
    const startedMs = performance.now();
    await runPool(Array.from({ length: texts }).keys(), width, (at) =>
      storeText(copy.database, workspaceId, fromOf(at), `Is my order ${at} ready?`),
    );
    return texts / ((performance.now() - startedMs) / 1000);
  } finally {
    await copy.drop();
  }
}

async function record(template: string, workspaceId: string): Promise<RecordedTransaction[]> {
  const copy = await createBenchDatabase(template);
  const recorder = await recordStatements(copy.url);
  const database = openPostgresDatabase(recorder.url);
  try {
    await runPool(Array.from({ length: texts }).keys(), width, (at) =>
      storeText(database, workspaceId, fromOf(at), `Is my order ${at} ready?`),
    );
    if (recorder.transactions.length < texts) throw new Error("Not every text was recorded.");
    return recorder.transactions.slice(-texts);
  } finally {
    await database.close();
    await recorder.close();
    await copy.drop();
  }
}

/** One script per client, so that each text is stored once, as in our own run. */
async function writeScripts(folder: string, all: RecordedTransaction[]): Promise<string[]> {
  const files: string[] = [];
  for (let client = 0; client < width; client += 1) {
    const own = all.filter((_, at) => at % width === client);
    const file = path.join(folder, `client-${client}.sql`);
    const prepared = new Map<string, string>();
    const lines = own.flatMap((statements) =>
      statements.map(({ text, values }) => {
        if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) return `${text.trim()};`;
        const name = prepared.get(text) ?? `s${prepared.size}`;
        prepared.set(text, name);
        return `execute ${name}${values.length > 0 ? `(${values.join(", ")})` : ""};`;
      }),
    );
    // Prepared, as our own server has them too after its first text.
    lines.unshift(...[...prepared].map(([text, name]) => `prepare ${name} as ${text.trim()};`));
    await writeFile(file, `${lines.join("\n")}\n`);
    files.push(file);
  }
  return files;
}

async function replay(template: string, pgbench: string, scripts: string[]): Promise<number> {
  const copy = await createBenchDatabase(template);
  try {
    const startedMs = performance.now();
    await Promise.all(
      scripts.map((script) =>
        runCommand(pgbench, ["--no-vacuum", "-c", "1", "-t", "1", "-f", script, copy.url]),
      ),
    );
    return texts / ((performance.now() - startedMs) / 1000);
  } finally {
    await copy.drop();
  }
}

function runCommand(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.stderr.on("data", (text) => {
      output += text;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0 && /transactions actually processed: 1\/1/.test(output)) resolve();
      else reject(new Error(`pgbench failed:\n${output.slice(0, 2_000)}`));
    });
  });
}

/** Debian keeps it beside the server, not on the PATH. */
function findPgbench(): string {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const debian = "/usr/lib/postgresql";
  if (existsSync(debian))
    folders.push(...readdirSync(debian).map((version) => path.join(debian, version, "bin")));
  const found = folders.map((folder) => path.join(folder, "pgbench")).find(existsSync);
  if (!found)
    throw new Error("pgbench is needed: install postgresql-contrib (Debian: postgresql).");
  return found;
}
