const key = (workspaceId: string, contactId: string) =>
  `livechat.draft.${workspaceId}.${contactId}`;

/** The text that was begun in this conversation; empty when there is none or no storage. */
export function readDraft(workspaceId: string, contactId: string): string {
  try {
    return window.localStorage.getItem(key(workspaceId, contactId)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a begun text across reloads; an empty one is forgotten. */
export function writeDraft(workspaceId: string, contactId: string, text: string): void {
  try {
    if (text === "") window.localStorage.removeItem(key(workspaceId, contactId));
    else window.localStorage.setItem(key(workspaceId, contactId), text);
  } catch {
    // Without storage the draft lives as long as the page.
  }
}
