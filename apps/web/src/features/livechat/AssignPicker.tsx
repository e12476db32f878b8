import { LuUserX } from "react-icons/lu";
import { Avatar } from "../../components/Avatar.tsx";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { OptionList, type PickerOption } from "./OptionList.tsx";
import { Names, PickerDialog, type PickerProps } from "./PickerDialog.tsx";
import { useConversationActions } from "./use-conversation-actions.ts";

/** Asks whose conversations they are to be. */
export function AssignPicker({ contacts, onClose }: PickerProps) {
  const actions = useConversationActions();
  const me = useMe();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const people = useInboxPart((snapshot) => snapshot.people);
  const current = new Set(contacts.map((contact) => contact.assignedTo));
  const isCurrent = (id: string | null) => current.size === 1 && current.has(id);
  const rows = [...(members?.values() ?? [])].sort((a, b) =>
    a.userId === me.userId
      ? -1
      : b.userId === me.userId
        ? 1
        : a.displayName.localeCompare(b.displayName),
  );

  function choose(userId: string | null) {
    actions.assign(contacts, userId);
    onClose();
  }

  return (
    <PickerDialog
      title={
        <>
          Assign <Names contacts={contacts} />
        </>
      }
      onClose={onClose}
    >
      <OptionList
        label="Assign to"
        placeholder="Find a person"
        options={[
          ...rows.map((member): PickerOption => {
            const present = people.find((person) => person.userId === member.userId);
            return {
              key: member.userId,
              icon: <Avatar id={member.userId} name={member.displayName} size={26} />,
              label:
                member.userId === me.userId ? `${member.displayName} (you)` : member.displayName,
              hint: present ? (present.isAway ? "Away" : "Online") : "Offline",
              tone: present ? (present.isAway ? "away" : "online") : undefined,
              isChosen: isCurrent(member.userId),
              onChoose: () => choose(member.userId),
            };
          }),
          {
            key: "nobody",
            icon: <LuUserX aria-hidden="true" />,
            label: "Nobody",
            isChosen: isCurrent(null),
            onChoose: () => choose(null),
          },
        ]}
      />
    </PickerDialog>
  );
}
