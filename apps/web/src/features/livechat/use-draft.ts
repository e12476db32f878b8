import { useCallback, useSyncExternalStore } from "react";
import { readDraft, subscribeToDraft, writeDraft } from "./drafts.ts";

/** The begun text of a conversation and the way to change it; the list and other tabs follow. */
export function useDraft(workspaceId: string, contactId: string): [string, (text: string) => void] {
  const subscribe = useCallback(
    (listener: () => void) => subscribeToDraft(workspaceId, contactId, listener),
    [workspaceId, contactId],
  );
  const draft = useSyncExternalStore(subscribe, () => readDraft(workspaceId, contactId));
  const write = useCallback(
    (text: string) => writeDraft(workspaceId, contactId, text),
    [workspaceId, contactId],
  );
  return [draft, write];
}
