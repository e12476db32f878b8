import { Menu, Portal } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import type { ReactNode } from "react";
import {
  LuAlarmClock,
  LuBan,
  LuCircleCheck,
  LuCircleDot,
  LuEllipsis,
  LuHourglass,
  LuMail,
  LuMailOpen,
  LuSearch,
  LuTag,
  LuTrash2,
  LuUserPlus,
} from "react-icons/lu";
import { Keys } from "../../components/shortcuts/Keys.tsx";
import { type ShortcutId, shortcuts } from "../../components/shortcuts/shortcut-list.ts";
import { useMediaQuery } from "../../components/use-media-query.ts";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { useConversationActions } from "./use-conversation-actions.ts";

/** All that can be done with these conversations, as the panel of a menu. */
function ConversationMenuPanel({
  contacts,
  onSearch,
}: {
  contacts: readonly Contact[];
  onSearch?: (() => void) | undefined;
}) {
  const actions = useConversationActions();
  const workspace = useWorkspace();
  const me = useMe();
  const isOnePane = useMediaQuery("(max-width: 767px)");
  const [first] = contacts;
  if (!first) return null;
  const isDone = contacts.every((contact) => contact.conversationStatus === "Done");
  const isPending = contacts.every((contact) => contact.conversationStatus === "Pending");
  const isSnoozed = contacts.every((contact) => contact.snoozedUntil !== null);
  const isUnread = contacts.some((contact) => contact.unreadCount > 0);
  const isBlocked = contacts.every((contact) => contact.blockedAt !== null);
  const isMine = contacts.every((contact) => contact.assignedTo === me.userId);
  return (
    <Portal>
      <Menu.Positioner>
        <Menu.Content minWidth="14rem" borderRadius="12px">
          {onSearch && isOnePane && (
            <>
              <Item value="search" icon={<LuSearch />} onSelect={onSearch}>
                Search in the conversation
              </Item>
              <Menu.Separator />
            </>
          )}
          {isDone ? (
            <Item
              value="open"
              icon={<LuCircleDot />}
              onSelect={() => actions.setStatus(contacts, "Open")}
            >
              Reopen
            </Item>
          ) : (
            <Item
              value="done"
              icon={<LuCircleCheck />}
              shortcut="done"
              onSelect={() => actions.setStatus(contacts, "Done")}
            >
              Mark as done
            </Item>
          )}
          {isPending ? (
            <Item
              value="open"
              icon={<LuCircleDot />}
              onSelect={() => actions.setStatus(contacts, "Open")}
            >
              No longer pending
            </Item>
          ) : (
            <Item
              value="pending"
              icon={<LuHourglass />}
              onSelect={() => actions.setStatus(contacts, "Pending")}
            >
              Mark as pending
            </Item>
          )}
          {isSnoozed ? (
            <Item
              value="wake"
              icon={<LuAlarmClock />}
              onSelect={() => actions.snooze(contacts, null)}
            >
              End the snooze
            </Item>
          ) : (
            <Item
              value="snooze"
              icon={<LuAlarmClock />}
              shortcut="snooze"
              onSelect={() => actions.pick("snooze", contacts)}
            >
              Snooze…
            </Item>
          )}
          <Menu.Separator />
          {!isMine && (
            <Item
              value="claim"
              icon={<LuUserPlus />}
              onSelect={() => actions.assign(contacts, me.userId)}
            >
              Assign to me
            </Item>
          )}
          <Item
            value="assign"
            icon={<LuUserPlus />}
            shortcut="assign"
            onSelect={() => actions.pick("assign", contacts)}
          >
            Assign…
          </Item>
          <Item value="tags" icon={<LuTag />} onSelect={() => actions.pick("tags", contacts)}>
            Tags…
          </Item>
          <Item
            value="unread"
            icon={isUnread ? <LuMailOpen /> : <LuMail />}
            {...(isUnread ? {} : { shortcut: "markUnread" as const })}
            onSelect={() => actions.setUnread(contacts, !isUnread)}
          >
            {isUnread ? "Mark as read" : "Mark as unread"}
          </Item>
          <Menu.Separator />
          <Item
            value="block"
            icon={<LuBan />}
            onSelect={() => actions.setBlocked(contacts, !isBlocked)}
          >
            {isBlocked ? "Unblock" : "Block"}
          </Item>
          {workspace.role !== "agent" && contacts.length === 1 && (
            <Item
              value="delete"
              icon={<LuTrash2 />}
              isDangerous
              onSelect={() => actions.pick("delete", contacts)}
            >
              Delete…
            </Item>
          )}
        </Menu.Content>
      </Menu.Positioner>
    </Portal>
  );
}

function Item({
  value,
  icon,
  shortcut,
  isDangerous = false,
  onSelect,
  children,
}: {
  value: string;
  icon: ReactNode;
  shortcut?: ShortcutId;
  isDangerous?: boolean;
  onSelect(): void;
  children: ReactNode;
}) {
  const keys = shortcut && shortcuts[shortcut].keys[0];
  return (
    <Menu.Item
      value={value}
      // After the menu has given the focus back: a dialog takes it from there.
      onSelect={() => setTimeout(onSelect)}
      {...(isDangerous ? { color: "fg.error", _hover: { bg: "bg.error", color: "fg.error" } } : {})}
    >
      {icon}
      <span style={{ flex: 1 }}>{children}</span>
      {keys && (
        <span className="lc-menu-keys" aria-hidden="true">
          <Keys of={keys} />
        </span>
      )}
    </Menu.Item>
  );
}

/** The same menu at a point of the list: by a right click, the menu key or a long press. */
export function ConversationContextMenu({
  at,
  contacts,
  onClose,
}: {
  at: { x: number; y: number };
  contacts: readonly Contact[];
  onClose(): void;
}) {
  return (
    <Menu.Root
      open
      onOpenChange={({ open }) => !open && onClose()}
      positioning={{
        placement: "bottom-start",
        getAnchorRect: () => ({ ...at, width: 1, height: 1 }),
      }}
    >
      <ConversationMenuPanel contacts={contacts} />
    </Menu.Root>
  );
}

/** The same menu behind a button. With `onSearch` it also holds what a phone's header has no room for. */
export function ConversationMoreMenu({
  contacts,
  label,
  placement,
  onSearch,
}: {
  contacts: readonly Contact[];
  label: string;
  placement: "bottom-end" | "top-end";
  onSearch?: () => void;
}) {
  return (
    <Menu.Root lazyMount unmountOnExit positioning={{ placement }}>
      <Menu.Trigger asChild>
        <button type="button" className="lc-icon-button" aria-label={label} title={label}>
          <LuEllipsis aria-hidden="true" />
        </button>
      </Menu.Trigger>
      <ConversationMenuPanel contacts={contacts} onSearch={onSearch} />
    </Menu.Root>
  );
}
