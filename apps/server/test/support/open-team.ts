import type { Person, TestServer } from "./test-server.ts";

/** A workspace on the simulator: alice owns it, bob is an agent there, carol is a stranger. */
export interface Team {
  alice: Person;
  bob: Person;
  carol: Person;
  workspaceId: string;
  /** The path that the workspace's routes begin with. */
  base: string;
  /** A number that customers text to. */
  number: string;
}

/** Signs the cast up and opens their {@link Team}. */
export async function openTeam(server: TestServer): Promise<Team> {
  const alice = await server.signUp("alice");
  const workspaceId = (await alice.api("POST", "/api/workspaces", { name: "Bakery" })).body.id;
  const base = `/api/workspaces/${workspaceId}`;
  await alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
  const invited = await alice.api("POST", `${base}/invites`, { role: "agent" });
  const token = new URL(invited.body.url).pathname.split("/").at(-1) ?? "";
  const bob = await server.signUp("bob", token);
  await bob.api("POST", `/api/invites/${token}/accept`);
  const carol = await server.signUp("carol");
  const number = (await alice.api("GET", `${base}/simulator`)).body.numbers[0];
  return { alice, bob, carol, workspaceId, base, number };
}
