import { createInviteRequest, type Member, memberList } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseKinds } from "./support/test-database.ts";
import { type Person, startTestServer, type TestServer } from "./support/test-server.ts";

describe.each(databaseKinds)("sign-up by invitation on %s", (kind) => {
  let test: TestServer;
  let alice: Person;
  let workspaceId: string;

  beforeAll(async () => {
    test = await startTestServer(kind, { config: { isSignupOpen: false } });
  });
  afterAll(() => test.close());

  const register = (name: string, inviteToken?: string) =>
    test.api("POST", "/auth/v1/signup", {
      email: `${name}@example.test`,
      password: "correct horse battery",
      data: { display_name: name, invite_token: inviteToken },
    });

  it("lets exactly one of those in who come first at the same moment", async () => {
    expect((await test.api("GET", "/api/config")).body.needsFirstAccount).toBe(true);
    const answers = await Promise.all(["a", "b", "c", "d"].map((name) => register(name)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403, 403]);
    const refused = answers.find(({ status }) => status === 403);
    expect(refused?.body).toMatchObject({ code: "signup_closed", error_code: "signup_closed" });
    expect((await test.api("GET", "/api/config")).body.needsFirstAccount).toBe(false);

    const token: string = answers.find(({ status }) => status === 200)?.body.access_token;
    alice = {
      userId: "",
      email: "",
      token,
      api: async (method, path, body) => {
        const response = await fetch(test.baseUrl + path, {
          method,
          headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const text = await response.text();
        return {
          status: response.status,
          body: text ? JSON.parse(text) : "",
          headers: response.headers,
        };
      },
    };
    const created = await alice.api("POST", "/api/workspaces", { name: "Acme" });
    expect(created).toMatchObject({ status: 201, body: { name: "Acme", role: "owner" } });
    workspaceId = created.body.id;
  });

  it("lets the holder of an invitation in, once, and stores nothing of its link", async () => {
    const { body: created } = await alice.api("POST", `/api/workspaces/${workspaceId}/invites`, {
      email: "bob@example.test",
    });
    const token = new URL(created.url).pathname.split("/").at(-1) ?? "";
    expect((await test.api("GET", `/api/invites/${token}`)).body).toEqual({
      workspaceName: "Acme",
      email: "bob@example.test",
      role: "agent",
    });
    expect((await register("eve", "a-guess")).status).toBe(403);
    const bob = await test.signUp("bob", token);

    const { rows } = await sql<{ all: string }>`
      select (select string_agg(u::text, '') from auth.users u) ||
        (select string_agg(i::text, '') from public.workspace_invites i) as all
    `.execute(test.server.context.database.kysely);
    expect(rows[0]?.all).not.toContain(token);

    expect((await bob.api("GET", "/api/me")).body).toMatchObject({
      displayName: "bob",
      canCreateWorkspace: false,
      workspaces: [],
    });
    expect((await bob.api("POST", "/api/workspaces", { name: "Mine" })).body.code).toBe(
      "forbidden",
    );
    const joined = await bob.api("POST", `/api/invites/${token}/accept`);
    expect(joined).toMatchObject({ status: 200, body: { id: workspaceId, role: "agent" } });

    for (const again of [
      await bob.api("POST", `/api/invites/${token}/accept`),
      await test.api("GET", `/api/invites/${token}`),
    ]) {
      expect(again).toMatchObject({ status: 404, body: { code: "invite_invalid" } });
    }
    expect((await register("eve", token)).status).toBe(403);
  });

  it("keeps an invitation that a member opens by mistake", async () => {
    const { body } = await alice.api("POST", `/api/workspaces/${workspaceId}/invites`, {});
    const path = `/api/invites/${new URL(body.url).pathname.split("/").at(-1)}`;
    expect((await alice.api("POST", `${path}/accept`)).body.code).toBe("conflict");
    expect((await test.api("GET", path)).status).toBe(200);
  });

  it("refuses an invitation that has expired or was withdrawn", async () => {
    const invites = `/api/workspaces/${workspaceId}/invites`;
    const { body: old } = await alice.api("POST", invites, createInviteRequest.parse({}));
    const { body: withdrawn } = await alice.api("POST", invites, {});
    await sql`
      update public.workspace_invites set expires_at = now() - interval '1 second'
      where id = ${old.invite.id}
    `.execute(test.server.context.database.kysely);
    expect((await alice.api("DELETE", `${invites}/${withdrawn.invite.id}`)).status).toBe(204);
    expect((await alice.api("DELETE", `${invites}/${withdrawn.invite.id}`)).status).toBe(404);
    for (const { url } of [old, withdrawn]) {
      const token = new URL(url).pathname.split("/").at(-1);
      expect((await register("eve", token)).status).toBe(403);
      expect((await test.api("GET", `/api/invites/${token}`)).status).toBe(404);
    }
    const { body: list } = await alice.api("GET", invites);
    expect(JSON.stringify(list)).not.toMatch(/token/i);
    expect(list.items).toHaveLength(3);
  });
});

describe.each(databaseKinds)("members on %s", (kind) => {
  let test: TestServer;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let members: string;
  let workspaceId: string;

  beforeAll(async () => {
    test = await startTestServer(kind);
    [alice, bob, carol] = [
      await test.signUp("alice"),
      await test.signUp("bob"),
      await test.signUp("carol"),
    ];
    workspaceId = (await alice.api("POST", "/api/workspaces", { name: "Acme" })).body.id;
    await carol.api("POST", "/api/workspaces", { name: "Other" });
    members = `/api/workspaces/${workspaceId}/members`;
    await join(bob);
  });
  afterAll(() => test.close());

  async function join(person: Person, role = "agent") {
    const { body } = await alice.api("POST", `/api/workspaces/${workspaceId}/invites`, { role });
    const token = new URL(body.url).pathname.split("/").at(-1);
    return person.api("POST", `/api/invites/${token}/accept`);
  }

  async function lastEvent() {
    const { rows } = await sql<{ type: string; payload: { member?: Member; userId?: string } }>`
      select type, payload from public.workspace_events
      where workspace_id = ${workspaceId} order by seq desc limit 1
    `.execute(test.server.context.database.kysely);
    return rows[0];
  }

  it("know each other by name and address", async () => {
    const { body } = await bob.api("GET", members);
    expect(memberList.parse(body).items).toEqual([
      { userId: alice.userId, displayName: "alice", email: alice.email, role: "owner" },
      { userId: bob.userId, displayName: "bob", email: bob.email, role: "agent" },
    ]);
    const renamed = await bob.api("PATCH", "/api/me", { displayName: "Bobby" });
    expect(renamed.body.displayName).toBe("Bobby");
    expect((await lastEvent())?.payload.member?.displayName).toBe("Bobby");
    expect((await alice.api("GET", members)).body.items[1].displayName).toBe("Bobby");
  });

  it("do only what their role allows", async () => {
    const workspace = `/api/workspaces/${workspaceId}`;
    for (const [method, path, body] of [
      ["PATCH", workspace, { name: "Bob's" }],
      ["PATCH", `${members}/${bob.userId}`, { role: "owner" }],
      ["DELETE", `${members}/${alice.userId}`, undefined],
      ["GET", `${workspace}/invites`, undefined],
      ["POST", `${workspace}/invites`, { role: "admin" }],
    ] as const) {
      const answer = await bob.api(method, path, body);
      expect(answer, `${method} ${path}`).toMatchObject({
        status: 403,
        body: { code: "forbidden" },
      });
    }
    const promoted = await alice.api("PATCH", `${members}/${bob.userId}`, { role: "admin" });
    expect(promoted.body.role).toBe("admin");
    expect((await lastEvent())?.payload.member?.role).toBe("admin");
    expect((await bob.api("PATCH", workspace, { name: "Acme Ltd" })).body.name).toBe("Acme Ltd");
    for (const [method, path, body] of [
      ["PATCH", `${members}/${bob.userId}`, { role: "owner" }],
      ["PATCH", `${members}/${alice.userId}`, { role: "agent" }],
      ["DELETE", `${members}/${alice.userId}`, undefined],
    ] as const) {
      expect((await bob.api(method, path, body)).status, `${method} ${path}`).toBe(403);
    }
  });

  it("never leave a workspace without an owner", async () => {
    const demoted = await alice.api("PATCH", `${members}/${alice.userId}`, { role: "agent" });
    expect(demoted).toMatchObject({ status: 409, body: { code: "conflict" } });
    const removed = await alice.api("DELETE", `${members}/${alice.userId}`);
    expect(removed).toMatchObject({ status: 409, body: { code: "conflict" } });

    await alice.api("PATCH", `${members}/${bob.userId}`, { role: "owner" });
    const both = await Promise.all([
      alice.api("DELETE", `${members}/${alice.userId}`),
      bob.api("DELETE", `${members}/${bob.userId}`),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect((await lastEvent())?.type).toBe("member_removed");
    const [stayed, left] = both[0]?.status === 204 ? [bob, alice] : [alice, bob];
    expect((await left.api("GET", members)).body.code).toBe("workspace_not_found");
    expect((await stayed.api("GET", members)).body.items).toHaveLength(1);
  });

  it("are nobody's business outside", async () => {
    const nowhere = "a0000000-0000-4000-8000-00000000ffff";
    const ask = async (id: string) => {
      const answers = [];
      for (const [method, path, body] of [
        ["GET", "", undefined],
        ["PATCH", "", { name: "Carol's" }],
        ["GET", "/members", undefined],
        ["PATCH", `/members/${alice.userId}`, { role: "agent" }],
        ["DELETE", `/members/${alice.userId}`, undefined],
        ["GET", "/invites", undefined],
        ["POST", "/invites", {}],
        ["DELETE", `/invites/${nowhere}`, undefined],
      ] as const) {
        const { status, body: problem } = await carol.api(
          method,
          `/api/workspaces/${id}${path}`,
          body,
        );
        answers.push({ status, code: problem.code, detail: problem.detail });
      }
      return answers;
    };
    const answers = await ask(workspaceId);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    // A workspace that is there and one that is not look the same.
    expect(answers).toEqual(await ask(nowhere));
  });
});
