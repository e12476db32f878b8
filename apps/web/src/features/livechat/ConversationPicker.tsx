import type { Contact } from "@livechat/shared";
import { useMemo } from "react";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { AssignPicker } from "./AssignPicker.tsx";
import { SnoozePicker } from "./SnoozePicker.tsx";
import { TagPicker } from "./TagPicker.tsx";
import { type PickerKind, useConversationActions } from "./use-conversation-actions.ts";

interface ConversationPickerProps {
  kind: PickerKind;
  contactIds: readonly string[];
  onClose(): void;
}

/** Asks for what an action lacks: until when, to whom, which tags, or whether really. */
export function ConversationPicker({ kind, contactIds, onClose }: ConversationPickerProps) {
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const contacts = useMemo(
    () => contactIds.flatMap((id) => known?.get(id) ?? []),
    [contactIds, known],
  );
  const [first] = contacts;
  if (!first) return null;
  switch (kind) {
    case "snooze":
      return <SnoozePicker contacts={contacts} onClose={onClose} />;
    case "assign":
      return <AssignPicker contacts={contacts} onClose={onClose} />;
    case "tags":
      return <TagPicker contacts={contacts} onClose={onClose} />;
    case "delete":
      return <DeleteQuestion contact={first} onClose={onClose} />;
    default:
      return kind satisfies never;
  }
}

function DeleteQuestion({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const actions = useConversationActions();
  return (
    <ConfirmDialog
      isOpen
      title={
        <>
          Delete <bdi>{nameContact(contact)}</bdi>?
        </>
      }
      detail="This deletes the contact and everything in the conversation: all texts, pictures and files, notes, and its history. Nobody in the workspace will see it again, and it can't be brought back after a minute. The customer keeps what is on their phone. If they have opted out, that stays in force."
      confirmLabel="Delete"
      isBusy={false}
      onClose={onClose}
      onConfirm={() => {
        actions.remove(contact);
        onClose();
      }}
    />
  );
}
