import { useEffect, useId, useSyncExternalStore } from "react";

/** The forms on the page whose changes are not saved. */
const forms = new Set<string>();
const listeners = new Set<() => void>();

function change(id: string, isDirty: boolean): void {
  if (isDirty === forms.has(id)) return;
  if (isDirty) forms.add(id);
  else forms.delete(id);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells that the calling form holds changes that a person may want to save before leaving. */
export function useUnsaved(isDirty: boolean): void {
  const id = useId();
  useEffect(() => change(id, isDirty), [id, isDirty]);
  useEffect(() => () => change(id, false), [id]);
}

/** Whether any form on the page holds such changes. */
export function useHasUnsaved(): boolean {
  return useSyncExternalStore(subscribe, () => forms.size > 0);
}
