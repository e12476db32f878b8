import { sql } from "kysely";
import { v7 as createUuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Context } from "../src/context.ts";
import { choosePace, classifySender } from "../src/messages/choose-pace.ts";
import { dispatchMessage, dispatchWaiting } from "../src/messages/dispatch-message.ts";
import { settleDispatches } from "../src/messages/drain-workspace.ts";
import { databaseKinds } from "./support/test-database.ts";
import { setTestStage, type TestStage } from "./support/test-stage.ts";

describe("a sender's own pace", () => {
  it.each([
    ["+14155550123", "long_code", 1],
    ["+18885550123", "toll_free", 3],
    ["72975", "short_code", 100],
    ["+447700900123", "international", 10],
    [`MG${"a".repeat(32)}`, "service", 10],
  ] as const)("%s is a %s", (sender, kind, pace) => {
    expect([classifySender(sender), choosePace(sender, true)]).toEqual([kind, pace]);
    expect(choosePace(sender, false)).toBeGreaterThanOrEqual(100);
  });
});

describe.each(databaseKinds)("texts of many on %s", (kind) => {
  let stage: TestStage;
  let numbers: string[];
  let othersNumber: string;
  let nextPhone = 0;

  beforeAll(async () => {
    stage = await setTestStage(kind);
    numbers = await connect(stage.alice, stage.workspaceId);
    [othersNumber = ""] = await connect(stage.carol, stage.carolsWorkspaceId);
  });
  afterAll(async () => {
    await stage?.simulator.idle();
    await stage?.close();
  });

  async function connect(owner: TestStage["alice"], workspaceId: string): Promise<string[]> {
    const { body } = await owner.api("POST", "/api/twilio/config/simulator", { workspaceId });
    return body.numbers.map((each: { phoneNumber: string }) => each.phoneNumber);
  }
  const db = () => stage.test.database.kysely;

  /** Waits in line, to a contact of its own. */
  async function addPending(content: string, part: { from?: string; in?: string } = {}) {
    nextPhone += 1;
    const workspaceId = part.in ?? stage.workspaceId;
    const phone = `+1415558${String(nextPhone).padStart(4, "0")}`;
    const id = createUuid();
    await sql`
      with c as (
        insert into public.contacts (workspace_id, phone_number) values (${workspaceId}, ${phone})
        returning id
      )
      insert into public.messages (
        id, workspace_id, contact_id, direction, content, status, from_number, to_number
      )
      select ${id}, ${workspaceId}, id, 'outbound', ${content}, 'pending',
        ${part.from ?? (part.in ? othersNumber : numbers[0])}, ${phone}
      from c
    `.execute(db());
    return id;
  }
  const created = (prefix: string) =>
    stage.simulator
      .messages()
      .filter((message) => message.direction === "outbound-api" && message.body.startsWith(prefix));
  const all = (prefix: string, count: number) =>
    vi.waitFor(() => expect(created(prefix)).toHaveLength(count), {
      timeout: 20_000,
      interval: 20,
    });
  const pace = (sender: string, segmentsPerSecond: number | null) =>
    sql`
      insert into public.sender_lanes (workspace_id, sender, segments_per_second, free_at)
      values (${stage.workspaceId}, ${sender}, ${segmentsPerSecond}, now() - interval '1 hour')
      on conflict (workspace_id, sender) do update
        set segments_per_second = excluded.segments_per_second, free_at = excluded.free_at
    `.execute(db());

  it("leave a sender no faster than its pace, in segments, and hold up no other", async () => {
    await pace(numbers[0] ?? "", 1);
    // Two segments each, so two seconds each; what is two seconds ahead leaves at once.
    const body = (n: number) => `Paced ${n} ${"x".repeat(200)}`;
    for (let n = 0; n < 4; n += 1) await addPending(body(n));
    dispatchWaiting(stage.context, stage.workspaceId);
    await vi.waitFor(() => expect(created("Paced").length).toBeGreaterThan(0), {
      timeout: 10_000,
      interval: 5,
    });
    // Another sender is not held up by it.
    const other = await addPending("Not paced", { from: numbers[1] ?? "" });
    await dispatchMessage(stage.context, { workspaceId: stage.workspaceId, messageId: other });
    expect(created("Not paced")).toHaveLength(1);
    expect(created("Paced").length).toBeLessThan(4);
    await all("Paced", 4);
    const times = created("Paced")
      .map(({ dateCreated }) => dateCreated.getTime())
      .toSorted((a, b) => a - b);
    // 8 segments at 1 a second, less the last one's own time and the 2 seconds ahead.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(3000);
    expect(created("Paced").map(({ body: text }) => text)).toHaveLength(
      new Set(created("Paced").map(({ body: text }) => text)).size,
    );
    await pace(numbers[0] ?? "", null);
  });

  it("of one workspace's burst don't hold up another workspace's", async () => {
    stage.simulator.injectFault({
      route: "messages.create",
      kind: "delay",
      times: 60,
      delayMs: 600,
    });
    for (let n = 0; n < 60; n += 1) await addPending(`Burst ${n}`);
    dispatchWaiting(stage.context, stage.workspaceId);
    await vi.waitFor(() => expect(created("Burst").length).toBeGreaterThan(0), {
      timeout: 10_000,
    });
    const mine = await addPending("Just one", { in: stage.carolsWorkspaceId });
    await dispatchMessage(stage.context, {
      workspaceId: stage.carolsWorkspaceId,
      messageId: mine,
    });
    expect(created("Just one")).toHaveLength(1);
    expect(created("Burst").length).toBeLessThan(60);
    await all("Burst", 60);
  });

  it("never have more than 20 requests of an account under way", async () => {
    let underWay = 0;
    let most = 0;
    const { twilio } = stage.context;
    const counting: Context = {
      ...stage.context,
      twilio: {
        ...twilio,
        sendMessage: async (...parts) => {
          underWay += 1;
          most = Math.max(most, underWay);
          try {
            await new Promise((resolve) => setTimeout(resolve, 300));
            return await twilio.sendMessage(...parts);
          } finally {
            underWay -= 1;
          }
        },
      },
    };
    for (let n = 0; n < 50; n += 1) await addPending(`Crowd ${n}`);
    dispatchWaiting(counting, stage.workspaceId);
    await all("Crowd", 50);
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(20);
  });

  it("are sent once by two servers, and at one pace", async () => {
    await pace(numbers[0] ?? "", 10);
    // An embedded database has one server; there two that share its one connection stand in.
    const database = kind === "postgres" ? stage.test.openAnother() : stage.test.database;
    const second = { ...stage.context, database };
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) ids.push(await addPending(`Two servers ${n} `));
    const startedAt = Date.now();
    dispatchWaiting(stage.context, stage.workspaceId);
    dispatchWaiting(second, stage.workspaceId);
    await Promise.all(
      ids.flatMap((messageId) =>
        [stage.context, second].map((context) =>
          dispatchMessage(context, { workspaceId: stage.workspaceId, messageId }),
        ),
      ),
    );
    await all("Two servers", 40);
    // 40 segments at 10 a second, of which 20 may be ahead.
    expect(Date.now() - startedAt).toBeGreaterThan(1500);
    await settleDispatches(second.database);
    expect(created("Two servers")).toHaveLength(40);
    await pace(numbers[0] ?? "", null);
  });
});
