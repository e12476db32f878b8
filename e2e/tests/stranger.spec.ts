import { randomUUID as uuid } from "node:crypto";
import { joinWorkspace, openSocket } from "../support/live.ts";
import {
  listAllTexts,
  openWorkspace,
  type Person,
  signUp,
  textFromPhone,
} from "../support/people.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { expect, test } from "../support/test.ts";

let stage: Stage;
let alice: Person;
let carol: Person;
let workspaceId: string;
let contactId: string;

test.beforeAll(async () => {
  stage = await openStage();
  alice = await signUp(stage, "Alice");
  workspaceId = await openWorkspace(alice, "Lakeside Bikes");
  carol = await signUp(stage, "Carol");
  await openWorkspace(carol, "Carol's Cakes");
  await textFromPhone(alice, workspaceId, { from: "+12025550143", body: "A private word." });
  await expect.poll(async () => (await listAllTexts(alice, workspaceId)).length).toBe(1);
  const [conversation] = await listAllTexts(alice, workspaceId);
  contactId = conversation?.contact.id ?? "";
});

test.afterAll(async () => {
  await stage?.close();
});

test("every workspace route answers a stranger as if the workspace did not exist", async () => {
  const here = `/api/workspaces/${workspaceId}`;
  const asks: [string, string, unknown?][] = [
    ["GET", here],
    ["PATCH", here, { name: "Mine now" }],
    ["GET", `${here}/members`],
    ["PATCH", `${here}/members/${alice.userId}`, { role: "agent" }],
    ["DELETE", `${here}/members/${alice.userId}`],
    ["GET", `${here}/invites`],
    ["POST", `${here}/invites`, { role: "agent" }],
    ["DELETE", `${here}/invites/${uuid()}`],
    ["GET", `${here}/contacts`],
    ["POST", `${here}/contacts`, { phoneNumber: "+12025550199" }],
    ["GET", `${here}/contacts/${contactId}`],
    ["PATCH", `${here}/contacts/${contactId}`, { name: "Hello" }],
    ["GET", `${here}/contacts/${contactId}/messages`],
    ["DELETE", `${here}/contacts/${contactId}`],
    ["POST", `${here}/contacts/${contactId}/restore`],
    ["POST", `${here}/conversations/changes`, { changes: [{ contactId, set: {} }] }],
    ["POST", `${here}/contacts/${contactId}/notes`, { id: uuid(), body: "Hello" }],
    ["PATCH", `${here}/notes/${uuid()}`, { body: "Hello" }],
    ["DELETE", `${here}/notes/${uuid()}`],
    ["GET", `${here}/mentions`],
    ["POST", `${here}/contacts/${contactId}/mentions/read`],
    ["GET", `${here}/tags`],
    ["POST", `${here}/tags`, { name: "Mine" }],
    ["PATCH", `${here}/tags/${uuid()}`, { name: "Mine" }],
    ["DELETE", `${here}/tags/${uuid()}`],
    ["POST", `${here}/contacts/${contactId}/read`, {}],
    ["POST", "/api/sms/send-sms", { workspaceId, contactId, message: "Hello", id: uuid() }],
    ["POST", `${here}/messages/${uuid()}/settle`, { verdict: "arrived" }],
    ["POST", `${here}/media/links`, { mediaIds: [uuid()] }],
    ["GET", `${here}/events?after=0`],
    ["GET", `/api/twilio/config?workspaceId=${workspaceId}`],
    ["POST", "/api/twilio/config/simulator", { workspaceId }],
    ["GET", `/api/twilio/phone-numbers?workspaceId=${workspaceId}`],
    ["POST", "/api/twilio/phone-numbers/sync", { workspaceId }],
    ["PATCH", "/api/twilio/config", { workspaceId, webhookType: "global" }],
    ["PUT", "/api/twilio/config/next-auth-token", { workspaceId, authToken: "x" }],
    ["DELETE", `/api/twilio/config/next-auth-token?workspaceId=${workspaceId}`],
    ["POST", "/api/twilio/config/next-auth-token/promote", { workspaceId }],
    ["GET", `/api/twilio/messaging-services?workspaceId=${workspaceId}`],
    ["GET", `${here}/line`],
    ["GET", `${here}/twilio/doctor`],
    ["GET", `${here}/twilio/webhooks`],
    ["POST", `${here}/twilio/webhooks`, { sids: ["PN1"] }],
    ["POST", `${here}/twilio/webhooks/undo`, { changeId: uuid() }],
    ["GET", `${here}/simulator`],
    ["POST", `${here}/simulator/texts`, { from: "+12025550143", to: "+12025550100", body: "Hi" }],
  ];
  for (const [method, path, body] of asks) {
    const foreign = await carol.api(method, path, body);
    const unknown = JSON.stringify([path, body ?? null]).replaceAll(workspaceId, uuid());
    const [absentPath, absentBody] = JSON.parse(unknown) as [string, unknown];
    const absent = await carol.api(method, absentPath, absentBody ?? undefined);
    expect.soft(foreign.status, `${method} ${path}`).toBe(404);
    expect.soft(foreign.status, `${method} ${path} as for no workspace`).toBe(absent.status);
    expect.soft(JSON.stringify(foreign.body)).not.toContain("private word");
  }
  const left = await listAllTexts(alice, workspaceId);
  expect(left).toHaveLength(1);
  expect(left[0]?.texts).toHaveLength(1);
});

test("a stranger's list of workspaces and of conversations holds only their own", async () => {
  const answer = await carol.api("GET", "/api/me");
  expect(answer.status).toBe(200);
  expect(JSON.stringify(answer.body)).not.toContain(workspaceId);
});

test("nobody reads anything without signing in", async () => {
  for (const path of [`/api/workspaces/${workspaceId}/contacts`, "/api/me"]) {
    expect((await fetch(stage.origin + path)).status, path).toBe(401);
  }
});

test("a stranger's socket may not join, and hears nothing", async () => {
  const socket = await openSocket(stage, carol);
  const heard: string[] = [];
  socket.onAny((event: string, payload: unknown) => {
    if (JSON.stringify(payload)?.includes(workspaceId)) heard.push(event);
  });
  try {
    const word = await joinWorkspace(socket, workspaceId);
    expect(word.ok).toBe(false);
    await textFromPhone(alice, workspaceId, { from: "+12025550143", body: "Another one." });
    await expect
      .poll(async () => (await listAllTexts(alice, workspaceId))[0]?.texts.length)
      .toBe(2);
    const sent = await socket
      .timeout(10_000)
      .emitWithAck("send_message", { workspaceId, contactId, message: "Hello", id: uuid() });
    expect(sent.ok).toBe(false);
    expect(heard).toEqual([]);
  } finally {
    socket.disconnect();
  }
});

test("the same socket of a member may", async () => {
  const socket = await openSocket(stage, alice);
  try {
    expect((await joinWorkspace(socket, workspaceId)).ok).toBe(true);
  } finally {
    socket.disconnect();
  }
});
