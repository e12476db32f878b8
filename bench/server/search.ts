import { randomUUID } from "node:crypto";
import { once } from "node:events";
import postgres from "postgres";
import { searchContacts } from "../../apps/server/src/search/search-contacts.ts";
import { searchMessages } from "../../apps/server/src/search/search-messages.ts";
import { type Measurement, quantile, type Result, show } from "../measurement.ts";
import { addPerson, addWorkspace, createBenchDatabase, settle } from "./bench-database.ts";

const searchesPerKind = 40;
const textsPerCopy = 50_000;

/** What the searches of a member take, one at a time, in one workspace with a full inbox. */
export const search: Measurement = {
  name: "search",
  async run({ texts }) {
    const store = await createBenchDatabase();
    try {
      const workspaceId = await addWorkspace(store.database);
      const userId = await addPerson(store.database, [workspaceId]);
      await fill(store.url, workspaceId, texts);
      await settle(store);

      const time = async (kinds: Kinds, find: (q: string) => Promise<unknown>) => {
        const p95s: [string, number][] = [];
        for (const [kind, queries] of Object.entries(kinds)) {
          const tookMs: number[] = [];
          for (const q of queries) {
            const beganMs = performance.now();
            await find(q);
            tookMs.push(performance.now() - beganMs);
          }
          p95s.push([kind, quantile(tookMs, 0.95)]);
        }
        return p95s;
      };
      const inTexts = (q: string) =>
        searchMessages(store.database, userId, workspaceId, { q, limit: 20 });
      const inContacts = (q: string) =>
        searchContacts(store.database, userId, workspaceId, { q, limit: 20 });
      const among = `among ${texts.toLocaleString("en-US")} texts`;
      return [
        present("server/8 search", `Texts found by their words ${among}, p95 of the slowest kind`, {
          p95s: await time(byWords, inTexts),
          atMost: 100,
        }),
        present("server/8b search, typo", `Texts found despite a typo ${among}, p95`, {
          p95s: await time(despiteTypos, inTexts),
          atMost: 250,
        }),
        present("server/8c search, contacts", "Contacts found, p95 of the slowest kind", {
          p95s: await time(ofContacts, inContacts),
          atMost: 100,
        }),
      ];
    } finally {
      await store.drop();
    }
  },
};

function present(
  id: string,
  what: string,
  { p95s, atMost }: { p95s: readonly [string, number][]; atMost: number },
): Result {
  return {
    id,
    what,
    value: Math.max(...p95s.map(([, ms]) => ms)),
    unit: "ms",
    limit: { atMost },
    detail: p95s.map(([kind, ms]) => `${kind} ${show(ms)}`).join(", "),
  };
}

// The same texts each time: a measurement that can be repeated.
let seed = 42;
function random(): number {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return seed / 2 ** 32;
}
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const syllables =
  "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu".split(
    " ",
  );
/** The most common one first. */
const words = Array.from({ length: 30_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables)).join(""),
);
/** Few words are common and most are rare, as in any language. */
const chooseWord = () => words[Math.floor(words.length * random() ** 4)] as string;
const writeText = () => Array.from({ length: 4 + Math.floor(random() * 14) }, chooseWord).join(" ");

const listWords = (from: number, to: number) =>
  Array.from(
    { length: searchesPerKind },
    (_, at) => words[Math.floor(from + ((to - from) * at) / searchesPerKind)] as string,
  );
const misspell = (word: string) =>
  word.slice(0, 2) + word.slice(3, 4) + word.slice(2, 3) + word.slice(4);

/** What is looked for, by what it is called in the report. */
type Kinds = Record<string, readonly string[]>;

const byWords: Kinds = {
  common: listWords(0, 60),
  usual: listWords(500, 5_000),
  rare: listWords(20_000, 30_000),
  two: listWords(0, 3_000).map((word, at) => `${word} ${words[at * 7]}`),
  "two letters": syllables.slice(0, searchesPerKind),
  beginning: listWords(0, 30_000).map((word) => word.slice(0, 4)),
  nothing: Array.from({ length: searchesPerKind }, (_, at) => `xq${at}zz`),
};
const despiteTypos: Kinds = { typo: listWords(0, 30_000).map(misspell) };
const ofContacts: Kinds = {
  name: listWords(0, 30_000),
  digits: Array.from({ length: searchesPerKind }, (_, at) => `202 500 ${1000 + at * 37}`),
  typo: listWords(0, 30_000).map(misspell),
};

async function fill(url: string, workspaceId: string, texts: number): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const ids = Array.from({ length: Math.max(100, Math.round(texts / 50)) }, () => randomUUID());
  const nowMs = Date.now();
  const copy = async (into: string, count: number, row: (at: number) => readonly string[]) => {
    const pipe = await client.unsafe(`copy ${into} from stdin`).writable();
    for (let at = 0; at < count; at += 1) {
      if (!pipe.write(`${row(at).join("\t")}\n`)) await once(pipe, "drain");
    }
    pipe.end();
    await once(pipe, "finish");
  };
  try {
    await copy(
      "public.contacts (id, workspace_id, phone_number, name, email, company, last_message_at)",
      ids.length,
      (at) => [
        ids[at] as string,
        workspaceId,
        `+1202${5_000_000 + at}`,
        `${chooseWord()} ${chooseWord()}`,
        `${chooseWord()}${at}@example.test`,
        `${chooseWord()} Ltd`,
        new Date(nowMs - at * 60_000).toISOString(),
      ],
    );
    for (let done = 0; done < texts; done += textsPerCopy) {
      await copy(
        "public.messages (workspace_id, contact_id, direction, content, status, created_at)",
        Math.min(textsPerCopy, texts - done),
        (at) => [
          workspaceId,
          pick(ids),
          "inbound",
          writeText(),
          "received",
          new Date(nowMs - (texts - done - at) * 20_000).toISOString(),
        ],
      );
    }
  } finally {
    await client.end();
  }
}
