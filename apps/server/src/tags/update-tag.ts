import type { Tag, updateTagRequest } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { keepNameUnique } from "./tags-store.ts";

/** Changes a tag's name or colour, wherever it is worn. Throws `tag_not_found`, `tag_name_taken`. */
export async function updateTag(
  database: Database,
  userId: string,
  { workspaceId, tagId }: { workspaceId: string; tagId: string },
  changes: z.output<typeof updateTagRequest>,
): Promise<Tag> {
  const name = changes.name === undefined ? null : toStorableText(changes.name);
  return database.asMember(userId, async (trx) => {
    const { rows } = await keepNameUnique(() =>
      sql<Tag>`
        update public.tags
        set name = coalesce(${name}::text, name),
          colour = coalesce(${changes.colour ?? null}::text, colour)
        where workspace_id = ${workspaceId} and id = ${tagId}
        returning id, name, colour
      `.execute(trx),
    );
    const [tag] = rows;
    if (!tag) throw new DomainError("tag_not_found", "There is no such tag here.");
    await appendEvent(trx, workspaceId, "tag_saved", { tag });
    return tag;
  });
}
