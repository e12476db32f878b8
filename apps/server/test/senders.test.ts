import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { chooseSender } from "../src/messages/choose-sender.ts";
import { getCredentials } from "../src/twilio/find-credentials.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

const service = `MG${"c".repeat(32)}`;

describe.each(databaseKinds)("what a text goes out from, on %s", (kind) => {
  let stage: TestStage;
  let first: string;
  let second: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    const { workspaceId } = stage;
    await stage.alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    const { accountSid, authToken } = await getCredentials(stage.context, workspaceId);
    const numbers = stage.simulator.numbers().filter((each) => each.accountSid === accountSid);
    [first = "", second = ""] = numbers.map(({ phoneNumber }) => phoneNumber);
    stage.simulator.addAccount({
      sid: accountSid,
      authToken,
      services: { [service]: [second] },
      numbers,
    });
    await sql`
      insert into public.twilio_services (workspace_id, service_sid, friendly_name, uses_number_webhook)
      values (${workspaceId}, ${service}, 'Bookings', true)
    `.execute(stage.test.database.kysely);
  });
  afterAll(() => stage?.close());

  async function addContact(preferredSender: string | null = null): Promise<string> {
    nextPhone += 1;
    const { rows } = await sql<{ id: string }>`
      insert into public.contacts (workspace_id, phone_number, preferred_sender)
      values (${stage.workspaceId}, ${`+1415553${String(nextPhone).padStart(4, "0")}`}, ${preferredSender})
      returning id
    `.execute(stage.test.database.kysely);
    return rows[0]?.id ?? "";
  }
  const send = async (contactId: string, part: Record<string, unknown> = {}) =>
    (
      await stage.bob.api("POST", "/api/sms/send-sms", {
        workspaceId: stage.workspaceId,
        contactId,
        message: "Hello",
        ...part,
      })
    ).body;
  const base = () => `/api/workspaces/${stage.workspaceId}`;
  const chooseDefault = (who: TestStage["alice"], defaultSender: string | null) =>
    who.api("PATCH", `${base()}/sending`, { defaultSender });

  it("is asked for, was chosen for the conversation, or is the default, in this order", async () => {
    expect((await send(await addContact())).message.fromNumber).toBe(first);
    expect((await send(await addContact(second))).message.fromNumber).toBe(second);
    expect((await send(await addContact(second), { from: first })).message.fromNumber).toBe(first);
    expect((await chooseDefault(stage.alice, second)).body).toMatchObject({
      sending: { defaultSender: second },
    });
    expect((await send(await addContact())).message.fromNumber).toBe(second);
    // A number that is gone by now is passed over.
    expect((await send(await addContact("+15550009999"))).message.fromNumber).toBe(second);
    await chooseDefault(stage.alice, null);
  });

  it("may be a Messaging Service, whose number is known once it has chosen", async () => {
    expect((await chooseDefault(stage.alice, service)).status).toBe(200);
    const { message } = await send(await addContact());
    // Twilio says "0" segments until the service has chosen.
    expect(message).toMatchObject({
      messagingServiceSid: service,
      status: "queued",
      numSegments: null,
    });
    await vi.waitFor(async () => {
      const { rows } = await sql<{ from_number: string | null; status: string }>`
        select from_number, status from public.messages where id = ${message.id}
      `.execute(stage.test.database.kysely);
      expect(rows).toEqual([{ from_number: second, status: "delivered" }]);
    });
    await chooseDefault(stage.alice, null);
  });

  it("is listed and paced by admins of the workspace alone", async () => {
    const { body } = await stage.bob.api("GET", `${base()}/senders`);
    expect(body.items).toMatchObject([
      { address: first, isDefault: true, isPaceSet: false },
      { address: second, isDefault: false },
      { address: service, label: "Bookings", kind: "service" },
    ]);
    const pace = `${base()}/senders/${encodeURIComponent(first)}/pace`;
    expect((await stage.bob.api("PUT", pace, { segmentsPerSecond: 5 })).body.code).toBe(
      "forbidden",
    );
    expect(
      (await stage.alice.api("PUT", pace, { segmentsPerSecond: 5 })).body.items[0],
    ).toMatchObject({ segmentsPerSecond: 5, isPaceSet: true });
    expect(
      (await stage.alice.api("PUT", pace, { segmentsPerSecond: null })).body.items[0],
    ).toMatchObject({ isPaceSet: false });
    expect((await chooseDefault(stage.bob, first)).body.code).toBe("forbidden");
    expect((await chooseDefault(stage.alice, "+15550009999")).body.code).toBe("sender_not_usable");
    for (const path of ["senders", "sending"]) {
      expect((await stage.carol.api("GET", `${base()}/${path}`)).body.code).toBe(
        "workspace_not_found",
      );
    }
  });

  it("is refused for files that it can't carry", async () => {
    await sql`
      update public.twilio_numbers set capabilities = '{"sms": true, "mms": false}'
      where workspace_id = ${stage.workspaceId} and phone_number = ${first}
    `.execute(stage.test.database.kysely);
    const contactId = await addContact();
    const choose = (from: string | null) =>
      stage.test.database.asSystem((trx) =>
        chooseSender(trx, {
          workspaceId: stage.workspaceId,
          contactId,
          cardId: null,
          from,
          hasMedia: true,
        }),
      );
    await expect(choose(first)).rejects.toMatchObject({ code: "sender_without_media" });
    expect(await choose(second)).toMatchObject({ fromNumber: second });
  });
});
