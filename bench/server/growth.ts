import { listContacts } from "../../apps/server/src/contacts/list-contacts.ts";
import { listMessages } from "../../apps/server/src/messages/list-messages.ts";
import type { Database } from "../../apps/server/src/platform/database.ts";
import { compare, type Measurement, median, quantile, runPool, show } from "../measurement.ts";
import {
  addPerson,
  addWorkspace,
  type BenchDatabase,
  createBenchDatabase,
  fillWorkspace,
  settle,
  storeText,
} from "./bench-database.ts";

const smallTexts = 10_000;
const workspaceCount = 50;
const contacts = 2_000;
const storedPerRound = 400;
const width = 8;
const pagesPerRound = 60;

/** What a full inbox costs, what many workspaces cost, and what row level security costs. */
export const growth: Measurement = {
  name: "growth",
  async run({ texts, rounds }) {
    const small = await createBenchDatabase();
    const large = await createBenchDatabase();
    try {
      const smallId = await addWorkspace(small.database);
      await fillWorkspace(small.database, smallId, { contacts, texts: smallTexts });
      await settle(small);
      const largeId = await addWorkspace(large.database);
      await fillWorkspace(large.database, largeId, { contacts, texts });
      const many = [largeId];
      while (many.length < workspaceCount) many.push(await addWorkspace(large.database));
      await settle(large);

      const userId = await addPerson(large.database, many);
      const pages = await comparePages(large, largeId, userId, texts, rounds);

      const rates = { small: [] as number[], large: [] as number[], many: [] as number[] };
      await store(small, [smallId]);
      await store(large, many);
      for (let round = 0; round < rounds; round += 1) {
        rates.small.push(await store(small, [smallId]));
        rates.large.push(await store(large, [largeId]));
        rates.many.push(await store(large, many));
      }
      return [
        {
          id: "server/5 full inbox",
          what: `Storing texts where there are ${texts.toLocaleString("en-US")} ÷ where there are ${smallTexts.toLocaleString("en-US")}`,
          ...compare(rates.large, rates.small),
          unit: "×",
          limit: { atLeast: 0.9, aim: 1 },
          detail: `${show(median(rates.large))}/s against ${show(median(rates.small))}/s`,
        },
        {
          id: "server/6 many workspaces",
          what: `Storing texts for ${workspaceCount} workspaces ÷ for one`,
          ...compare(rates.many, rates.large),
          unit: "×",
          limit: { atLeast: 0.9, aim: 1 },
          detail: `${show(median(rates.many))}/s against ${show(median(rates.large))}/s`,
        },
        ...pages,
      ];
    } finally {
      await small.drop();
      await large.drop();
    }
  },
};

async function store(
  { database }: BenchDatabase,
  workspaceIds: readonly string[],
): Promise<number> {
  const startedMs = performance.now();
  await runPool(Array.from({ length: storedPerRound }).keys(), width, (at) =>
    storeText(
      database,
      workspaceIds[at % workspaceIds.length] ?? "",
      `+1202${2_000_001 + (at % contacts)}`,
      `Is my order ${at} ready?`,
    ),
  );
  return storedPerRound / ((performance.now() - startedMs) / 1000);
}

/** The same pages through the door of members, and through one without row level security. */
async function comparePages(
  { database }: BenchDatabase,
  workspaceId: string,
  userId: string,
  texts: number,
  rounds: number,
) {
  const open: Database = {
    ...database,
    asMember: (_, work) => database.asSystem(work),
  };
  const first = await listContacts(database, userId, workspaceId, { limit: 100 });
  const kinds = {
    contacts: (through: Database) => listContacts(through, userId, workspaceId, { limit: 50 }),
    thread: (through: Database, at: number) =>
      listMessages(
        through,
        userId,
        { workspaceId, contactId: first.items[at % first.items.length]?.id ?? "" },
        { limit: 50 },
      ),
  };
  const results = [];
  for (const [kind, load] of Object.entries(kinds)) {
    const guarded: number[] = [];
    const unguarded: number[] = [];
    const times: number[] = [];
    for (let round = 0; round < rounds + 1; round += 1) {
      const withRules = await time(load, database);
      const without = await time(load, open);
      // The first round warms the caches of both.
      if (round === 0) continue;
      guarded.push(median(withRules));
      unguarded.push(median(without));
      times.push(...withRules);
    }
    const name = kind === "contacts" ? "A page of contacts" : "A page of a thread";
    const at = kind === "contacts" ? ["a", "b"] : ["c", "d"];
    results.push(
      {
        id: `server/${at[0]} ${kind}`,
        what: `${name} under row level security ÷ without`,
        ...compare(guarded, unguarded),
        unit: "×" as const,
        limit: { atMost: 3, aim: 1.5 },
        detail: `${show(median(guarded))} ms against ${show(median(unguarded))} ms, ${texts.toLocaleString("en-US")} texts`,
      },
      {
        id: `server/${at[1]} ${kind} p95`,
        what: `${name} under row level security, p95`,
        value: quantile(times, 0.95),
        unit: "ms" as const,
        limit: { atMost: 20 },
        detail: `one at a time, ${texts.toLocaleString("en-US")} texts`,
      },
    );
  }
  return results;
}

async function time(
  load: (through: Database, at: number) => Promise<unknown>,
  through: Database,
): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < pagesPerRound; at += 1) {
    const startedMs = performance.now();
    await load(through, at);
    times.push(performance.now() - startedMs);
  }
  return times;
}
