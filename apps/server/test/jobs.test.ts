import { sql } from "kysely";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createJobs, type Jobs } from "../src/platform/jobs.ts";
import {
  createMigratedDatabase,
  databaseKinds,
  type TestDatabase,
} from "./support/test-database.ts";

const log = pino({ level: "silent" });
const payload = { workspaceId: crypto.randomUUID(), messageId: crypto.randomUUID() };
const alice = crypto.randomUUID();

describe.each(databaseKinds)("jobs on %s", (kind) => {
  let test: TestDatabase;
  let running: Jobs[] = [];

  beforeEach(async () => {
    test = await createMigratedDatabase(kind);
  });
  afterEach(async () => {
    await Promise.all(running.map((jobs) => jobs.stop()));
    running = [];
    await test.drop();
  });

  function create(): Jobs {
    const jobs = createJobs(test.database, log);
    running.push(jobs);
    return jobs;
  }

  it("runs what a transaction enqueued, soon after its commit", async () => {
    const jobs = create();
    const handler = vi.fn(async () => {});
    jobs.work("dispatch_message", handler);
    await jobs.start();
    await test.database.asSystem((trx) => jobs.enqueue(trx, "dispatch_message", payload));
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1), 3000);
    expect(handler).toHaveBeenCalledWith(payload, { isLastAttempt: false });
  });

  it("forgets what a transaction enqueued that came to nothing", async () => {
    const jobs = create();
    const handler = vi.fn(async () => {});
    jobs.work("dispatch_message", handler);
    await jobs.start();
    const attempt = test.database.asSystem(async (trx) => {
      await jobs.enqueue(trx, "dispatch_message", payload);
      throw new Error("changed my mind");
    });
    await expect(attempt).rejects.toThrow("changed my mind");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(handler).not.toHaveBeenCalled();
  });

  it("takes a member's job without giving the member any right on the queue", async () => {
    const jobs = create();
    const handler = vi.fn(async () => {});
    jobs.work("dispatch_message", handler);
    await jobs.start();
    const role = await test.database.asMember(alice, async (trx) => {
      await jobs.enqueue(trx, "dispatch_message", payload);
      const { rows } = await sql<{ role: string }>`select current_user as role`.execute(trx);
      return rows[0]?.role;
    });
    expect(role).toBe("authenticated");
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1), 3000);
    await expect(
      test.database.asMember(alice, (trx) => sql`select * from pgboss.job`.execute(trx)),
    ).rejects.toThrow(/permission denied/);
  });

  it("runs again what threw", async () => {
    const jobs = create();
    let runs = 0;
    jobs.work("dispatch_message", async () => {
      runs += 1;
      if (runs === 1) throw new Error("not yet");
    });
    await jobs.start();
    await test.database.asSystem((trx) => jobs.enqueue(trx, "dispatch_message", payload));
    await vi.waitFor(() => expect(runs).toBe(2), { timeout: 9000, interval: 100 });
  }, 15_000);

  it("keeps work over a restart", async () => {
    const before = create();
    await before.start();
    await test.database.asSystem((trx) => before.enqueue(trx, "dispatch_message", payload));
    await before.stop();

    const after = create();
    const handler = vi.fn(async () => {});
    after.work("dispatch_message", handler);
    await after.start();
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1), 3000);
  });

  it("sweeps at once, with every handler, even beside one that throws", async () => {
    const jobs = create();
    const swept = vi.fn(async () => {});
    jobs.work("sweep", async () => {
      throw new Error("broken");
    });
    jobs.work("sweep", swept);
    await jobs.start();
    await vi.waitFor(() => expect(swept).toHaveBeenCalledTimes(1), 3000);
  });
});
