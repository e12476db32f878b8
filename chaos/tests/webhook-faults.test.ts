import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createContactNumbers } from "../load/numbers.ts";
import { createPicture } from "../load/picture.ts";
import { createSid, postForm, signForm } from "../stage/carrier.ts";
import { inboundForm, statusForm } from "../stage/forms.ts";
import { openTeam, type Team } from "../stage/people.ts";
import { openStage, type Stage } from "../stage/stage.ts";

let stage: Stage;
let team: Team;
const numbers = createContactNumbers("+1202556");

beforeAll(async () => {
  stage = await openStage();
  await Promise.all([stage.startServer(), stage.startServer()]);
  team = await openTeam(stage);
});

afterAll(() => stage?.close());

/** Posts to one of the servers directly, signed for the public address. */
function post(turn: number, form: [string, string][], path = webhookPath()) {
  const servers = stage.servers();
  const server = servers[turn % servers.length];
  return postForm(`http://127.0.0.1:${server?.port}${path}`, form, {
    authToken: stage.carrier.authToken,
    signedUrl: stage.origin + path,
  });
}

function webhookPath(): string {
  return `/api/twilio/webhook/${team.workspaceId}`;
}

function readContact(phoneNumber: string) {
  return stage.sql<{ id: string; unread: number; texts: string[]; events: number }[]>`
    select c.id, c.unread_count as unread,
      array(select content from public.messages m
        where m.workspace_id = c.workspace_id and m.contact_id = c.id order by m.created_at, m.id
      ) as texts,
      (select count(*)::int from public.workspace_events e
        where e.workspace_id = c.workspace_id and e.type = 'new_message'
          and e.payload #>> '{contact,id}' = c.id::text) as events
    from public.contacts c
    where c.workspace_id = ${team.workspaceId} and c.phone_number = ${phoneNumber}
  `;
}

test("fault 1: the same webhook, 100 times at once at two servers, is one text, one unread, one event", async () => {
  const from = numbers.next();
  const form = inboundForm(stage.carrier, { from, body: "Only once" });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, turn) => post(turn, form)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(await readContact(from)).toMatchObject([{ unread: 1, texts: ["Only once"], events: 1 }]);
});

test("fault 2: two first texts of one number at once, 50 times over, are one contact each", async () => {
  const customers = Array.from({ length: 50 }, () => numbers.next());
  const answers = await Promise.all(
    customers.flatMap((from) =>
      [0, 1].map((turn) => post(turn, inboundForm(stage.carrier, { from, body: `first ${turn}` }))),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  for (const from of customers) {
    const contacts = await readContact(from);
    expect(contacts).toMatchObject([{ unread: 2, events: 2 }]);
    expect(contacts[0]?.texts.toSorted()).toEqual(["first 0", "first 1"]);
  }
});

describe("fault 19: a giant", () => {
  const agentPath = () => `/api/workspaces/${team.workspaceId}/contacts`;

  test("form of 1 MB is refused, and the server goes on", async () => {
    const form = inboundForm(stage.carrier, { from: numbers.next(), body: "x".repeat(1_000_000) });
    expect((await post(0, form)).status).toBe(413);
  });

  test("form of 1001 fields is refused", async () => {
    const extra = Array.from({ length: 1001 }, (_, at): [string, string] => [`Field${at}`, "1"]);
    const form = inboundForm(stage.carrier, { from: numbers.next(), body: "many", extra });
    expect((await post(0, form)).status).toBe(413);
  });

  test("text of 1600 characters and ten files is taken whole", async () => {
    const from = numbers.next();
    const sid = createSid("MM");
    const body = "ü".repeat(1600);
    const files = Array.from({ length: 10 }, (_, at): [string, string][] => [
      [
        `MediaUrl${at}`,
        `https://api.twilio.com/2010-04-01/Accounts/${stage.carrier.accountSid}/Messages/${sid}/Media/${createSid("ME")}`,
      ],
      [`MediaContentType${at}`, "image/jpeg"],
    ]).flat();
    const form = inboundForm(stage.carrier, { from, body, sid }).map(
      ([name, value]): [string, string] => [name, name === "NumMedia" ? "10" : value],
    );
    expect((await post(0, [...form, ...files])).status).toBe(200);
    expect(await readContact(from)).toMatchObject([{ texts: [body] }]);
    const kept = await stage.sql`
      select f.id from public.message_media f
      join public.messages m on m.id = f.message_id where m.twilio_sid = ${sid}
    `;
    expect(kept).toHaveLength(10);
  });

  test("JSON body of 500 kB is refused", async () => {
    const name = "x".repeat(500_000);
    const body = { phoneNumber: numbers.next(), name };
    expect((await team.alice.api("POST", agentPath(), body)).status).toBe(413);
  });

  test("JSON body nested 20 000 deep is refused", async () => {
    const deep = `{"phoneNumber":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
    const response = await fetch(stage.origin + agentPath(), {
      method: "POST",
      headers: {
        authorization: `Bearer ${team.alice.token}`,
        "content-type": "application/json",
      },
      body: deep,
    });
    expect([400, 413, 422]).toContain(response.status);
  });

  test("picture that unpacks to gigabytes is refused", async () => {
    const { status, body } = await team.alice.api(
      "POST",
      `/api/workspaces/${team.workspaceId}/media`,
      makePixelBomb(60_000, 60_000),
    );
    expect([413, 415, 422]).toContain(status);
    expect(body).toMatchObject({ code: expect.stringMatching(/^media_/) });
  });

  test("file name of 10 000 letters harms nothing", async () => {
    const response = await fetch(`${stage.origin}/api/workspaces/${team.workspaceId}/media`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${team.alice.token}`,
        "content-type": "application/octet-stream",
        "x-file-name": `${"n".repeat(10_000)}.png`,
      },
      body: createPicture(),
    });
    expect(response.status).toBeLessThan(500);
  });

  test("leaves both servers alive", async () => {
    expect(stage.crashes()).toEqual([]);
    expect(stage.servers()).toHaveLength(2);
    const from = numbers.next();
    expect((await post(1, inboundForm(stage.carrier, { from, body: "still here" }))).status).toBe(
      200,
    );
  });
});

