import type { Contact } from "@livechat/shared";
import { Suspense } from "react";
import { LuAlarmClock, LuBan, LuCheck, LuEllipsis, LuHourglass, LuUserPlus } from "react-icons/lu";
import { Avatar } from "../../components/Avatar.tsx";
import { late } from "../../components/late.tsx";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { formatSnooze } from "./snooze-times.ts";
import { useConversationActions } from "./use-conversation-actions.ts";
import { useNow } from "./use-now.ts";

const ConversationMoreMenu = late(
  async () => (await import("./ConversationMenu.tsx")).ConversationMoreMenu,
);

/** Whose the open conversation is and what can be done with it; the most frequent stands out. */
export function ConversationHeaderActions({
  contact,
  onSearch,
}: {
  contact: Contact;
  onSearch(): void;
}) {
  const actions = useConversationActions();
  const me = useMe();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const now = useNow();
  const contacts = [contact];
  const isDone = contact.conversationStatus === "Done" && contact.snoozedUntil === null;
  const assignee = contact.assignedTo ? members?.get(contact.assignedTo) : undefined;
  const assigneeName =
    contact.assignedTo === me.userId ? "you" : (assignee?.displayName ?? "a former member");
  return (
    <div className="lc-head-actions">
      {contact.blockedAt ? (
        <span className="lc-tag">
          <LuBan aria-hidden="true" /> Blocked
        </span>
      ) : contact.snoozedUntil ? (
        <span className="lc-tag">
          <LuAlarmClock aria-hidden="true" /> {formatSnooze(new Date(contact.snoozedUntil), now)}
        </span>
      ) : contact.conversationStatus === "Pending" ? (
        <span className="lc-tag">
          <LuHourglass aria-hidden="true" /> Pending
        </span>
      ) : null}
      <button
        type="button"
        className="lc-icon-button lc-assignee lc-roomy"
        title={contact.assignedTo ? `Assigned to ${assigneeName}` : "Assign"}
        aria-label={contact.assignedTo ? `Assigned to ${assigneeName}. Change` : "Assign"}
        onClick={() => actions.pick("assign", contacts)}
      >
        {contact.assignedTo ? (
          <Avatar id={contact.assignedTo} name={assignee?.displayName ?? null} size={26} />
        ) : (
          <LuUserPlus aria-hidden="true" />
        )}
      </button>
      <button
        type="button"
        className="lc-done-button"
        aria-pressed={isDone}
        title={isDone ? "Reopen" : "Mark as done"}
        onClick={() => actions.setStatus(contacts, isDone ? "Open" : "Done")}
      >
        <LuCheck aria-hidden="true" />
        <span>Done</span>
      </button>
      <Suspense
        fallback={
          <span className="lc-icon-button" aria-hidden="true">
            <LuEllipsis />
          </span>
        }
      >
        <ConversationMoreMenu
          contacts={contacts}
          label="More actions"
          placement="bottom-end"
          onSearch={onSearch}
        />
      </Suspense>
    </div>
  );
}
