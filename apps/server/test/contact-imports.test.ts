import type { ContactImport, ImportOutcome, ImportRow } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findHead } from "../src/realtime/event-log.ts";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("contacts from a file on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;
  let base: string;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
    base = `/api/workspaces/${stage.acme}`;
  });
  afterAll(() => stage.close());

  const get = async (path: string, person: Person = stage.alice) =>
    (await stage.api(server, person, "GET", base + path)).body;
  const post = (path: string, body: unknown, person: Person = stage.alice) =>
    stage.api(server, person, "POST", base + path, body);
  const send = async (path: string, rows: ImportRow[], defaultCountry = "US") => {
    const { status, body } = await post(path, { defaultCountry, rows });
    expect(status).toBe(200);
    return body.items as unknown as ImportOutcome[];
  };
  const begin = async () => {
    const id = crypto.randomUUID();
    const begun = await post("/contact-imports", { id, fileName: "people.csv" });
    expect(begun.status).toBe(201);
    return `/contact-imports/${id}`;
  };
  const outcomes = (items: ImportOutcome[]) => items.map(({ outcome }) => outcome);
  const find = async (digits: string) =>
    (await get(`/contacts?q=${encodeURIComponent(digits)}`)).items[0];
  async function download(path: string, person: Person) {
    const response = await fetch(server.baseUrl + base + path, {
      headers: { authorization: `Bearer ${await stage.signToken(person)}` },
    });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  it("says beforehand what each row would do, and changes nothing", async () => {
    await stage.receive(stage.acme, "+12025550161", "Hi");
    const rows: ImportRow[] = [
      { row: 1, phoneNumber: "(202) 555-0161", name: "Ann" },
      { row: 2, phoneNumber: "030 901820", name: "Berta", email: "berta@x.test" },
      { row: 3, phoneNumber: "nonsense" },
      { row: 4, phoneNumber: "+12025550162", email: "nobody", timeZone: "Mars/Base" },
      { row: 5, phoneNumber: "+1 202 555 0161", name: "Another" },
      { row: 6, phoneNumber: "+12025550163", name: "  " },
    ];
    const items = await send("/contact-imports/check", rows);
    expect(outcomes(items)).toEqual(["update", "error", "error", "error", "error", "create"]);
    expect(items[3]?.errors.map(({ column }) => column)).toEqual(["email", "timeZone"]);
    expect(items[4]?.errors).toEqual([
      { column: "phoneNumber", reason: "is in an earlier row already" },
    ]);
    const german = await send("/contact-imports/check", rows.slice(1, 2), "DE");
    expect(german[0]).toMatchObject({ outcome: "create", phoneNumber: "+4930901820" });
    expect(await find("+12025550163")).toBeUndefined();
    expect(await find("+12025550161")).toMatchObject({ name: null });
  });

  it("adds and changes by the number, keeps what a row leaves out, and is live", async () => {
    const bob = await stage.connect(server, stage.bob);
    await bob.ask("join_workspace", { workspaceId: stage.acme });
    const path = await begin();
    const first = await send(`${path}/rows`, [
      { row: 1, phoneNumber: "+12025550164", name: "Ann\u0000", company: "Acme", language: "EN" },
    ]);
    expect(outcomes(first)).toEqual(["create"]);
    await expect
      .poll(() => bob.events.at(-1)?.payload)
      .toMatchObject({ contact: { name: "Ann", company: "Acme", language: "en" } });
    const again = await send(`${path}/rows`, [
      { row: 1, phoneNumber: "2025550164", name: "Anna", company: "" },
      { row: 2, phoneNumber: "+12025550165" },
    ]);
    expect(outcomes(again)).toEqual(["update", "create"]);
    expect(await find("+12025550164")).toMatchObject({ name: "Anna", company: "Acme" });
    const same = await send(`${path}/rows`, [{ row: 1, phoneNumber: "2025550164", name: "Anna" }]);
    expect(outcomes(same)).toEqual(["unchanged"]);
    const list = (await get("/contact-imports")).items as unknown as ContactImport[];
    expect(list[0]).toMatchObject({ createdCount: 2, updatedCount: 1, unchangedCount: 1 });
  });

  it("takes an import back, but for what people did since", async () => {
    const plan = (await post("/contact-fields", { label: "Plan", kind: "text" })).body.id;
    const { contactId } = await stage.receive(stage.acme, "+12025550166", "Hi");
    await stage.api(server, stage.alice, "PATCH", `${base}/contacts/${contactId}`, {
      name: "Before",
      email: "before@x.test",
    });
    const path = await begin();
    await send(`${path}/rows`, [
      {
        row: 1,
        phoneNumber: "+12025550166",
        name: "Imported",
        email: "imported@x.test",
        customFields: { [plan]: "Gold" },
      },
      { row: 2, phoneNumber: "+12025550167", name: "Untouched" },
      { row: 3, phoneNumber: "+12025550168", name: "Has texted" },
    ]);
    await stage.receive(stage.acme, "+12025550168", "Hello");
    await stage.api(server, stage.bob, "PATCH", `${base}/contacts/${contactId}`, {
      email: "since@x.test",
    });
    expect((await post(`${path}/undo`, {})).body).toMatchObject({ leftCount: 0 });
    expect(await find("+12025550166")).toMatchObject({
      name: "Before",
      email: "since@x.test",
      customFields: {},
    });
    expect(await find("+12025550167")).toBeUndefined();
    expect(await find("+12025550168")).toMatchObject({ name: "Has texted" });
    const late = await post(`${path}/rows`, {
      defaultCountry: "US",
      rows: [{ row: 4, phoneNumber: "+12025550169" }],
    });
    expect(late).toMatchObject({ status: 409, body: { code: "conflict" } });
  });

  it("takes ten thousand rows, and counts and log stay true", async () => {
    const before = await stage.database.asSystem((trx) => findHead(trx, stage.acme));
    const path = await begin();
    const made = new Map<string, number>();
    for (let at = 0; at < 10_000; at += 200) {
      const rows = Array.from({ length: 200 }, (_, n) => ({
        row: at + n + 1,
        phoneNumber: `+1203${3_000_000 + at + n}`,
        name: `Person ${at + n}`,
      }));
      for (const { outcome } of await send(`${path}/rows`, rows)) {
        made.set(outcome, (made.get(outcome) ?? 0) + 1);
      }
    }
    expect([...made]).toEqual([["create", 10_000]]);
    // Of the last part, sent again because its answer was lost, nothing is made twice.
    const again = await send(`${path}/rows`, [{ row: 10_000, phoneNumber: "+12033009999" }]);
    expect(outcomes(again)).toEqual(["unchanged"]);
    expect((await get("/contact-imports")).items[0]).toMatchObject({
      createdCount: 10_000,
      unchangedCount: 1,
      failedCount: 0,
    });
    const { rows } = await sql<{
      contacts: number;
      events: number;
      head: number;
      is_true: boolean;
    }>`
      select
        (
          select count(*)::int from public.contacts c
          where c.workspace_id = s.workspace_id and c.phone_number like '+12033%'
        ) as contacts,
        (
          select count(*)::int from public.workspace_events e
          where e.workspace_id = s.workspace_id and e.seq > ${before?.head ?? 0}
        ) as events,
        s.last_seq::int as head,
        s.view_counts = private.recount_views(s.workspace_id) as is_true
      from public.workspace_streams s where s.workspace_id = ${stage.acme}
    `.execute(stage.database.kysely);
    expect(rows).toEqual([
      { contacts: 10_000, events: 10_000, head: (before?.head ?? 0) + 10_000, is_true: true },
    ]);
    expect(await find("+12033004321")).toMatchObject({ name: "Person 4321" });
  }, 240_000);

  it("is for admins, and no stranger's", async () => {
    const path = await begin();
    const body = { defaultCountry: "US", rows: [{ row: 1, phoneNumber: "+12025550160" }] };
    for (const each of [`${path}/rows`, `${path}/undo`, "/contact-imports/check"]) {
      expect(await post(each, body, stage.bob)).toMatchObject({ status: 403 });
      expect(await post(each, body, stage.carol)).toMatchObject({ status: 404 });
    }
    const sideways = await stage.api(
      server,
      stage.carol,
      "POST",
      `/api/workspaces/${stage.other}${path}/undo`,
      {},
    );
    expect(sideways).toMatchObject({ status: 404, body: { code: "not_found" } });
    for (const wrong of [
      { ...body, defaultCountry: "XX" },
      { ...body, rows: [] },
      { ...body, rows: Array.from({ length: 201 }, () => body.rows[0]) },
    ]) {
      expect(await post(`${path}/rows`, wrong)).toMatchObject({ status: 400 });
    }
  });

  it("writes a file that a spreadsheet opens and an import reads back", async () => {
    await post("/contacts", {
      phoneNumber: "+12025550151",
      name: '=HYPERLINK("x")',
      about: "a,\nb",
    });
    expect((await download("/contacts.csv", stage.bob)).status).toBe(403);
    expect((await download("/contacts.csv", stage.carol)).status).toBe(404);
    const { status, bytes } = await download("/contacts.csv", stage.alice);
    expect(status).toBe(200);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = bytes.toString("utf8");
    expect(text).toContain("Phone number,Name,E-mail");
    expect(text).toContain(`'+12025550151,"'=HYPERLINK(""x"")",,,,,"a,\nb"`);
    expect(text.match(/\r\n/g)?.length).toBeGreaterThan(5);
  });

  it("writes a conversation for any member of the workspace", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550152", "@cmd");
    await stage.receive(stage.acme, "+12025550152", "second");
    const path = `/contacts/${contactId}/messages.csv`;
    const { status, bytes } = await download(path, stage.bob);
    expect(status).toBe(200);
    const lines = bytes.toString("utf8").trimEnd().split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/,'\+12025550152,inbound,'@cmd,0,received,,/);
    expect((await download(path, stage.carol)).status).toBe(404);
    const missing = await download(`/contacts/${crypto.randomUUID()}/messages.csv`, stage.bob);
    expect(missing.status).toBe(404);
  });
});
