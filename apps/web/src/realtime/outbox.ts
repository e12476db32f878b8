import type { Message, ProblemCode, UploadedMedia } from "@livechat/shared";

/** A text that this browser wrote and the server has not confirmed yet. */
export interface OutboxItem {
  id: string;
  contactId: string;
  text: string;
  media: readonly UploadedMedia[];
  /** What the writer chose to send it from; null leaves it to the server. */
  from?: string | null;
  /** Which of the customer's numbers it goes to; absent for the only one. */
  to?: string | null;
  /** When it is to go out; absent: at once. */
  scheduledFor?: string | null;
  cancelOnReply?: boolean;
  /** Although the number was known as a landline. */
  sendAnyway?: boolean;
  createdAt: string;
  /**
   * `waiting` goes by itself as soon as it can; `held` waited so long that a
   * person is asked first; `failed` was refused, and `reason` says why.
   */
  state: "waiting" | "sending" | "held" | "failed";
  reason: string | null;
  /** The server's code for that reason. */
  refusal?: ProblemCode | null;
  /** It was asked for and no answer came: the server may have it. */
  isInDoubt?: boolean;
}

export type NewOutboxItem = Omit<
  OutboxItem,
  "createdAt" | "state" | "reason" | "refusal" | "sendAnyway" | "isInDoubt"
>;

/** Where texts wait across reloads. Every method may reject: storage can be full or forbidden. */
export interface OutboxKeeper {
  list(): Promise<OutboxItem[]>;
  has(id: string): Promise<boolean>;
  put(item: OutboxItem): Promise<void>;
  remove(id: string): Promise<void>;
  /** Runs `work` while no other tab works for the same contact. */
  alone(contactId: string, work: () => Promise<void>): Promise<void>;
  /** Calls back when another tab has changed what waits. */
  onChange(listener: () => void): void;
}

interface OutboxOptions {
  keeper: OutboxKeeper | null;
  /** Sends under the item's own id, so that doing it twice sends once. */
  send(item: OutboxItem): Promise<Message>;
  onSent(message: Message): void;
  onChange(items: ReadonlyMap<string, readonly OutboxItem[]>): void;
  /** A person's words for a failed request. */
  explain(error: unknown): string;
  /** Whether the server refused for good: the same request would be refused again. */
  isRefusal(error: unknown): boolean;
  /** The server's code for a failed request, if it gave one. */
  readCode(error: unknown): ProblemCode | null;
  nowMs?(): number;
  /** Whether a request has any chance; without one nothing is asked for, and nothing is in doubt. */
  isOnline?(): boolean;
}

/** From this age on nobody expects a text to go out by itself any more. */
const holdAfterMs = 5 * 60_000;
/** Younger ones were written just now, and not beside the one that waited so long. */
const justWrittenMs = 5000;
const firstPauseMs = 2000;
const maxPauseMs = 30_000;
const noItems: readonly OutboxItem[] = [];

/**
 * The texts on their way to the server. Those of one contact go in their order,
 * one at a time; what the line lost is sent again under the same id; what waits
 * outlives a reload. A text leaves only when the server has it or a person says
 * so.
 */
