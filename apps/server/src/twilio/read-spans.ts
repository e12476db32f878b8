import type { CarrierMessage } from "./twilio-client.ts";

const longestSpanMs = 24 * 60 * 60_000;
const shortestSpanMs = 60_000;
/** More than that in one span is looked at in shorter spans. */
const spanLimit = 2_000;

/** A part of the carrier's list, and the moment until which it is whole. */
interface Span {
  texts: CarrierMessage[];
  until: Date;
}

/** Both bounds included; null when what is listed {@link isCut}. */
type ListSpan = (bounds: {
  sentAfter: Date;
  sentBefore?: Date;
  limit?: number;
}) => Promise<CarrierMessage[] | null>;

/** Whether a list ends where it was asked to at the latest, so that some may be missing. */
export function isCut(listed: readonly CarrierMessage[], { limit }: { limit?: number }): boolean {
  return limit !== undefined && listed.length >= limit;
}

/**
 * Reads the carrier's list from one moment to another, the oldest first, in spans
 * so short that each can be held. Throws what `list` throws.
 */
export async function* readSpans(
  { since, until, limit = spanLimit }: { since: Date; until: Date; limit?: number },
  list: ListSpan,
): AsyncGenerator<Span> {
  let spanMs = longestSpanMs;
  for (let from = since; from < until; ) {
    const to = new Date(Math.min(from.getTime() + spanMs, until.getTime()));
    const isLast = to.getTime() === until.getTime();
    const texts = await list({
      sentAfter: from,
      // The carrier's clock may be ahead of ours.
      ...(isLast ? {} : { sentBefore: to }),
      ...(spanMs <= shortestSpanMs ? {} : { limit }),
    });
    if (!texts) {
      spanMs = Math.max(shortestSpanMs, Math.floor((to.getTime() - from.getTime()) / 2));
      continue;
    }
    yield { texts, until: to };
    from = to;
    spanMs = Math.min(longestSpanMs, spanMs * 2);
  }
}
