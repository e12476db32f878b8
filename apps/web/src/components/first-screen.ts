import { useEffect, useSyncExternalStore } from "react";

/** Whatever keeps the first screen away, what waits for it does not wait longer. */
const atTheLatestMs = 20_000;

let isShown = false;
const listeners = new Set<() => void>();
setTimeout(noteFirstScreen, atTheLatestMs);

/** What waits for the first screen begins now: what a person came for is on it. */
function noteFirstScreen(): void {
  if (isShown) return;
  isShown = true;
  for (const listener of listeners) listener();
  listeners.clear();
}

/** Notes that the first screen stands, once `isReady` is true and it has been drawn. */
export function useNoteFirstScreen(isReady = true): void {
  useEffect(() => {
    if (!isReady || isShown) return;
    const timer = setTimeout(noteFirstScreen);
    return () => clearTimeout(timer);
  }, [isReady]);
}

/** Whether the first screen stands. */
export function useFirstScreen(): boolean {
  return useSyncExternalStore(onFirstScreen, () => isShown);
}

/** Calls back once, when the first screen stands or at once when it does, unless the returned function is called before. */
export function onFirstScreen(listener: () => void): () => void {
  if (isShown) {
    queueMicrotask(listener);
    return () => {};
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}
