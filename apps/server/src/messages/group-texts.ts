import type { Database } from "../platform/database.ts";
import {
  type EnqueueMedia,
  type ReceivedText,
  type ReceiveOutcome,
  receiveText,
  receiveTextsIn,
} from "./receive-text.ts";

/** How many texts one transaction stores at most. */
const maxTogether = 32;

/**
 * How many transactions of one workspace are under way at a time: while one waits
 * for a contact that someone holds, the others go on.
 */
const maxUnderWay = 2;

interface Waiting {
  text: ReceivedText;
  answer: PromiseWithResolvers<ReceiveOutcome>;
}

interface Line {
  /** In the order in which they came. */
  waiting: Waiting[];
  underWay: number;
  /** Whose texts are being stored: the next one of the same sender comes after. */
  senders: Set<string>;
}

/** Stores a text as {@link receiveText} does. */
export type ReceiveGrouped = (text: ReceivedText) => Promise<ReceiveOutcome>;

/**
 * Stores texts that arrive while others of their workspace are being stored in
 * one transaction: they then share one commit and one turn of the log's counter.
 * A text that finds nobody before it waits for nobody. When a transaction fails,
 * each of its texts is tried alone, so that a bad one fails alone.
 */
export function groupTexts(database: Database, enqueueMedia?: EnqueueMedia): ReceiveGrouped {
  const lines = new Map<string, Line>();

  /** The next texts whose senders have none under way, one of each. */
  function take(line: Line): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    for (const each of line.waiting) {
      const { from } = each.text;
      if (taken.length >= maxTogether || line.senders.has(from)) left.push(each);
      else {
        taken.push(each);
        line.senders.add(from);
      }
    }
    line.waiting = left;
    return taken;
  }

  function storeAlone({ text, answer }: Waiting): Promise<void> {
    return receiveText(database, text, enqueueMedia).then(answer.resolve, answer.reject);
  }

  async function store(taken: readonly Waiting[]): Promise<void> {
    const [only, ...others] = taken;
    if (!only) return;
    if (others.length === 0) return storeAlone(only);
    try {
      const texts = taken.map(({ text }) => text);
      const outcomes = await database.asSystem((trx) => receiveTextsIn(trx, texts, enqueueMedia));
      for (const [at, { answer }] of taken.entries()) {
        answer.resolve(outcomes[at] ?? { outcome: "duplicate" });
      }
    } catch {
      await Promise.all(taken.map(storeAlone));
    }
  }

  function proceed(workspaceId: string, line: Line): void {
    while (line.underWay < maxUnderWay) {
      const taken = take(line);
      if (taken.length === 0) break;
      line.underWay += 1;
      void store(taken).finally(() => {
        line.underWay -= 1;
        for (const { text } of taken) line.senders.delete(text.from);
        proceed(workspaceId, line);
      });
    }
    if (line.underWay === 0) lines.delete(workspaceId);
  }

  return (text) => {
    const { workspaceId } = text;
    const line = lines.get(workspaceId) ?? { waiting: [], underWay: 0, senders: new Set() };
    lines.set(workspaceId, line);
    const answer = Promise.withResolvers<ReceiveOutcome>();
    line.waiting.push({ text, answer });
    proceed(workspaceId, line);
    return answer.promise;
  };
}
