import { readSession } from "../../session/session.ts";

const prefix = "livechat.draft.";
const listeners = new Map<string, Set<() => void>>();
/** What storage could not keep lives here as long as the page. */
const unkept = new Map<string, string>();

/** A draft is its writer's own: the next person who signs in on this device must not see it. */
function keyOf(workspaceId: string, contactId: string): string {
  const session = readSession();
  const owner = session.kind === "signed_in" ? session.userId : "nobody";
  return `${prefix}${owner}.${workspaceId}.${contactId}`;
}

/** The text that was begun in this conversation; empty when there is none. */
export function readDraft(workspaceId: string, contactId: string): string {
  const key = keyOf(workspaceId, contactId);
  const lost = unkept.get(key);
  if (lost !== undefined) return lost;
  try {
    return window.localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a begun text across reloads and shows it to other tabs; an empty one is forgotten. */
export function writeDraft(workspaceId: string, contactId: string, text: string): void {
  const key = keyOf(workspaceId, contactId);
  try {
    if (text === "") window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, text);
    unkept.delete(key);
  } catch {
    unkept.set(key, text);
  }
  tell(key);
}

/** Calls back when this conversation's draft changes, in this tab or another. */
export function subscribeToDraft(
  workspaceId: string,
  contactId: string,
  listener: () => void,
): () => void {
  const key = keyOf(workspaceId, contactId);
  if (listeners.size === 0) window.addEventListener("storage", onStorage);
  const known = listeners.get(key) ?? new Set();
  listeners.set(key, known.add(listener));
  return () => {
    known.delete(listener);
    if (known.size === 0) listeners.delete(key);
    if (listeners.size === 0) window.removeEventListener("storage", onStorage);
  };
}

function onStorage(event: StorageEvent): void {
  if (event.key === null) for (const key of listeners.keys()) tell(key);
  else if (event.key.startsWith(prefix)) tell(event.key);
}

function tell(key: string): void {
  for (const listener of listeners.get(key) ?? []) listener();
}
