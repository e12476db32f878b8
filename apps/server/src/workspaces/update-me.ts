import type { Me } from "@livechat/shared";
import type { Context } from "../context.ts";
import { findMember } from "../members/members-store.ts";
import type { Caller } from "../platform/tokens.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { readMe } from "./get-me.ts";

/** Changes the name that fellow members see, and tells them. */
export async function updateMe(
  context: Context,
  caller: Caller,
  { displayName }: { displayName: string },
): Promise<Me> {
  return context.database.asMember(caller.userId, async (trx) => {
    await trx
      .insertInto("public.profiles")
      .values({ user_id: caller.userId, display_name: displayName })
      .onConflict((conflict) =>
        conflict.column("user_id").doUpdateSet({ display_name: displayName }),
      )
      .execute();
    const me = await readMe(context, trx, caller);
    // In one order everywhere, so that two people who do this at once don't wait for each other.
    for (const { id } of me.workspaces.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const member = await findMember(trx, id, caller.userId);
      if (member) await appendEvent(trx, id, "member_added", { member });
    }
    return me;
  });
}
