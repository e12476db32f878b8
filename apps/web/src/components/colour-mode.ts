import { useSyncExternalStore } from "react";

/** What a person asked for; `system` follows the device. */
export type ColourMode = "system" | "light" | "dark";

const storageKey = "livechat.colour-mode";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

let chosen = read();

systemIsDark.addEventListener("change", show);
addEventListener("storage", (event) => {
  if (event.key !== storageKey) return;
  chosen = read();
  show();
});

/** The choice of this browser and the way to change it; other tabs follow. */
export function useColourMode(): [ColourMode, (mode: ColourMode) => void] {
  return [useSyncExternalStore(subscribe, () => chosen), choose];
}

function choose(mode: ColourMode): void {
  chosen = mode;
  try {
    localStorage.setItem(storageKey, mode);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
  show();
}

function read(): ColourMode {
  try {
    const kept = localStorage.getItem(storageKey);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

function show(): void {
  const mode = chosen === "system" ? (systemIsDark.matches ? "dark" : "light") : chosen;
  const page = document.documentElement;
  page.classList.remove("light", "dark");
  page.classList.add(mode);
  page.dataset.theme = mode;
  page.style.colorScheme = mode;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
