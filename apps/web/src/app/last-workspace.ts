const storageKey = "livechat.last-workspace";

/** The workspace that was open last in this browser, if it is known. */
export function findLastWorkspace(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** Keeps the workspace for the next start; does nothing where storage is blocked. */
export function keepLastWorkspace(workspaceId: string): void {
  try {
    localStorage.setItem(storageKey, workspaceId);
  } catch {
    // Then the next start opens the first one.
  }
}