export function createOutbox(options: OutboxOptions) {
  const { keeper, nowMs = () => Date.now() } = options;
  const busy = new Set<string>();
  /** Ids that storage holds: when another tab removes one, it is not sent from here. */
  const kept = new Set<string>();
  let items: ReadonlyMap<string, readonly OutboxItem[]> = new Map();
  let pauses = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function set(contactId: string, next: readonly OutboxItem[]): void {
    const all = new Map(items);
    if (next.length > 0) all.set(contactId, next);
    else all.delete(contactId);
    items = all;
    options.onChange(items);
  }

  function list(contactId: string): readonly OutboxItem[] {
    return items.get(contactId) ?? noItems;
  }

  function change(contactId: string, id: string, values: Partial<OutboxItem>): void {
    set(
      contactId,
      list(contactId).map((item) => (item.id === id ? { ...item, ...values } : item)),
    );
  }

  /** As {@link change}, also for after a reload and for other tabs. */
  function changeForGood(contactId: string, id: string, values: Partial<OutboxItem>): void {
    change(contactId, id, values);
    const changed = list(contactId).find((item) => item.id === id);
    if (changed) keep(changed);
  }

  function keep(item: OutboxItem): void {
    keeper?.put(item).then(
      () => kept.add(item.id),
      // Without storage the text lives as long as the page.
      () => undefined,
    );
  }

  function drop(contactId: string, id: string): void {
    kept.delete(id);
    keeper?.remove(id).catch(() => undefined);
    set(
      contactId,
      list(contactId).filter((item) => item.id !== id),
    );
  }

  async function sendNext(contactId: string): Promise<void> {
    if (busy.has(contactId)) return;
    if (!list(contactId).some(({ state }) => state === "waiting")) return;
    busy.add(contactId);
    try {
      if (keeper) await keeper.alone(contactId, () => sendWaiting(contactId));
      else await sendWaiting(contactId);
    } finally {
      busy.delete(contactId);
    }
  }

  async function sendWaiting(contactId: string): Promise<void> {
    for (;;) {
      const item = list(contactId).find(({ state }) => state === "waiting");
      if (!item) return;
      if (nowMs() - Date.parse(item.createdAt) > holdAfterMs) {
        // Those that were written after it would overtake it.
        for (const each of list(contactId)) {
          const isOld = nowMs() - Date.parse(each.createdAt) > justWrittenMs;
          if (each.state === "waiting" && isOld) {
            changeForGood(contactId, each.id, { state: "held" });
          }
        }
        continue;
      }
      if (keeper && kept.has(item.id) && (await isGone(keeper, item.id))) {
        drop(contactId, item.id);
        continue;
      }
      if (options.isOnline?.() === false) {
        sendLater();
        return;
      }
      change(contactId, item.id, { state: "sending" });
      try {
        const message = await options.send(item);
        pauses = 0;
        options.onSent(message);
        drop(contactId, item.id);
      } catch (error) {
        if (options.isRefusal(error)) {
          changeForGood(contactId, item.id, {
            state: "failed",
            reason: options.explain(error),
            refusal: options.readCode(error),
          });
          continue;
        }
        // The same line carries the later ones: they keep their place behind this one.
        changeForGood(contactId, item.id, { state: "waiting", isInDoubt: true });
        sendLater();
        return;
      }
    }
  }

  function sendLater(): void {
    if (timer) return;
    const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** pauses) * (0.5 + Math.random() / 2);
    pauses += 1;
    timer = setTimeout(() => {
      timer = null;
      sendAll();
    }, pauseMs);
  }

  function sendAll(): void {
    for (const contactId of items.keys()) void sendNext(contactId);
  }

  /** Takes in what storage holds. What another tab added there is that tab's to send. */
  async function takeIn(): Promise<void> {
    if (!keeper) return;
    let stored: OutboxItem[];
    try {
      stored = await keeper.list();
    } catch {
      return;
    }
    const storedIds = new Set(stored.map((item) => item.id));
    const known = [...items.values()].flat();
    const all = new Map(
      known
        .filter((item) => item.state === "sending" || !kept.has(item.id) || storedIds.has(item.id))
        .map((item) => [item.id, item]),
    );
    for (const item of stored) {
      kept.add(item.id);
      const mine = all.get(item.id);
      if (mine?.state === "sending") continue;
      all.set(item.id, item);
    }
    const ordered = [...all.values()].sort(
      (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.id < b.id ? -1 : 1),
    );
    items = Map.groupBy(ordered, (item) => item.contactId);
    options.onChange(items);
  }

  keeper?.onChange(() => void takeIn());

  return {
    /** Takes in what waited when this browser was closed, and sends it. */
    async restore(): Promise<void> {
      await takeIn();
      sendAll();
    },
    /** The line is back: what waits goes now. */
    resume(): void {
      pauses = 0;
      if (timer) clearTimeout(timer);
      timer = null;
      sendAll();
    },
    /** Shows the text at once and sends it after the contact's earlier ones. */
    add(item: NewOutboxItem): void {
      const added: OutboxItem = {
        ...item,
        createdAt: new Date(nowMs()).toISOString(),
        state: "waiting",
        reason: null,
      };
      set(item.contactId, [...list(item.contactId), added]);
      keep(added);
      void sendNext(item.contactId);
    },
    /** Tries a text again under its own id, so that it can't go out twice. */
    retry(contactId: string, id: string, values: Pick<OutboxItem, "sendAnyway"> = {}): void {
      changeForGood(contactId, id, {
        ...values,
        state: "waiting",
        reason: null,
        refusal: null,
        createdAt: new Date(nowMs()).toISOString(),
      });
      void sendNext(contactId);
    },
    /** Gives a text up. What is being sent this moment can't be held back. */
    discard(contactId: string, id: string): void {
      if (list(contactId).some((item) => item.id === id && item.state === "sending")) return;
      drop(contactId, id);
      void sendNext(contactId);
    },
    /** Texts that the server turns out to have are no longer on their way. */
    dropKnown(contactId: string, isKnown: (id: string) => boolean): void {
      for (const item of list(contactId)) if (isKnown(item.id)) drop(contactId, item.id);
    },
  };
}

async function isGone(keeper: OutboxKeeper, id: string): Promise<boolean> {
  try {
    return !(await keeper.has(id));
  } catch {
    return false;
  }
}
