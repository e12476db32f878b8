import { Link } from "react-router";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { OptionList } from "./OptionList.tsx";
import { Names, PickerDialog, type PickerProps } from "./PickerDialog.tsx";
import { useConversationActions } from "./use-conversation-actions.ts";

/** Puts tags on conversations and takes them off. */
export function TagPicker({ contacts, onClose }: PickerProps) {
  const actions = useConversationActions();
  const workspace = useWorkspace();
  const tags = useInboxPart((snapshot) => snapshot.inbox?.tags);
  const rows = [...(tags?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <PickerDialog
      title={
        <>
          Tags of <Names contacts={contacts} />
        </>
      }
      onClose={onClose}
    >
      {rows.length === 0 ? (
        <p className="lc-picker-note">
          This workspace has no tags yet.{" "}
          {workspace.role === "agent" ? (
            "An admin can add some in the settings."
          ) : (
            <Link to={`/w/${workspace.id}/settings/conversations`} onClick={onClose}>
              Add some in the settings.
            </Link>
          )}
        </p>
      ) : (
        <OptionList
          label="Tags"
          isMultiple
          placeholder="Find a tag"
          options={rows.map((tag) => {
            const isOn = contacts.every((contact) => contact.tagIds.includes(tag.id));
            return {
              key: tag.id,
              icon: <span className="lc-tag-dot" data-colour={tag.colour} aria-hidden="true" />,
              label: tag.name,
              isChosen: isOn,
              onChoose: () =>
                actions.setTag(
                  contacts.filter((contact) => contact.tagIds.includes(tag.id) === isOn),
                  tag.id,
                  !isOn,
                ),
            };
          })}
        />
      )}
    </PickerDialog>
  );
}
