import { useEffect, useRef } from "react";
import type { ShortcutId } from "./shortcut-list.ts";
import { registerShortcut, type ShortcutHandler } from "./shortcut-registry.ts";

/** Answers a shortcut while this component is shown; the one shown last answers first. */
export function useShortcut(id: ShortcutId, handler: ShortcutHandler, isEnabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(
    () => (isEnabled ? registerShortcut(id, () => latest.current()) : undefined),
    [id, isEnabled],
  );
}
