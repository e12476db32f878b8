import type { ConversationFilter } from "@livechat/shared";
import { type RawBuilder, sql } from "kysely";

/** What a search of texts and notes looks at, beside its words. */
export interface SearchScope extends ConversationFilter {
  from?: string | undefined;
  before?: string | undefined;
}

/** The conversations to look at, as `private.fits_filter` reads them. */
export function writeWithin(scope: ConversationFilter): RawBuilder<unknown> {
  const { tagId, assignedTo, line, status, isUnread } = scope;
  // What is undefined is left out.
  return sql`${JSON.stringify({ tagId, assignedTo, line, status, isUnread })}::text::jsonb`;
}

/** The days to look at. */
export function writeSpan({ from, before }: SearchScope): RawBuilder<unknown> {
  return sql`tstzrange(${from ?? null}::text::timestamptz, ${before ?? null}::text::timestamptz)`;
}
