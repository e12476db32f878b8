import { vi } from "vitest";

/** A window with nothing but storage, and the way to play another tab. */
export function openFakeWindow() {
  const stored = new Map<string, string>();
  const events = new EventTarget();
  const page = {
    stored,
    /** Storage that refuses to take more, as a full or forbidden one does. */
    isFull: false,
    dispatchStorage(key: string | null) {
      events.dispatchEvent(Object.assign(new Event("storage"), { key }));
    },
  };
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem(key: string, value: string) {
      if (page.isFull) throw new DOMException("full", "QuotaExceededError");
      stored.set(key, value);
    },
    removeItem: (key: string) => stored.delete(key),
  };
  const window = {
    localStorage,
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  };
  vi.stubGlobal("window", window);
  vi.stubGlobal("localStorage", localStorage);
  return page;
}
