import type { createTagRequest, Tag } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { keepNameUnique } from "./tags-store.ts";

const maxTags = 200;

/** Adds a tag to the workspace. Throws `tag_name_taken`, and `conflict` when there are very many already. */
export async function createTag(
  database: Database,
  userId: string,
  workspaceId: string,
  { name, colour }: z.output<typeof createTagRequest>,
): Promise<Tag> {
  return database.asMember(userId, async (trx) => {
    const { rows } = await keepNameUnique(() =>
      sql<Tag>`
        insert into public.tags (workspace_id, name, colour)
        select ${workspaceId}, ${toStorableText(name)}, ${colour}
        where (select count(*) from public.tags where workspace_id = ${workspaceId}) < ${maxTags}
        returning id, name, colour
      `.execute(trx),
    );
    const [tag] = rows;
    if (!tag) throw new DomainError("conflict", `A workspace has at most ${maxTags} tags.`);
    await appendEvent(trx, workspaceId, "tag_saved", { tag });
    return tag;
  });
}
