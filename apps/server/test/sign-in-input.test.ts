import { afterAll, beforeAll, expect, it } from "vitest";
import { type Person, startTestServer, type TestServer } from "./support/test-server.ts";

let test: TestServer;
let alice: Person;

beforeAll(async () => {
  test = await startTestServer("embedded");
  alice = await test.signUp("alice");
});
afterAll(() => test.close());

const password = "correct horse battery";
const senseless: unknown[] = [
  { email: "a\0@example.test", password },
  { email: "\ud800@example.test", password },
  { email: `${"a".repeat(250)}@example.test`, password },
  { email: ["bob@example.test"], password },
  { email: "bob@example.test", password: 12345678 },
  { email: "bob@example.test", password: null },
  { email: "bob@example.test", password, data: { display_name: "\0" } },
  { email: "bob@example.test", password, data: { deep: [{ name: "\udc00" }] } },
  { refresh_token: "a\0b" },
  "null",
  "[]",
  "{",
];

it.each(senseless)("sign-in refuses %j wherever it is sent", async (body) => {
  const answers = [
    await test.api("POST", "/auth/v1/signup", body),
    await test.api("POST", "/auth/v1/token?grant_type=password", body),
    await test.api("POST", "/auth/v1/token?grant_type=refresh_token", body),
    await test.api("POST", "/auth/v1/recover", body),
    await test.api("POST", "/auth/v1/verify", body),
    await alice.api("PUT", "/auth/v1/user", body),
  ];
  for (const { status } of answers) expect(status).toBe(400);
});

it("takes a backslash and what looks like an escape as the letters that they are", async () => {
  const data = { display_name: "C:\\u0000 \\\\ud800 💥" };
  const changed = await alice.api("PUT", "/auth/v1/user", { data });
  expect(changed).toMatchObject({ status: 200, body: { user_metadata: data } });
});
