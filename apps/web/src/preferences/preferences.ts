import * as z from "zod";

const wallClock = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * What a person sets for one browser on one device. A field that is missing or
 * unknown, because an older or newer version wrote it, takes its first choice.
 */
const preferences = z.object({
  /** Which key sends a text; the other one begins a new line. */
  sendWith: z.enum(["enter", "mod_enter"]).catch("enter"),
  /** Whether the place for a text has the focus as soon as a conversation opens. */
  writesOnOpen: z.boolean().catch(true),
  /** The tone of hands and faces in the emoji picker. */
  emojiSkinTone: z
    .enum(["none", "light", "medium-light", "medium", "medium-dark", "dark"])
    .catch("none"),
  /** Whether a text between 21:00 and 8:00 at the contact's asks first. */
  warnsInQuietHours: z.boolean().catch(true),
  /** Whether keys such as `j` and `e` act; combinations with ⌘, Ctrl or Alt always do. */
  singleKeyShortcuts: z.boolean().catch(true),
  /** Whether the next conversation opens once one is done, snoozed or gone. */
  opensNext: z.boolean().catch(true),
  density: z.enum(["comfortable", "compact"]).catch("comfortable"),
  notifyOnDesktop: z.boolean().catch(false),
  notifyWithSound: z.boolean().catch(true),
  /** Whether a notification says neither who wrote nor what. */
  hidesTextInNotices: z.boolean().catch(false),
  /** Whether nothing rings between `quietFrom` and `quietTo`, on the wall clock here. */
  isQuietAtTimes: z.boolean().catch(false),
  quietFrom: z.string().regex(wallClock).catch("21:00"),
  quietTo: z.string().regex(wallClock).catch("08:00"),
  showsUnreadInTitle: z.boolean().catch(true),
  showsUnreadOnIcon: z.boolean().catch(true),
});
export type Preferences = z.infer<typeof preferences>;

const storageKey = "livechat.preferences";
const listeners = new Set<() => void>();
let current: Preferences | null = null;

/** All preferences of this browser. */
export function readPreferences(): Preferences {
  current ??= load();
  return current;
}

/** Sets one preference here and in this browser's other tabs. */
export function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  // What another tab has set since is kept.
  current = { ...load(current), [name]: value };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

/** Calls back whenever a preference changes, in this tab or another. */
export function subscribeToPreferences(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("storage", onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("storage", onStorage);
  };
}

function onStorage(event: StorageEvent): void {
  if (event.key !== storageKey && event.key !== null) return;
  current = load();
  for (const listener of listeners) listener();
}

function load(fallback: Preferences | null = null): Preferences {
  let kept: unknown = null;
  try {
    kept = JSON.parse(localStorage.getItem(storageKey) ?? "null");
  } catch {
    // Blocked or damaged: as if nothing had been chosen.
  }
  if (kept === null && fallback) return fallback;
  return preferences.parse(typeof kept === "object" && kept !== null ? kept : {});
}
