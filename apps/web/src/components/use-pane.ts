import { useCallback, useState } from "react";

/** How wide a pane may be. */
export interface PaneLimits {
  minPx: number;
  maxPx: number;
  usualPx: number;
}

export interface Pane {
  widthPx: number;
  isCollapsed: boolean;
  limits: PaneLimits;
  setWidth(widthPx: number): void;
  setCollapsed(isCollapsed: boolean): void;
}

/** The width that this browser gave a pane, and whether it is folded away; kept for the next visit. */
export function usePane(name: string, limits: PaneLimits, startsCollapsed = false): Pane {
  const storageKey = `livechat.pane.${name}`;
  const [pane, setPane] = useState(() => read(storageKey, limits, startsCollapsed));
  const change = useCallback(
    (part: Partial<typeof pane>) =>
      setPane((before) => {
        const next = { ...before, ...part };
        try {
          localStorage.setItem(storageKey, JSON.stringify(next));
        } catch {
          // Storage may be blocked; the width then lasts until the page is closed.
        }
        return next;
      }),
    [storageKey],
  );
  return {
    ...pane,
    limits,
    setWidth: useCallback(
      (widthPx: number) => change({ widthPx: clamp(widthPx, limits), isCollapsed: false }),
      [change, limits],
    ),
    setCollapsed: useCallback((isCollapsed: boolean) => change({ isCollapsed }), [change]),
  };
}

function clamp(widthPx: number, { minPx, maxPx }: PaneLimits): number {
  return Math.round(Math.min(maxPx, Math.max(minPx, widthPx)));
}

function read(storageKey: string, limits: PaneLimits, startsCollapsed: boolean) {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    if (typeof kept === "object" && kept !== null && "widthPx" in kept && "isCollapsed" in kept) {
      const widthPx = Number(kept.widthPx);
      if (Number.isFinite(widthPx))
        return { widthPx: clamp(widthPx, limits), isCollapsed: kept.isCollapsed === true };
    }
  } catch {
    // Blocked or damaged: as on a first visit.
  }
  return { widthPx: limits.usualPx, isCollapsed: startsCollapsed };
}
