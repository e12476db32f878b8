/**
 * Measures the searches of one workspace with a million texts, as a member, and
 * prints the median and the 95th percentile of each kind.
 *
 *   DATABASE_URL=postgres://… node bench/search.ts [texts]
 *
 * The server has to let us create a database; it is dropped at the end.
 */
import { once } from "node:events";
import postgres from "postgres";
import { openPostgresDatabase } from "../apps/server/src/platform/database.ts";
import { migrate, prepareBareDatabase } from "../apps/server/src/platform/migrate.ts";
import { searchContacts } from "../apps/server/src/search/search-contacts.ts";
import { searchMessages } from "../apps/server/src/search/search-messages.ts";

const texts = Number(process.argv[2] ?? 1_000_000);
const contacts = Math.max(100, Math.round(texts / 50));
const rounds = 40;
const server = process.env.DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
const name = "livechat_bench_search";

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
const words = Array.from({ length: 30_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables)).join(""),
);
/** Few words are common and most are rare, as in any language. */
const word = () => words[Math.floor(words.length * random() ** 4)] as string;
const text = () => Array.from({ length: 4 + Math.floor(random() * 14) }, word).join(" ");

const admin = postgres(server, { max: 1, onnotice: () => {} });
await admin.unsafe(`drop database if exists ${name} with (force)`);
await admin.unsafe(`create database ${name}`);
const url = new URL(server);
url.pathname = `/${name}`;
const database = openPostgresDatabase(url.href);
const client = postgres(url.href, { max: 1, onnotice: () => {} });
try {
  await prepareBareDatabase(database);
  await migrate(database);
  const [alice, acme] = [crypto.randomUUID(), crypto.randomUUID()];
  await client`insert into auth.users (id, email) values (${alice}, 'alice@example.test')`;
  await client`insert into public.workspaces (id, name) values (${acme}, 'Acme')`;
  await client`
    insert into public.workspace_members (workspace_id, user_id, role)
    values (${acme}, ${alice}, 'owner')
  `;
  const ids = Array.from({ length: contacts }, () => crypto.randomUUID());
  const now = Date.now();
  const startedMs = performance.now();
  await copy(
    "public.contacts (id, workspace_id, phone_number, name, email, company, last_message_at)",
    contacts,
    (at) => [
      ids[at] as string,
      acme,
      `+1202${5_000_000 + at}`,
      `${word()} ${word()}`,
      `${word()}${at}@example.test`,
      `${word()} Ltd`,
      new Date(now - at * 60_000).toISOString(),
    ],
  );
  for (let done = 0; done < texts; done += 50_000) {
    await copy(
      "public.messages (workspace_id, contact_id, direction, content, status, created_at)",
      Math.min(50_000, texts - done),
      (at) => [
        acme,
        pick(ids),
        "inbound",
        text(),
        "received",
        new Date(now - (texts - done - at) * 20_000).toISOString(),
      ],
    );
  }
  await client.unsafe("vacuum analyze");
  console.log(`${texts} texts in ${Math.round((performance.now() - startedMs) / 1000)} s`);

  const byRank = (from: number, to: number) =>
    Array.from(
      { length: rounds },
      (_, at) => words[Math.floor(from + ((to - from) * at) / rounds)] as string,
    );
  const typo = (whole: string) =>
    whole.slice(0, 2) + whole.slice(3, 4) + whole.slice(2, 3) + whole.slice(4);
  const kinds: [string, readonly string[], "messages" | "contacts"][] = [
    ["texts: common word", byRank(0, 60), "messages"],
    ["texts: usual word", byRank(500, 5_000), "messages"],
    ["texts: rare word", byRank(20_000, 30_000), "messages"],
    [
      "texts: two words",
      byRank(0, 3_000).map((each, at) => `${each} ${words[at * 7]}`),
      "messages",
    ],
    ["texts: two letters", syllables.slice(0, rounds), "messages"],
    ["texts: beginning of a word", byRank(0, 30_000).map((each) => each.slice(0, 4)), "messages"],
    ["texts: with a typo", byRank(0, 30_000).map(typo), "messages"],
    ["texts: nothing to find", Array.from({ length: rounds }, (_, at) => `xq${at}zz`), "messages"],
    ["contacts: name", byRank(0, 30_000), "contacts"],
    [
      "contacts: digits",
      Array.from({ length: rounds }, (_, at) => `202 500 ${1000 + at * 37}`),
      "contacts",
    ],
    ["contacts: with a typo", byRank(0, 30_000).map(typo), "contacts"],
  ];
  console.log("kind | p50 ms | p95 ms | found");
  for (const [kind, queries, what] of kinds) {
    const tookMs: number[] = [];
    let found = 0;
    for (const q of queries) {
      const beganMs = performance.now();
      const page =
        what === "messages"
          ? await searchMessages(database, alice, acme, { q, limit: 20 })
          : await searchContacts(database, alice, acme, { q, limit: 20 });
      tookMs.push(performance.now() - beganMs);
      if (page.items.length > 0) found += 1;
    }
    tookMs.sort((a, b) => a - b);
    const at = (share: number) => (tookMs[Math.ceil(tookMs.length * share) - 1] ?? 0).toFixed(1);
    console.log(`${kind} | ${at(0.5)} | ${at(0.95)} | ${found}/${queries.length}`);
  }
  const sizes = await client`
    select relname as name, pg_size_pretty(pg_relation_size(oid)) as size from pg_class
    where relname in ('messages', 'message_search', 'message_search_words_idx',
      'message_search_latest_idx', 'contact_search_content_idx', 'known_words', 'known_words_trigram_idx')
  `;
  console.log(sizes.map((row) => `${row.name} ${row.size}`).join(", "));
} finally {
  await client.end();
  await database.close();
  await admin.unsafe(`drop database ${name} with (force)`);
  await admin.end();
}

async function copy(into: string, count: number, row: (at: number) => string[]): Promise<void> {
  const pipe = await client.unsafe(`copy ${into} from stdin`).writable();
  for (let at = 0; at < count; at += 1) {
    if (!pipe.write(`${row(at).join("\t")}\n`)) await once(pipe, "drain");
  }
  pipe.end();
  await once(pipe, "finish");
}