/** A PNG whose header promises this many pixels, and whose data is next to nothing. */
function makePixelBomb(width: number, height: number): Uint8Array {
  const bytes = Buffer.from(
    "89504e470d0a1a0a0000000d494844520000000000000000080200000000000000",
    "hex",
  );
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return new Uint8Array(Buffer.concat([bytes, Buffer.alloc(2_000, 1)]));
}

const nasty: readonly [string, string][] = [
  ["a NUL in the middle", "a\0b"],
  ["a lone surrogate", "a\ud800b"],
  ["a family of four and flags", "👩‍👩‍👧‍👦🇩🇪🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  ["a right-to-left override", "abc\u202Egnp.exe"],
  ["zero-width letters", "a\u200Bb\u200Dc\uFEFF"],
  ["stacked accents", `Z${"\u0301".repeat(60)}`],
  ["é composed and decomposed", "\u00e9 and e\u0301"],
  ["letters beyond the first plane", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎"],
  ["line breaks of every kind", "a\r\nb\nc\rd\u2028e"],
  ["a formula", '=cmd|"/C calc"!A0'],
  ["markup", "<img src=x onerror=alert(1)> **bold** & &amp;"],
  ["percent and plus", "100% +1 a%00b %FF%FE"],
  ["spaces around", "  padded  "],
  ["SQL and JSON", `'); drop table messages; -- {"a":[1]}`],
  ["control letters", "bell\u0007 escape\u001b[31m"],
  ["Arabic and Hebrew", "שלום עולם مرحبا"],
];

describe("fault 20: a text of", () => {
  const kept = (text: string) => text.replaceAll("\0", "").toWellFormed();

  test.each(nasty)("%s comes in as it was written", async (_, text) => {
    const from = numbers.next();
    const sent = text.toWellFormed();
    expect((await post(0, inboundForm(stage.carrier, { from, body: sent }))).status).toBe(200);
    expect(await readContact(from)).toMatchObject([{ texts: [kept(text)], events: 1 }]);
  });

  test("all of these goes out as it was written", async () => {
    const from = numbers.next();
    await post(0, inboundForm(stage.carrier, { from, body: "hello" }));
    const [contact] = await readContact(from);
    for (const [title, text] of nasty) {
      const { status } = await team.alice.api("POST", "/api/sms/send-sms", {
        workspaceId: team.workspaceId,
        contactId: contact?.id,
        message: text,
        id: crypto.randomUUID(),
      });
      expect(status, title).toBe(200);
    }
    const sent = (await stage.carrier.listMessages()).filter(({ to }) => to === from);
    expect(sent.map(({ body }) => body)).toEqual(nasty.map(([, text]) => kept(text)));
  });
});

describe("fault 21: a webhook", () => {
  const { next } = numbers;

  /** Posts with a signature that `spoil` may change. */
  async function postSigned(spoil: {
    signature?: (genuine: string) => string | null;
    authToken?: string;
    signedUrl?: string;
    path?: string;
    form?: (form: [string, string][]) => [string, string][];
    contentType?: string;
  }) {
    const from = next();
    const form = inboundForm(stage.carrier, { from, body: "signed? " });
    const path = spoil.path ?? webhookPath();
    const genuine = signForm(
      spoil.authToken ?? stage.carrier.authToken,
      spoil.signedUrl ?? stage.origin + path,
      form,
    );
    const signature = spoil.signature ? spoil.signature(genuine) : genuine;
    const posted = spoil.form ? spoil.form(form) : form;
    const response = await fetch(stage.origin + path, {
      method: "POST",
      headers: {
        "content-type": spoil.contentType ?? "application/x-www-form-urlencoded; charset=UTF-8",
        ...(signature === null ? {} : { "x-twilio-signature": signature }),
      },
      body: posted.map((pair) => pair.map(encodeURIComponent).join("=")).join("&"),
    });
    await response.text();
    return { status: response.status, contacts: await readContact(from) };
  }

  test("with a genuine signature passes, and again a day later changes nothing", async () => {
    const from = next();
    const form = inboundForm(stage.carrier, { from, body: "genuine" });
    expect((await post(0, form)).status).toBe(200);
    await stage.sql`
      update public.webhook_receipts set created_at = created_at - interval '1 day'
      where workspace_id = ${team.workspaceId}
    `;
    expect((await post(1, form)).status).toBe(200);
    expect(await readContact(from)).toMatchObject([{ unread: 1, texts: ["genuine"], events: 1 }]);
  });

  test("with any bit of the signature flipped is refused", async () => {
    for (let bit = 0; bit < 160; bit += 13) {
      const { status, contacts } = await postSigned({
        signature: (genuine) => {
          const bytes = Buffer.from(genuine, "base64");
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          return bytes.toString("base64");
        },
      });
      expect({ status, contacts }, `bit ${bit}`).toEqual({ status: 403, contacts: [] });
    }
  });

  test.each<[string, Parameters<typeof postSigned>[0]]>([
    ["no signature", { signature: () => null }],
    ["an empty signature", { signature: () => "" }],
    ["a signature that is cut short", { signature: (genuine) => genuine.slice(0, -4) }],
    ["another account's token", { authToken: "0".repeat(32) }],
    ["the form's order of fields signed unsorted", { signature: (genuine) => `${genuine}=` }],
    ["a field added", { form: (form) => [...form, ["Extra", "1"]] }],
    ["a field taken away", { form: (form) => form.slice(0, -1) }],
    ["a field given twice", { form: (form) => [...form, ["Body", "another"]] }],
    [
      "a trimmed value",
      { form: (form) => form.map(([name, value]): [string, string] => [name, value.trim()]) },
    ],
  ])("with %s is refused and leaves nothing", async (_, spoil) => {
    const { status, contacts } = await postSigned(spoil);
    expect(contacts).toEqual([]);
    expect(status).toBe(403);
  });

  test("signed for https, another port, or a query is refused", async () => {
    const path = webhookPath();
    for (const signedUrl of [
      stage.origin.replace("http:", "https:") + path,
      stage.origin.replace(/:\d+$/, ":81") + path,
      `${stage.origin}${path}?a=1`,
      `${stage.origin}${path}/`,
    ]) {
      const { status, contacts } = await postSigned({ signedUrl });
      expect({ status, contacts }, signedUrl).toEqual({ status: 403, contacts: [] });
    }
  });

  test("with a query passes only with the query that was signed", async () => {
    const path = `${webhookPath()}?b=2&a=1`;
    const signedUrl = `${stage.origin}${path}`;
    expect((await postSigned({ path, signedUrl })).status).toBe(200);
    const other = `${webhookPath()}?a=1&b=2`;
    expect((await postSigned({ path: other, signedUrl })).status).toBe(403);
  });

  test("that is JSON with a signed digest is refused and harms nothing", async () => {
    const { status, contacts } = await postSigned({ contentType: "application/json" });
    expect(contacts).toEqual([]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test("for a workspace that is not there, or for none, is refused alike", async () => {
    const unknown = `/api/twilio/webhook/${crypto.randomUUID()}`;
    expect((await postSigned({ path: unknown })).status).toBe(403);
    expect((await postSigned({ path: "/api/twilio/webhook/not-a-uuid" })).status).toBe(403);
  });

  test("of a report is held to the same", async () => {
    const path = `/api/twilio/status/${team.workspaceId}`;
    const form = statusForm(stage.carrier, { sid: createSid("SM"), to: next(), status: "sent" });
    const url = stage.origin + path;
    const wrong = await postForm(url, form, { authToken: "0".repeat(32) });
    const right = await postForm(url, form, { authToken: stage.carrier.authToken });
    expect([wrong.status, right.status]).toEqual([403, 204]);
  });
});
