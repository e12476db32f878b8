import { type MouseEvent, useCallback, useRef } from "react";
import { useNavigate } from "react-router";
import { listRange } from "./shown-order.ts";
import { useConversationActions } from "./use-conversation-actions.ts";

interface RowPicking {
  /** Selects a row among several, or no longer. */
  toggle(contactId: string): void;
  /** Opens a row's conversation, or with shift, ctrl or ⌘ selects it. Stays the same function. */
  onPick(contactId: string, event: MouseEvent<HTMLAnchorElement>): void;
}

/** What a click on a row does. `takesClick` tells that the click belongs to a finger's gesture. */
export function useRowPicking(takesClick: () => boolean): RowPicking {
  const { selectedIds, select } = useConversationActions();
  const navigate = useNavigate();
  const lastPicked = useRef<string | null>(null);
  const latest = useRef({ selectedIds, takesClick });
  latest.current = { selectedIds, takesClick };

  const toggle = useCallback(
    (contactId: string) => {
      const next = new Set(latest.current.selectedIds);
      if (!next.delete(contactId)) next.add(contactId);
      lastPicked.current = contactId;
      select(next);
    },
    [select],
  );

  const onPick = useCallback(
    (contactId: string, event: MouseEvent<HTMLAnchorElement>) => {
      // The browser's own: it saves what the link leads to.
      if (event.altKey) return;
      event.preventDefault();
      if (latest.current.takesClick()) return;
      if (event.shiftKey) {
        const range = listRange(lastPicked.current ?? contactId, contactId);
        select(new Set([...latest.current.selectedIds, ...range]));
      } else if (event.metaKey || event.ctrlKey) toggle(contactId);
      else {
        if (latest.current.selectedIds.size > 0) select(new Set());
        void navigate(event.currentTarget.getAttribute("href") ?? "");
      }
    },
    [select, toggle, navigate],
  );

  return { toggle, onPick };
}
