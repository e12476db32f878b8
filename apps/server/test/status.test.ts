import { sql } from "kysely";
import twilio from "twilio";
import { v7 as createUuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dispatchMessage } from "../src/messages/dispatch-message.ts";
import type { OutboundRow } from "../src/messages/messages-store.ts";
import { sweepMessages } from "../src/messages/register-message-jobs.ts";
import { findCredentials } from "../src/twilio/find-credentials.ts";
import type { TwilioCredentials } from "../src/twilio/twilio-client.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe.each(databaseKinds)("a status report on %s", (kind) => {
  let stage: TestStage;
  let credentials: TwilioCredentials;
  let contactId: string;
  let nextSid = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    await stage.alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    const found = await findCredentials(stage.context, workspaceId);
    if (!found) throw new Error("The stage is not connected.");
    credentials = found;
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number)
      values (${workspaceId}, '+14155550100') returning id
    `.execute(stage.test.database.kysely);
    contactId = rows[0]?.id ?? "";
  });
  afterAll(() => stage?.close());

  function newSid(): string {
    nextSid += 1;
    return `SM${nextSid.toString(16).padStart(32, "0")}`;
  }

  async function insert(part: { status: string; sid?: string | null; attempt?: number }) {
    const id = createUuid();
    await sql`
      insert into public.messages (
        id, workspace_id, contact_id, direction, content, status, twilio_sid, attempt,
        sending_since, from_number, to_number
      )
      values (
        ${id}, ${stage.workspaceId}, ${contactId}, 'outbound', 'hi', ${part.status},
        ${part.sid ?? null}, ${part.attempt ?? 1}, now(), '+12025550100', '+14155550100'
      )
    `.execute(stage.test.database.kysely);
    return id;
  }

  async function read(id: string): Promise<OutboundRow> {
    const { rows } = await sql<OutboundRow>`
      select * from public.messages where id = ${id}
    `.execute(stage.test.database.kysely);
    if (!rows[0]) throw new Error("There is no such message.");
    return rows[0];
  }

  async function count(table: "message_status_events" | "workspace_events"): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(`public.${table}`)}
      where workspace_id = ${stage.workspaceId}
    `.execute(stage.test.database.kysely);
    return rows[0]?.count ?? 0;
  }

  async function report(
    messageSid: string,
    status: string,
    {
      messageId = null as string | null,
      token = credentials.authToken as string | null,
      workspaceId = stage.workspaceId,
      ...fields
    }: Record<string, string | null> = {},
  ): Promise<number> {
    const query = messageId === null ? "" : `?messageId=${messageId}`;
    const url = `${stage.baseUrl}/api/twilio/status/${workspaceId}${query}`;
    const form: Record<string, string> = {
      AccountSid: credentials.accountSid,
      MessageSid: messageSid,
      MessageStatus: status,
      From: "+12025550100",
      To: "+14155550100",
    };
    for (const [name, value] of Object.entries(fields)) if (value !== null) form[name] = value;
    const response = await fetch(url, {
      method: "POST",
      headers:
        token === null
          ? {}
          : { "X-Twilio-Signature": twilio.getExpectedTwilioSignature(token, url, form) },
      body: new URLSearchParams(form),
    });
    return response.status;
  }

  it("3: never moves a text backwards, in whatever order reports come", async () => {
    const orders = [
      ["queued", "sending", "sent", "delivered"],
      ["delivered", "sent", "sending", "queued"],
      ["sent", "delivered", "queued", "sent", "undelivered"],
      ["delivered", "failed", "undelivered", "read"],
    ];
    for (const order of orders) {
      const sid = newSid();
      const id = await insert({ status: "queued", sid });
      let rank = 0;
      for (const status of order) {
        expect(await report(sid, status)).toBe(204);
        const { rows } = await sql<{ status_rank: number }>`
          select status_rank from public.messages where id = ${id}
        `.execute(stage.test.database.kysely);
        expect(rows[0]?.status_rank).toBeGreaterThanOrEqual(rank);
        rank = rows[0]?.status_rank ?? 0;
      }
      expect((await read(id)).status, order.join()).toBe("delivered");
    }
  });

  it("5: that comes 50 times at once is kept once and told once", async () => {
    const sid = newSid();
    await insert({ status: "queued", sid });
    const before = [await count("message_status_events"), await count("workspace_events")];
    const answers = await Promise.all(Array.from({ length: 50 }, () => report(sid, "delivered")));
    expect(new Set(answers)).toEqual(new Set([204]));
    const after = [await count("message_status_events"), await count("workspace_events")];
    expect(after).toEqual(before.map((each) => each + 1));
  });

  it("names the reason of a failure, which no later report erases", async () => {
    const sid = newSid();
    const id = await insert({ status: "sent", sid });
    await report(sid, "undelivered", { ErrorCode: "30003" });
    await report(sid, "delivered");
    await report(sid, "sent");
    expect(await read(id)).toMatchObject({
      status: "undelivered",
      error_code: 30003,
      error_message: expect.stringContaining("out of reach"),
    });
  });

  it("4: keeps the code of a failure, whichever of two reports names it", async () => {
    for (const codes of [
      ["30008", null],
      [null, "30008"],
    ] as const) {
      const sid = newSid();
      const id = await insert({ status: "sent", sid });
      for (const code of codes) await report(sid, "failed", code ? { ErrorCode: code } : {});
      await report(sid, "failed", { ErrorCode: "30003" });
      expect(await read(id), codes.join()).toMatchObject({ status: "failed", error_code: 30008 });
    }
  });

  it("6: with a word that nobody knows is kept as it came, and changes nothing", async () => {
    const sid = newSid();
    const id = await insert({ status: "queued", sid });
    expect(await report(sid, "teleported", { Extra: "1" })).toBe(204);
    expect((await read(id)).status).toBe("queued");
    const { rows } = await sql`
      select status, payload ->> 'Extra' as extra, message_id from public.message_status_events
      where message_sid = ${sid}
    `.execute(stage.test.database.kysely);
    expect(rows).toEqual([{ status: "teleported", extra: "1", message_id: id }]);
  });

  it("2: waits for its text when it comes first, and is applied when the text is bound", async () => {
    const id = await insert({ status: "pending", attempt: 0 });
    const sid = newSid();
    const early = {
      ...stage.context.twilio,
      sendMessage: async () => {
        // Without our id, as a Messaging Service's own callback comes.
        expect(await report(sid, "delivered")).toBe(204);
        expect((await read(id)).status).toBe("sending");
        return { outcome: "accepted", sid, status: "queued", numSegments: 1 } as const;
      },
    };
    const key = { workspaceId: stage.workspaceId, messageId: id };
    await dispatchMessage({ ...stage.context, twilio: early }, key);
    expect(await read(id)).toMatchObject({ status: "delivered", twilio_sid: sid });
  });

  it("with our id binds a text in doubt, whatever state it waits in", async () => {
    for (const status of ["pending", "sending", "unconfirmed", "sent"]) {
      const id = await insert({ status });
      const sid = newSid();
      expect(await report(sid, "sent", { messageId: id })).toBe(204);
      expect(await read(id), status).toMatchObject({ status: "sent", twilio_sid: sid });
    }
  });

  it("binds no text that was never tried, is over, or has another SID", async () => {
    const cases = [
      await insert({ status: "pending", attempt: 0 }),
      await insert({ status: "failed" }),
      await insert({ status: "queued", sid: newSid() }),
    ];
    for (const id of cases) {
      const before = await read(id);
      expect(await report(newSid(), "delivered", { messageId: id })).toBe(204);
      expect(await read(id)).toEqual(before);
    }
  });

  it("that came before anyone knew its text is given to it by the sweep", async () => {
    const sid = newSid();
    await report(sid, "delivered");
    const id = await insert({ status: "queued", sid });
    await sweepMessages(stage.context);
    expect((await read(id)).status).toBe("delivered");
  });

  it("with 21610 marks the customer as opted out", async () => {
    const sid = newSid();
    await insert({ status: "queued", sid });
    await report(sid, "failed", { ErrorCode: "21610" });
    const { rows } = await sql<{ is_opted_out: boolean }>`
      select opted_out_at is not null as is_opted_out from public.contacts where id = ${contactId}
    `.execute(stage.test.database.kysely);
    expect(rows).toEqual([{ is_opted_out: true }]);
  });

  it("that is forged, unsigned or of another account is refused and changes nothing", async () => {
    const sid = newSid();
    const id = await insert({ status: "queued", sid });
    const before = await count("message_status_events");
    const answers = await Promise.all([
      report(sid, "delivered", { token: null }),
      report(sid, "delivered", { token: "guessed" }),
      report(sid, "delivered", { AccountSid: `AC${"f".repeat(32)}` }),
      report(sid, "delivered", { workspaceId: stage.carolsWorkspaceId }),
      report(sid, "delivered", { workspaceId: "nobody" }),
    ]);
    expect(answers).toEqual([403, 403, 403, 403, 403]);
    expect((await read(id)).status).toBe("queued");
    expect(await count("message_status_events")).toBe(before);
  });

  it("that is signed but odd is answered well and does no harm", async () => {
    const sid = newSid();
    const id = await insert({ status: "queued", sid });
    for (const status of ["brand-new-word", "received", "\0"]) {
      expect(await report(sid, status)).toBe(204);
    }
    expect(await report(sid, "sent", { ErrorCode: "many", Extra: "a\0b\ud800" })).toBe(204);
    expect(await report("nonsense", "sent", { messageId: "nonsense" })).toBe(204);
    expect((await read(id)).status).toBe("sent");
  });

  it("is answered 503 when we could not keep it", async () => {
    const sid = newSid();
    await insert({ status: "queued", sid });
    await stage.test.database.runScript(
      "alter table public.message_status_events rename to events_away",
    );
    expect(await report(sid, "sent")).toBe(503);
    await stage.test.database.runScript(
      "alter table public.events_away rename to message_status_events",
    );
    expect(await report(sid, "sent")).toBe(204);
  });

  it("and no statement of anyone's can lower a status or erase an error", async () => {
    const attempts: [from: string, change: string, isAllowed: boolean][] = [
      ["delivered", "status = 'sent'", false],
      ["delivered", "status = 'failed'", false],
      ["sent", "status = 'queued'", false],
      ["queued", "status = 'pending'", false],
      ["sending", "status = 'pending', attempt = attempt + 1", false],
      ["sending", "status = 'pending'", true],
      ["unconfirmed", "status = 'pending'", true],
      ["unconfirmed", "status = 'sent'", true],
      ["queued", "status = 'delivered'", true],
    ];
    for (const [from, change, isAllowed] of attempts) {
      const id = await insert({ status: from });
      const update = sql`
        update public.messages set ${sql.raw(change)} where id = ${id}
      `.execute(stage.test.database.kysely);
      if (isAllowed) await update;
      else await expect(update, `${from}: ${change}`).rejects.toMatchObject({ code: "23514" });
    }
    const sid = newSid();
    const id = await insert({ status: "sent", sid });
    await report(sid, "failed", { ErrorCode: "30008" });
    await expect(
      sql`update public.messages set error_code = null where id = ${id}`.execute(
        stage.test.database.kysely,
      ),
    ).rejects.toMatchObject({ code: "23514" });
  });
});
