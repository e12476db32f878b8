import type { Contact } from "@livechat/shared";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { useConversationActions } from "./use-conversation-actions.ts";

/** Keys that act on the selected conversations, else on the row that has the focus, else on the open one. */
export function useConversationShortcuts(openId: string | null): void {
  const { store } = useInbox();
  const actions = useConversationActions();
  const { selectedIds, select } = actions;

  function onTargets(act: (contacts: readonly Contact[]) => void) {
    return () => {
      const id = readFocusedContactId() ?? openId;
      const ids = selectedIds.size > 0 ? [...selectedIds] : id ? [id] : [];
      const known = store.getSnapshot().inbox?.contacts;
      const contacts = ids.flatMap((each) => known?.get(each) ?? []);
      if (contacts.length === 0) return false;
      act(contacts);
    };
  }
  useShortcut(
    "done",
    onTargets((contacts) => actions.setStatus(contacts, "Done")),
  );
  useShortcut(
    "snooze",
    onTargets((contacts) => actions.pick("snooze", contacts)),
  );
  useShortcut(
    "assign",
    onTargets((contacts) => actions.pick("assign", contacts)),
  );
  useShortcut(
    "markUnread",
    onTargets((contacts) => actions.setUnread(contacts, true)),
  );
  useShortcut(
    "leave",
    () => {
      if (document.activeElement?.closest(".lc-composer")) return false;
      select(new Set());
    },
    selectedIds.size > 0,
  );
}

/** The contact of the row that has the focus; null while none has. */
export function readFocusedContactId(): string | null {
  return document.activeElement?.getAttribute("data-contact") ?? null;
}
