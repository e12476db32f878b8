import {
  appConfig,
  contactList,
  createdInvite,
  me,
  messageList,
  simulatorState,
  type TextFromPhoneRequest,
  workspace,
} from "@livechat/shared";
import { createClient } from "@supabase/supabase-js";
import type { Stage } from "./stage.ts";

export const password = "correct horse battery staple";

/** Someone with an account, who speaks to the API without a browser. */
export interface Person {
  name: string;
  email: string;
  userId: string;
  token: string;
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

/** The address that the cast's member of this name signs in with. */
export function emailOf(name: string): string {
  return `${name.toLowerCase()}@example.com`;
}

/** Makes an account, with an invitation's token where one is needed. Throws when it is refused. */
export async function signUp(stage: Stage, name: string, inviteToken?: string): Promise<Person> {
  const client = await createSignInClient(stage);
  const { data, error } = await client.auth.signUp({
    email: emailOf(name),
    password,
    options: {
      data: { display_name: name, ...(inviteToken ? { invite_token: inviteToken } : {}) },
    },
  });
  if (error || !data.session) throw new Error(`${name} could not sign up: ${error?.message}`);
  return createPerson(stage, name, data.session.user.id, data.session.access_token);
}

/** Signs in to an account that was made before, on the screen or here. Throws when it is refused. */
export async function signIn(stage: Stage, name: string): Promise<Person> {
  const client = await createSignInClient(stage);
  const { data, error } = await client.auth.signInWithPassword({ email: emailOf(name), password });
  if (error) throw new Error(`${name} could not sign in: ${error.message}`);
  return createPerson(stage, name, data.user.id, data.session.access_token);
}

async function createSignInClient(stage: Stage) {
  const response = await fetch(`${stage.origin}/api/config`);
  const config = appConfig.parse(await response.json());
  return createClient(config.authUrl, config.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
}

function createPerson(stage: Stage, name: string, userId: string, token: string): Person {
  return {
    name,
    email: emailOf(name),
    userId,
    token,
    async api(method, path, body) {
      const response = await fetch(stage.origin + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? null : readJson(text) };
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Calls the API and returns its answer. Throws when it is refused. */
export async function ask(
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await person.api(method, path, body);
  if (answer.status >= 300) {
    const story = JSON.stringify(answer.body);
    throw new Error(`${method} ${path} answered ${person.name} with ${answer.status}: ${story}`);
  }
  return answer.body;
}

/** A workspace of this person's, connected to the simulator. Returns its id. */
export async function openWorkspace(person: Person, name: string): Promise<string> {
  const { id } = workspace.parse(await ask(person, "POST", "/api/workspaces", { name }));
  await ask(person, "POST", "/api/twilio/config/simulator", { workspaceId: id });
  return id;
}

/** The id of this person's only workspace. Throws when there is none. */
export async function getWorkspaceId(person: Person): Promise<string> {
  const [first] = me.parse(await ask(person, "GET", "/api/me")).workspaces;
  if (!first) throw new Error(`${person.name} is in no workspace.`);
  return first.id;
}

/** The token of a new invitation to the workspace. */
export async function inviteAgent(person: Person, workspaceId: string): Promise<string> {
  const path = `/api/workspaces/${workspaceId}/invites`;
  const { url } = createdInvite.parse(await ask(person, "POST", path, { role: "agent" }));
  const token = new URL(url).pathname.split("/").at(-1);
  if (!token) throw new Error(`The invitation's link ${url} holds no token.`);
  return token;
}

/** Makes an account that takes an admin's invitation to the workspace. Throws when it is refused. */
export async function signUpAgent(
  stage: Stage,
  name: string,
  { admin, workspaceId }: { admin: Person; workspaceId: string },
): Promise<Person> {
  const token = await inviteAgent(admin, workspaceId);
  const agent = await signUp(stage, name, token);
  await ask(agent, "POST", `/api/invites/${token}/accept`);
  return agent;
}

/** A simulated customer texts the workspace's first number. */
export async function textFromPhone(
  person: Person,
  workspaceId: string,
  text: { from: string; body: string; media?: TextFromPhoneRequest["media"] },
): Promise<void> {
  const { numbers } = await listPhoneTexts(person, workspaceId);
  await ask(person, "POST", `/api/workspaces/${workspaceId}/simulator/texts`, {
    ...text,
    to: numbers[0],
  });
}

/** What the simulated phones of the workspace show. */
export async function listPhoneTexts(person: Person, workspaceId: string) {
  return simulatorState.parse(await ask(person, "GET", `/api/workspaces/${workspaceId}/simulator`));
}

/** Every text that the server holds in the workspace, over the API, page by page. */
export async function listAllTexts(person: Person, workspaceId: string) {
  const contacts = contactList.parse(
    await ask(person, "GET", `/api/workspaces/${workspaceId}/contacts?limit=100`),
  ).items;
  const threads = await Promise.all(
    contacts.map(async (contact) => {
      const base = `/api/workspaces/${workspaceId}/contacts/${contact.id}/messages?limit=100`;
      const items = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page = messageList.parse(await ask(person, "GET", base + query));
        items.push(...page.items);
        cursor = page.olderCursor;
      }
      return { contact, texts: items };
    }),
  );
  return threads;
}
