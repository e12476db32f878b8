import { applyEvent, type CannedReply, type InboxState, type LogEvent } from "@livechat/shared";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("canned replies on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;
  let path: string;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
    path = `/api/workspaces/${stage.acme}/canned-replies`;
  });
  afterAll(() => stage.close());

  const ask = async (
    person: Person,
    method: "GET" | "POST" | "PUT" | "DELETE",
    at: string,
    body?: unknown,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server really answered.
  ): Promise<any> => stage.api(server, person, method, at, body);
  const list = async (): Promise<CannedReply[]> => (await ask(stage.bob, "GET", path)).body.items;

  it("are added, changed and removed by any member, and every browser follows", async () => {
    const tab = await stage.connect(server, stage.bob);
    const fresh = (await ask(stage.bob, "GET", path)).body;
    // Nothing else of the state is touched here.
    const before: Partial<InboxState> = { lastSeq: fresh.asOfSeq, cannedReplies: new Map() };
    let state = before as InboxState;
    await tab.ask("join_workspace", { workspaceId: stage.acme });
    const made = await ask(stage.alice, "POST", path, {
      shortcut: " Hours ",
      content: "We are open until six.",
    });
    expect(made).toMatchObject({
      status: 201,
      body: { shortcut: "hours", content: "We are open until six." },
    });
    const other = await ask(stage.alice, "POST", path, { shortcut: "bye", content: "Bye\u0000!" });
    expect(other.body.content).toBe("Bye!");
    const changed = await ask(stage.bob, "PUT", `${path}/${made.body.id}`, {
      shortcut: "open",
      content: "Until six, {{first_name|friend}}.",
    });
    expect(changed.status).toBe(200);
    expect((await ask(stage.bob, "DELETE", `${path}/${other.body.id}`)).status).toBe(204);
    expect(await list()).toEqual([changed.body]);
    await vi.waitFor(() => expect(tab.events).toHaveLength(4));
    for (const event of tab.events) state = applyEvent(state, event as unknown as LogEvent).state;
    expect([...state.cannedReplies.values()]).toEqual(await list());
    tab.socket.disconnect();
  });

  it("have one text for each shortcut", async () => {
    const [first, second] = [
      await ask(stage.alice, "POST", path, { shortcut: "one", content: "1" }),
      await ask(stage.alice, "POST", path, { shortcut: "two", content: "2" }),
    ];
    const taken = { status: 409, body: { code: "shortcut_taken" } };
    expect(await ask(stage.bob, "POST", path, { shortcut: "ONE", content: "x" })).toMatchObject(
      taken,
    );
    expect(
      await ask(stage.bob, "PUT", `${path}/${second.body.id}`, { shortcut: "one", content: "x" }),
    ).toMatchObject(taken);
    expect(
      (await ask(stage.bob, "PUT", `${path}/${first.body.id}`, { shortcut: "one", content: "x" }))
        .status,
    ).toBe(200);
    const race = await Promise.all(
      ["a", "b", "c"].map((content) =>
        ask(stage.alice, "POST", path, { shortcut: "raced", content }),
      ),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it("are refused when they can't be used, and then nothing is kept", async () => {
    const before = await list();
    for (const body of [
      { shortcut: "two words", content: "x" },
      { shortcut: "", content: "x" },
      { shortcut: "blank", content: " \n " },
      { shortcut: "nul", content: "\u0000" },
      { shortcut: "long", content: "x".repeat(1601) },
      {},
    ]) {
      expect(await ask(stage.alice, "POST", path, body)).toMatchObject({
        status: 400,
        body: { code: "invalid_request" },
      });
    }
    expect(await list()).toEqual(before);
    const missing = `${path}/${crypto.randomUUID()}`;
    const none = { status: 404, body: { code: "canned_reply_not_found" } };
    expect(await ask(stage.alice, "DELETE", missing)).toMatchObject(none);
    expect(
      await ask(stage.alice, "PUT", missing, { shortcut: "none", content: "x" }),
    ).toMatchObject(none);
  });

  it("of another workspace can be neither seen nor touched", async () => {
    const made = await ask(stage.alice, "POST", path, { shortcut: "secret", content: "ours" });
    const notThere = { status: 404, body: { code: "workspace_not_found" } };
    expect(await ask(stage.carol, "GET", path)).toMatchObject(notThere);
    expect(await ask(stage.carol, "POST", path, { shortcut: "x", content: "x" })).toMatchObject(
      notThere,
    );
    const hers = `/api/workspaces/${stage.other}/canned-replies`;
    const none = { status: 404, body: { code: "canned_reply_not_found" } };
    expect(await ask(stage.carol, "DELETE", `${hers}/${made.body.id}`)).toMatchObject(none);
    expect(
      await ask(stage.carol, "PUT", `${hers}/${made.body.id}`, { shortcut: "x", content: "x" }),
    ).toMatchObject(none);
    expect(
      (await ask(stage.carol, "POST", hers, { shortcut: "secret", content: "hers" })).status,
    ).toBe(201);
    expect((await ask(stage.carol, "GET", hers)).body.items).toHaveLength(1);
  });
});
