import { createdInvite, senderList, twilioConfig, workspace } from "@livechat/shared";
import * as z from "zod";
import type { Stage } from "./stage.ts";

const session = z.object({ access_token: z.string(), user: z.object({ id: z.uuid() }) });
const requestLimitMs = 20_000;

export interface Answer {
  status: number;
  body: unknown;
}

/** Someone with an account, who asks through the public address. */
export interface Person {
  name: string;
  userId: string;
  token: string;
  /** Throws when no answer comes, which says nothing of what was done. */
  api(
    method: string,
    path: string,
    body?: unknown,
    options?: { origin?: string; signal?: AbortSignal },
  ): Promise<Answer>;
}

/** Makes an account. Throws when it is refused. */
export async function signUp(stage: Stage, name: string, inviteToken?: string): Promise<Person> {
  const password = "correct horse battery staple";
  const body = {
    email: `${name}@example.test`,
    password,
    data: { display_name: name, ...(inviteToken ? { invite_token: inviteToken } : {}) },
  };
  const response = await fetch(`${stage.origin}/auth/v1/signup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { access_token: token, user } = session.parse(await response.json());
  return {
    name,
    userId: user.id,
    token,
    api: async (method, path, sent, { origin = stage.origin, signal } = {}) => {
      const isFile = sent instanceof Uint8Array;
      const answer = await fetch(origin + path, {
        method,
        signal: AbortSignal.any([AbortSignal.timeout(requestLimitMs), ...(signal ? [signal] : [])]),
        headers: {
          authorization: `Bearer ${token}`,
          ...(sent === undefined
            ? {}
            : { "content-type": isFile ? "application/octet-stream" : "application/json" }),
        },
        ...(sent === undefined ? {} : { body: isFile ? Buffer.from(sent) : JSON.stringify(sent) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: readJson(text) };
    },
  };
}

function readJson(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer's body. Throws, with the server's words, for anything but 2xx. */
export async function ask(
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await person.api(method, path, body);
  if (answer.status >= 300) {
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

export interface Team {
  workspaceId: string;
  alice: Person;
  bob: Person;
}

/** alice's workspace, connected to the stage's carrier, with bob in it. A server must run. */
export async function openTeam(stage: Stage): Promise<Team> {
  const alice = await signUp(stage, "alice");
  const created = await ask(alice, "POST", "/api/workspaces", { name: "Lakeside Bikes" });
  const workspaceId = workspace.parse(created).id;
  const { accountSid, authToken } = stage.carrier;
  twilioConfig
    .pick({ isConfigured: true })
    .parse(await ask(alice, "PUT", "/api/twilio/config", { workspaceId, accountSid, authToken }));
  const invited = await ask(alice, "POST", `/api/workspaces/${workspaceId}/invites`, {
    role: "agent",
  });
  const inviteToken = new URL(createdInvite.parse(invited).url).pathname.split("/").at(-1);
  if (!inviteToken) throw new Error("The invitation's link holds no token.");
  const bob = await signUp(stage, "bob", inviteToken);
  await ask(bob, "POST", `/api/invites/${inviteToken}/accept`);
  return { workspaceId, alice, bob };
}

/** Lets every sender of the team's send at once: at a long code's real pace a long run ends with a queue. */
export async function liftPace({ alice, workspaceId }: Team): Promise<void> {
  const base = `/api/workspaces/${workspaceId}/senders`;
  const senders = senderList.parse(await ask(alice, "GET", base));
  for (const { address } of senders.items) {
    const path = `${base}/${encodeURIComponent(address)}/pace`;
    await ask(alice, "PUT", path, { segmentsPerSecond: 1000 });
  }
}
