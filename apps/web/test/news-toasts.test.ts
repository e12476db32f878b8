import type { Contact, Message } from "@livechat/shared";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createNewsToasts } from "../src/features/notifications/news-toasts.ts";

type Toaster = NonNullable<Parameters<typeof createNewsToasts>[1]>;
type Toast = Parameters<Toaster["create"]>[0];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Keeps what is shown by id, and lets each toast go as the real one does. */
function openToasts() {
  const shown = new Map<string, Toast>();
  const toaster = {
    attrs: { max: 3 } as Toaster["attrs"],
    create(toast: Toast) {
      shown.set(String(toast.id), toast);
      return String(toast.id);
    },
    dismiss(id?: string) {
      shown.get(String(id))?.onStatusChange?.({ status: "dismissing" });
    },
    getCount: () => shown.size,
  };
  const toasts = createNewsToasts(() => {}, toaster);
  return {
    toasts,
    begin: (name: string) => shown.get(`news:${name}`)?.onStatusChange?.({ status: "dismissing" }),
    end(name: string) {
      const toast = shown.get(`news:${name}`);
      shown.delete(`news:${name}`);
      toast?.onStatusChange?.({ status: "unmounted" });
    },
    other: () => shown.set("other", {}),
    titles: () => [...shown.values()].map(({ title }) => title).filter(Boolean),
    durations: () => [...shown.values()].map(({ duration }) => duration),
    write: (name: string, content = "Hi") =>
      toasts.add({ content } as Message, { id: name, name } as Contact),
  };
}

const gather = () => vi.advanceTimersByTime(1000);

describe("what tells of texts", () => {
  it("is one toast for each contact, which grows", () => {
    const { write, titles, durations } = openToasts();
    write("Ann");
    gather();
    expect(titles()).toEqual(["New message from Ann"]);
    const [first] = durations();
    write("Ann");
    write("Ann");
    write("Ben");
    gather();
    expect(titles()).toEqual(["3 new messages from Ann", "New message from Ben"]);
    // The same time would not begin anew.
    expect(durations()[0]).not.toBe(first);
  });

  it("leaves a place free, and lets the others wait for theirs", () => {
    const { write, titles, begin, end } = openToasts();
    for (const name of ["Ann", "Ben", "Cat", "Cat", "Dan"]) write(name);
    gather();
    expect(titles()).toEqual(["New message from Ann", "New message from Ben"]);
    begin("Ann");
    end("Ann");
    gather();
    expect(titles()).toEqual(["New message from Ben", "2 new messages from Cat"]);
  });

  it("begins anew with what comes while its toast goes", () => {
    const { write, titles, begin, end } = openToasts();
    write("Ann");
    gather();
    begin("Ann");
    write("Ann");
    gather();
    expect(titles()).toEqual(["New message from Ann"]);
    end("Ann");
    expect(titles()).toEqual([]);
    gather();
    expect(titles()).toEqual(["New message from Ann"]);
  });

  it("goes with what was read meanwhile", () => {
    const { write, titles, toasts, end, other } = openToasts();
    write("Ann");
    gather();
    other();
    write("Ben");
    toasts.drop((id) => id === "Ben");
    gather();
    expect(titles()).toEqual(["New message from Ann"]);
    toasts.drop(() => true);
    end("Ann");
    gather();
    expect(titles()).toEqual([]);
  });
});
