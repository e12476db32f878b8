import { seenList } from "@livechat/shared";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { purgeContact } from "../src/media/purge-contact.ts";
import { forgetSeen } from "../src/seen/forget-seen.ts";
import {
  type LiveStage,
  type LiveTestServer,
  openLiveStage,
  type Person,
} from "./support/live-stage.ts";
import { databaseKinds } from "./support/test-database.ts";

describe.each(databaseKinds)("what is kept of reading and of words on %s", (kind) => {
  let stage: LiveStage;
  let server: LiveTestServer;

  beforeAll(async () => {
    stage = await openLiveStage(kind);
    server = await stage.startServer();
  });
  afterAll(() => stage.close());

  const pathOf = (contactId: string) => `/api/workspaces/${stage.acme}/contacts/${contactId}/seen`;
  const list = async (person: Person, contactId: string) => {
    const { body } = await stage.api(server, person, "GET", pathOf(contactId));
    return seenList.parse(body).items;
  };

  it("says who of the team saw a conversation and when last, at most once a minute", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550131", "Hello");
    expect(await list(stage.alice, contactId)).toEqual([]);
    const see = (person: Person) => stage.api(server, person, "POST", pathOf(contactId));
    expect((await see(stage.bob)).status).toBe(204);
    const [first] = await list(stage.alice, contactId);
    expect(first?.userId).toBe(stage.bob.userId);
    await Promise.all([see(stage.bob), see(stage.bob), see(stage.bob)]);
    expect(await list(stage.alice, contactId)).toEqual([first]);
    await sql`
      update public.conversation_views set seen_at = now() - interval '5 minutes'
      where contact_id = ${contactId}
    `.execute(stage.database.kysely);
    await see(stage.alice);
    expect((await list(stage.bob, contactId)).map(({ userId }) => userId)).toEqual([
      stage.alice.userId,
      stage.bob.userId,
    ]);
    await see(stage.bob);
    const again = await list(stage.alice, contactId);
    expect(again.map(({ userId }) => userId)).toEqual([stage.bob.userId, stage.alice.userId]);
    expect((await see(stage.carol)).status).toBe(404);
    expect((await stage.api(server, stage.carol, "GET", pathOf(contactId))).status).toBe(404);
    const missing = pathOf(crypto.randomUUID());
    expect((await stage.api(server, stage.bob, "POST", missing)).status).toBe(404);
    expect(await list(stage.alice, contactId)).toEqual(again);
  });

  it("forgets after 90 days who saw what", async () => {
    const { contactId } = await stage.receive(stage.acme, "+12025550132", "Hello");
    await stage.api(server, stage.bob, "POST", pathOf(contactId));
    const age = async (days: number) => {
      await sql`
        update public.conversation_views set seen_at = now() - make_interval(days => ${days})
        where contact_id = ${contactId}
      `.execute(stage.database.kysely);
      await forgetSeen({ database: stage.database });
      return (await list(stage.alice, contactId)).length;
    };
    expect(await age(89)).toBe(1);
    expect(await age(91)).toBe(0);
  });

  it("forgets the words of a deleted conversation that no other text has", async () => {
    const gone = await stage.receive(stage.acme, "+12025550133", "Secretword and bicycle");
    await stage.receive(stage.acme, "+12025550134", "Another bicycle");
    const known = async () => {
      const { rows } = await sql<{ word: string }>`
        select word from private.known_words
        where workspace_id = ${stage.acme} and word in ('secretword', 'bicycle') order by word
      `.execute(stage.database.kysely);
      return rows.map(({ word }) => word);
    };
    expect(await known()).toEqual(["bicycle", "secretword"]);
    const path = `/api/workspaces/${stage.acme}/contacts/${gone.contactId}`;
    expect((await stage.api(server, stage.alice, "DELETE", path)).status).toBe(204);
    await sql`
      update public.contacts set deleted_at = now() - interval '1 hour'
      where id = ${gone.contactId}
    `.execute(stage.database.kysely);
    const context = { database: stage.database, mediaStore: { remove: async () => {} } };
    await purgeContact(context as unknown as Parameters<typeof purgeContact>[0], {
      workspaceId: stage.acme,
      contactId: gone.contactId,
    });
    expect(await known()).toEqual(["bicycle"]);
  });
});
