import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("what is known of a contact on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;
  let base: string;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
    base = `/api/workspaces/${stage.acme}`;
  });
  afterAll(() => stage.close());

  const send = (person: Person, method: "POST" | "PATCH", path: string, body: unknown) =>
    stage.api(server, person, method, base + path, body);
  const addField = async (label: string, kindOfField: string, choices?: string[]) => {
    const made = await send(stage.alice, "POST", "/contact-fields", {
      label,
      kind: kindOfField,
      ...(choices ? { choices } : {}),
    });
    expect(made.status).toBe(201);
    return made.body.id;
  };

  it("keeps the profile and tells the other agent of each change", async () => {
    const bob = await stage.connect(server, stage.bob);
    await bob.ask("join_workspace", { workspaceId: stage.acme });
    const { contactId } = await stage.receive(stage.acme, "+12025550171", "Hi");
    const profile = {
      company: "Ærø Bager\u0000i",
      timeZone: "Europe/Copenhagen",
      language: "da",
      about: "Wants\nrye bread",
    };
    const saved = await send(stage.alice, "PATCH", `/contacts/${contactId}`, profile);
    expect(saved).toMatchObject({ status: 200, body: { ...profile, company: "Ærø Bageri" } });
    await expect
      .poll(() => bob.events.at(-1)?.payload)
      .toMatchObject({ contact: { id: contactId, timeZone: "Europe/Copenhagen" } });
    const emptied = await send(stage.bob, "PATCH", `/contacts/${contactId}`, {
      company: null,
      timeZone: null,
    });
    expect(emptied.body).toMatchObject({ company: null, timeZone: null, language: "da" });
  });

  it("refuses a zone or a language that does not exist, and changes nothing", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550172", "Hi");
    for (const wrong of [{ timeZone: "Mars/Base" }, { timeZone: "+01:00" }, { language: "??" }]) {
      const refused = await send(stage.alice, "PATCH", `/contacts/${contactId}`, {
        ...wrong,
        name: "Nobody",
      });
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    }
    const read = await stage.api(server, stage.alice, "GET", `${base}/contacts/${contactId}`);
    expect(read.body).toMatchObject({ name: null, timeZone: null });
  });

  it("holds the values of the fields that admins define, each of its kind", async () => {
    const plan = await addField("Plan", "choice", ["Gold", "Silver"]);
    const since = await addField("Since", "date");
    const seats = await addField("Seats", "number");
    const { contactId } = await stage.receive(stage.acme, "+12025550173", "Hi");
    const save = (customFields: unknown) =>
      send(stage.bob, "PATCH", `/contacts/${contactId}`, { customFields });
    expect((await save({ [plan]: "gold", [since]: "2024-02-29" })).body.customFields).toEqual({
      [plan]: "Gold",
      [since]: "2024-02-29",
    });
    expect((await save({ [seats]: 12, [since]: null })).body.customFields).toEqual({
      [plan]: "Gold",
      [seats]: 12,
    });
    const refused = await save({ [plan]: "Bronze", [crypto.randomUUID()]: "x", [seats]: "many" });
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(refused.body.errors).toHaveLength(3);
    const archived = await send(stage.alice, "PATCH", `/contact-fields/${seats}`, {
      isArchived: true,
    });
    expect(archived.body).toMatchObject({ archivedAt: expect.any(String) });
    const read = await stage.api(server, stage.bob, "GET", `${base}/contacts/${contactId}`);
    expect(read.body.customFields).toMatchObject({ [seats]: 12 });
  });

  it("lets only admins define fields, and no stranger see them", async () => {
    const id = await addField("Birthday", "date");
    const twice = await send(stage.alice, "POST", "/contact-fields", {
      label: "birthday",
      kind: "text",
    });
    expect(twice).toMatchObject({ status: 409, body: { code: "conflict" } });
    const lacksChoices = await send(stage.alice, "POST", "/contact-fields", {
      label: "Size",
      kind: "choice",
    });
    expect(lacksChoices).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    const byAgent = await send(stage.bob, "POST", "/contact-fields", { label: "X", kind: "text" });
    expect(byAgent).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const changed = await send(stage.bob, "PATCH", `/contact-fields/${id}`, { label: "Y" });
    expect(changed).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const list = await stage.api(server, stage.bob, "GET", `${base}/contact-fields`);
    expect(list.body.items.map((each) => (each as unknown as { label: string }).label)).toContain(
      "Birthday",
    );
    const stranger = await stage.api(server, stage.carol, "GET", `${base}/contact-fields`);
    expect(stranger).toMatchObject({ status: 404, body: { code: "workspace_not_found" } });
    const sideways = await stage.api(
      server,
      stage.carol,
      "PATCH",
      `/api/workspaces/${stage.other}/contact-fields/${id}`,
      { label: "Mine" },
    );
    expect(sideways).toMatchObject({ status: 404, body: { code: "contact_field_not_found" } });
  });

  it("lists every stored file of the conversation, page by page, to members only", async () => {
    const { contactId, messageId } = await stage.receive(stage.acme, "+12025550174", "Hi");
    await sql`
      insert into public.message_media (workspace_id, message_id, position, content_type, state)
      select ${stage.acme}, ${messageId}, i, 'image/png',
        case when i = 3 then 'pending' else 'stored' end
      from generate_series(0, 6) i
    `.execute(stage.database.kysely);
    const positions: number[] = [];
    for (let cursor = ""; ; ) {
      const path = `${base}/contacts/${contactId}/media?limit=4${cursor}`;
      const page = await stage.api(server, stage.bob, "GET", path);
      const items = page.body.items as unknown as { media: { position: number } }[];
      positions.push(...items.map(({ media }) => media.position));
      if (page.body.nextCursor === null) break;
      cursor = `&cursor=${page.body.nextCursor}`;
    }
    expect(positions).toEqual([0, 1, 2, 4, 5, 6]);
    const sideways = `/api/workspaces/${stage.other}/contacts/${contactId}/media`;
    expect(await stage.api(server, stage.carol, "GET", sideways)).toMatchObject({
      status: 404,
      body: { code: "contact_not_found" },
    });
  });
});
