import { readPreferences } from "../../preferences/preferences.ts";
import { isMac } from "./is-mac.ts";
import { isCharacterKey, matchesStep } from "./match-keys.ts";
import { type Shortcut, type ShortcutId, shortcutEntries } from "./shortcut-list.ts";

/** Answers a shortcut. Returning `false` leaves it to whoever registered before, or to the browser. */
export type ShortcutHandler = () => unknown;

const sequenceMs = 1200;
const handlers = new Map<ShortcutId, ShortcutHandler[]>();
let pending: { step: string; atMs: number } | null = null;

/** Answers this shortcut from now on, before earlier ones of the same. Returns how to stop. */
export function registerShortcut(id: ShortcutId, handler: ShortcutHandler): () => void {
  if (handlers.size === 0) document.addEventListener("keydown", answer);
  handlers.set(id, [...(handlers.get(id) ?? []), handler]);
  return () => {
    const left = (handlers.get(id) ?? []).filter((each) => each !== handler);
    if (left.length > 0) handlers.set(id, left);
    else handlers.delete(id);
    if (handlers.size === 0) document.removeEventListener("keydown", answer);
  };
}

/** Does what the shortcut does now. Returns whether anyone answered. */
export function runShortcut(id: ShortcutId): boolean {
  return (handlers.get(id) ?? []).toReversed().some((handler) => handler() !== false);
}

/** Whether anything on this screen answers the shortcut. */
export function isAnswered(id: ShortcutId): boolean {
  return handlers.has(id);
}

function answer(event: KeyboardEvent): void {
  // An input method uses keys to choose a word; 229 is how older browsers say so.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (["Shift", "Alt", "Control", "Meta"].includes(event.key)) return;
  const isTyping = takesText(event.target);
  const place = { isTyping, isMac };
  const isCovered = document.querySelector(openLayers) !== null;
  const first = pending && Date.now() - pending.atMs < sequenceMs ? pending.step : null;
  pending = null;
  for (const [id, shortcut] of shortcutEntries) {
    if (!handlers.has(id) || (isCovered && !shortcut.inDialogs)) continue;
    for (const keys of shortcut.keys) {
      if (!isAllowed(shortcut, keys, isTyping)) continue;
      const [start = "", second] = keys.split(" ");
      if (second !== undefined && first === null) {
        if (matchesStep(start, event, place)) pending = { step: start, atMs: Date.now() };
        continue;
      }
      if (second === undefined ? first !== null : first !== start) continue;
      if (matchesStep(second ?? start, event, place) && runShortcut(id)) {
        pending = null;
        event.preventDefault();
        return;
      }
    }
  }
}

function isAllowed(shortcut: Shortcut, keys: string, isTyping: boolean): boolean {
  if (isTyping && !shortcut.whileTyping && !keys.includes("+")) return false;
  return !isCharacterKey(keys) || readPreferences().singleKeyShortcuts;
}

const openLayers = [
  '[role="dialog"][aria-modal="true"]',
  "dialog[open]",
  ...["dialog", "alertdialog", "menu", "listbox"].map(
    (role) => `[role="${role}"][data-state="open"]`,
  ),
].join(",");

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !/^(button|checkbox|radio|submit)$/.test(target.type)
  );
}
