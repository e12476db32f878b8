import type { Contact } from "@livechat/shared";
import { LuAlarmClock, LuCheck, LuMailOpen, LuUserPlus, LuX } from "react-icons/lu";
import { ConversationMoreMenu } from "./ConversationMenu.tsx";
import { useConversationActions } from "./use-conversation-actions.ts";

/** What can be done with the selected rows, all at once. */
export function BulkBar({ contacts }: { contacts: readonly Contact[] }) {
  const actions = useConversationActions();
  const isUnread = contacts.some((contact) => contact.unreadCount > 0);
  return (
    <div className="lc-bulk" role="toolbar" aria-label="Selected conversations">
      <span role="status">{contacts.length} selected</span>
      <BulkButton label="Mark as done" onClick={() => actions.setStatus(contacts, "Done")}>
        <LuCheck aria-hidden="true" />
      </BulkButton>
      <BulkButton label="Snooze" onClick={() => actions.pick("snooze", contacts)}>
        <LuAlarmClock aria-hidden="true" />
      </BulkButton>
      <BulkButton label="Assign" onClick={() => actions.pick("assign", contacts)}>
        <LuUserPlus aria-hidden="true" />
      </BulkButton>
      <BulkButton
        label={isUnread ? "Mark as read" : "Mark as unread"}
        onClick={() => actions.setUnread(contacts, !isUnread)}
      >
        <LuMailOpen aria-hidden="true" />
      </BulkButton>
      <ConversationMoreMenu contacts={contacts} label="More for the selected" placement="top-end" />
      <BulkButton label="Select none" onClick={() => actions.select(new Set())}>
        <LuX aria-hidden="true" />
      </BulkButton>
    </div>
  );
}

function BulkButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick(): void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      className="lc-icon-button"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
