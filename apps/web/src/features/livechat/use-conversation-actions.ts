import type { Contact } from "@livechat/shared";
import { createContext, useContext } from "react";

/** What has to be chosen before something is done. */
export type PickerKind = "snooze" | "assign" | "tags" | "delete";

/** What agents do with conversations. Each acts at once, says what it did and offers to undo it. */
export interface ConversationActions {
  setStatus(contacts: readonly Contact[], status: Contact["conversationStatus"]): void;
  /** Null ends the snooze. */
  snooze(contacts: readonly Contact[], until: Date | null): void;
  assign(contacts: readonly Contact[], userId: string | null): void;
  setTag(contacts: readonly Contact[], tagId: string, isOn: boolean): void;
  setUnread(contacts: readonly Contact[], isUnread: boolean): void;
  setBlocked(contacts: readonly Contact[], isBlocked: boolean): void;
  remove(contact: Contact): void;
  /** Asks for what is missing: until when, to whom, which tags. */
  pick(kind: PickerKind, contacts: readonly Contact[]): void;
  /** The rows that are selected for several at once. */
  selectedIds: ReadonlySet<string>;
  select(ids: ReadonlySet<string>): void;
}

/** Filled by `ConversationActionsProvider`. */
export const ActionsContext = createContext<ConversationActions | null>(null);

/** The actions of the inbox. Throws outside a `ConversationActionsProvider`. */
export function useConversationActions(): ConversationActions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("useConversationActions needs its provider above it.");
  return actions;
}
