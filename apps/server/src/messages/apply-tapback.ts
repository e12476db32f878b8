import { isQuoteOf, type MessageReaction, parseTapback } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { MessageRow } from "./present-message.ts";

/** The part of a received text that tells whether it is a reaction. */
interface Received {
  workspaceId: string;
  messageSid: string;
  from: string;
  to: string;
  body: string;
  media: readonly unknown[];
  receivedAt?: Date;
}

/** People react to what they have just seen; further back nothing is searched. */
const searched = 200;
// Source: Twilio, "Trial accounts"; the customer's phone quotes it with the rest.
const trialPrefix = "Sent from your Twilio trial account - ";

/**
 * Keeps a text that a phone wrote about another text of the same conversation as
 * a reaction to that one, and returns the row that it is shown on. Null for any
 * other text, and for one that quotes nothing that is here: that one is an
 * ordinary text. The caller tells the browsers.
 */
export async function applyTapback(
  trx: Transaction<Tables>,
  received: Received,
): Promise<MessageRow | null> {
  const tapback = received.media.length === 0 ? parseTapback(received.body) : null;
  if (!tapback) return null;
  const target = await findQuoted(trx, received, tapback.quoted);
  if (!target) return null;
  // The text's lock makes two reactions at once take turns.
  await sql`
    select 1 from public.messages
    where workspace_id = ${received.workspaceId} and id = ${target} for update
  `.execute(trx);
  await sql`
    insert into public.message_reactions (
      workspace_id, message_id, emoji, is_removal, content, twilio_sid, from_number, to_number, at
    )
    values (
      ${received.workspaceId}, ${target}, ${tapback.emoji}, ${tapback.isRemoval}, ${received.body},
      ${received.messageSid}, ${received.from}, ${received.to},
      coalesce(${received.receivedAt?.toISOString() ?? null}::timestamptz, clock_timestamp())
    )
  `.execute(trx);
  const reactions = await readReactions(trx, received.workspaceId, target);
  const { rows } = await sql<MessageRow>`
    update public.messages set reactions = ${JSON.stringify(reactions)}::text::jsonb
    where workspace_id = ${received.workspaceId} and id = ${target}
    returning *
  `.execute(trx);
  return rows[0] ?? null;
}

async function findQuoted(
  trx: Transaction<Tables>,
  { workspaceId, from, receivedAt }: Received,
  quoted: string,
): Promise<string | null> {
  const { rows } = await sql<{ id: string; content: string }>`
    select m.id, m.content from public.messages m
    join public.contacts c
      on c.workspace_id = m.workspace_id and m.contact_id = coalesce(c.merged_into, c.id)
    where m.workspace_id = ${workspaceId} and c.phone_number = ${from}
      and m.created_at <= coalesce(${receivedAt?.toISOString() ?? null}::timestamptz, now())
        + interval '1 second'
    order by m.created_at desc, m.id desc limit ${searched}
  `.execute(trx);
  const bare = quoted.startsWith(trialPrefix) ? quoted.slice(trialPrefix.length) : quoted;
  const found = rows.find(({ content }) => isQuoteOf(quoted, content) || isQuoteOf(bare, content));
  return found?.id ?? null;
}

/** A phone shows one reaction of a person on a text: the last one that was not taken back. */
async function readReactions(
  trx: Transaction<Tables>,
  workspaceId: string,
  messageId: string,
): Promise<MessageReaction[]> {
  const { rows } = await sql<{ emoji: string; is_removal: boolean; at: Date }>`
    select emoji, is_removal, at from public.message_reactions
    where workspace_id = ${workspaceId} and message_id = ${messageId}
    order by at, created_at, id
  `.execute(trx);
  let holds: MessageReaction | null = null;
  for (const row of rows) {
    if (!row.is_removal) holds = { emoji: row.emoji, at: row.at.toISOString() };
    else if (holds?.emoji === row.emoji) holds = null;
  }
  return holds ? [holds] : [];
}
