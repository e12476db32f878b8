import type { Message } from "@livechat/shared";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOutbox, type OutboxItem, type OutboxKeeper } from "../src/realtime/outbox.ts";

/** What a browser keeps, as its tabs see it. */
function makeStorage() {
  const rows = new Map<string, OutboxItem>();
  const tabs = new Set<() => void>();
  const openTab = (): OutboxKeeper => {
    let heard: () => void = () => {};
    const tell = () => {
      for (const tab of tabs) if (tab !== listener) tab();
    };
    const listener = () => heard();
    tabs.add(listener);
    return {
      list: async () => [...rows.values()],
      has: async (id) => rows.has(id),
      async put(item) {
        rows.set(item.id, item);
        tell();
      },
      async remove(id) {
        rows.delete(id);
        tell();
      },
      alone: (_contactId, work) => work(),
      onChange(next) {
        heard = next;
      },
    };
  };
  return { rows, openTab };
}

function openOutbox(keeper: OutboxKeeper | null, send: (item: OutboxItem) => Promise<Message>) {
  let items: ReadonlyMap<string, readonly OutboxItem[]> = new Map();
  const sent: Message[] = [];
  const outbox = createOutbox({
    keeper,
    send,
    onSent: (message) => sent.push(message),
    onChange: (next) => {
      items = next;
    },
    explain: String,
    isRefusal: (error) => error === "refused",
    readCode: () => null,
  });
  return { outbox, sent, states: () => items.get("ann")?.map(({ id, state }) => `${id} ${state}`) };
}

/** A browser whose every request breaks off. */
const openOffline = (keeper: OutboxKeeper) =>
  openOutbox(keeper, () => Promise.reject(new Error("offline")));

/** A browser whose every request is answered; `asked` tells of which texts. */
function openOnline(keeper: OutboxKeeper) {
  const asked: string[] = [];
  const send = async (item: OutboxItem) => {
    asked.push(item.id);
    return accepted(item);
  };
  return { ...openOutbox(keeper, send), asked };
}

const text = (id: string) => ({ id, contactId: "ann", text: id, media: [] });
const accepted = (item: OutboxItem) => ({ id: item.id, contactId: item.contactId }) as Message;
const turns = () => vi.advanceTimersByTimeAsync(5);

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) }));
afterEach(() => void vi.useRealTimers());

describe("texts on their way", () => {
  it("go one after the other, each under its own id", async () => {
    const asked: string[] = [];
    let inFlight = 0;
    const { outbox, states } = openOutbox(null, async (item) => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight -= 1;
      asked.push(item.id);
      return accepted(item);
    });
    for (const id of ["a", "b", "c"]) outbox.add(text(id));
    expect(states()).toEqual(["a sending", "b waiting", "c waiting"]);
    await vi.advanceTimersByTimeAsync(40);
    expect(asked).toEqual(["a", "b", "c"]);
    expect(states()).toBeUndefined();
  });

  it("keep their order behind one that the line lost, and go again by themselves", async () => {
    const asked: string[] = [];
    let isOnline = false;
    const { outbox, states } = openOutbox(null, async (item) => {
      asked.push(item.id);
      if (!isOnline) throw new Error("offline");
      return accepted(item);
    });
    outbox.add(text("a"));
    outbox.add(text("b"));
    await turns();
    expect(asked).toEqual(["a"]);
    expect(states()).toEqual(["a waiting", "b waiting"]);
    isOnline = true;
    outbox.resume();
    await turns();
    expect(asked).toEqual(["a", "a", "b"]);
    expect(states()).toBeUndefined();
  });

  it("go again after a pause when nothing says that the line is back", async () => {
    let tries = 0;
    const { outbox, states } = openOutbox(null, async (item) => {
      tries += 1;
      if (tries < 4) throw new Error("502");
      return accepted(item);
    });
    outbox.add(text("a"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries).toBe(4);
    expect(states()).toBeUndefined();
  });

  it("go on past one that was refused, which stays with its reason", async () => {
    const { outbox, states, sent } = openOutbox(null, async (item) => {
      if (item.id === "a") throw "refused";
      return accepted(item);
    });
    outbox.add(text("a"));
    outbox.add(text("b"));
    await turns();
    expect(states()).toEqual(["a failed"]);
    expect(sent.map(({ id }) => id)).toEqual(["b"]);
    outbox.discard("ann", "a");
    expect(states()).toBeUndefined();
  });

  it("outlive a reload and go then", async () => {
    const storage = makeStorage();
    const offline = openOffline(storage.openTab());
    offline.outbox.add(text("a"));
    await turns();
    const reloaded = openOnline(storage.openTab());
    await reloaded.outbox.restore();
    await turns();
    expect(reloaded.asked).toEqual(["a"]);
    expect(storage.rows.size).toBe(0);
  });

  it("ask a person when they waited for more than five minutes", async () => {
    const storage = makeStorage();
    const offline = openOffline(storage.openTab());
    offline.outbox.add(text("a"));
    await turns();
    vi.setSystemTime(Date.UTC(2026, 5, 1, 0, 6));
    const later = openOnline(storage.openTab());
    await later.outbox.restore();
    await turns();
    expect(later.states()).toEqual(["a held"]);
    expect(later.asked).toEqual([]);
    later.outbox.add(text("b"));
    await turns();
    expect(later.asked).toEqual(["b"]);
    later.outbox.retry("ann", "a");
    await turns();
    expect(later.asked).toEqual(["b", "a"]);
  });

  it("are not overtaken by what was written after them, before the line came back", async () => {
    const storage = makeStorage();
    const offline = openOffline(storage.openTab());
    offline.outbox.add(text("a"));
    await turns();
    vi.setSystemTime(Date.UTC(2026, 5, 1, 0, 4));
    offline.outbox.add(text("b"));
    await turns();
    expect(storage.rows.get("a")?.isInDoubt, "its answer never came").toBe(true);
    expect(storage.rows.get("b")?.isInDoubt, "it never left").toBeUndefined();
    vi.setSystemTime(Date.UTC(2026, 5, 1, 0, 5, 30));
    const later = openOnline(storage.openTab());
    await later.outbox.restore();
    await turns();
    expect(later.states()).toEqual(["a held", "b held"]);
    expect(later.asked).toEqual([]);
  });

  it("are not sent by one tab when another has given them up", async () => {
    const storage = makeStorage();
    const asked: string[] = [];
    let isOnline = false;
    const send = async (item: OutboxItem) => {
      if (!isOnline) throw new Error("offline");
      asked.push(item.id);
      return accepted(item);
    };
    const first = openOutbox(storage.openTab(), send);
    first.outbox.add(text("a"));
    await turns();
    const second = openOutbox(storage.openTab(), send);
    await second.outbox.restore();
    await turns();
    expect(second.states()).toEqual(["a waiting"]);
    second.outbox.discard("ann", "a");
    isOnline = true;
    await turns();
    first.outbox.resume();
    second.outbox.resume();
    await turns();
    expect(asked).toEqual([]);
    expect(first.states()).toBeUndefined();
  });

  it("stay as long as the page when storage is forbidden", async () => {
    const refuse = () => Promise.reject(new Error("forbidden"));
    const forbidden: OutboxKeeper = {
      list: refuse,
      has: refuse,
      put: refuse,
      remove: refuse,
      alone: (_contactId, work) => work(),
      onChange() {},
    };
    const { outbox, sent } = openOutbox(forbidden, async (item) => accepted(item));
    await outbox.restore();
    outbox.add(text("a"));
    await turns();
    expect(sent).toHaveLength(1);
  });
});
