import { Button, Dialog, Field, Input, Portal } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { format } from "date-fns";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { LuCheck, LuClock, LuUserX } from "react-icons/lu";
import { Link } from "react-router";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { ContactAvatar } from "./ContactAvatar.tsx";
import { nameContact } from "./describe-contact.ts";
import { formatSnooze, listSnoozeTimes } from "./snooze-times.ts";
import { type PickerKind, useConversationActions } from "./use-conversation-actions.ts";

interface PickerProps {
  kind: PickerKind;
  contactIds: readonly string[];
  onClose(): void;
}

/** Asks for what an action lacks: until when, to whom, which tags, or whether really. */
export function ConversationPicker({ kind, contactIds, onClose }: PickerProps) {
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

interface PartProps {
  contacts: readonly Contact[];
  onClose(): void;
}

function SnoozePicker({ contacts, onClose }: PartProps) {
  const actions = useConversationActions();
  const [now] = useState(() => new Date());
  const [moment, setMoment] = useState("");
  const [error, setError] = useState<string | null>(null);

  function choose(until: Date) {
    if (Number.isNaN(until.getTime()) || until <= new Date()) {
      setError("Choose a moment in the future.");
      return;
    }
    actions.snooze(contacts, until);
    onClose();
  }

  return (
    <PickerDialog title={`Snooze ${nameAll(contacts)}`} onClose={onClose}>
      <OptionList
        label="Snooze until"
        options={listSnoozeTimes(now).map(({ label, until }) => ({
          key: label,
          icon: <LuClock aria-hidden="true" />,
          label,
          hint: formatSnooze(until, now),
          onChoose: () => choose(until),
        }))}
      />
      <form
        className="lc-picker-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          choose(new Date(moment));
        }}
      >
        <Field.Root invalid={error !== null}>
          <Field.Label>Another time</Field.Label>
          <Input
            type="datetime-local"
            value={moment}
            min={format(now, "yyyy-MM-dd'T'HH:mm")}
            onChange={(event) => {
              setMoment(event.target.value);
              setError(null);
            }}
          />
          <Field.ErrorText>{error}</Field.ErrorText>
        </Field.Root>
        <Button type="submit" variant="outline">
          Snooze
        </Button>
      </form>
      <p className="lc-picker-note">A text from the customer brings it back before.</p>
    </PickerDialog>
  );
}

function AssignPicker({ contacts, onClose }: PartProps) {
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
    <PickerDialog title={`Assign ${nameAll(contacts)}`} onClose={onClose}>
      <OptionList
        label="Assign to"
        placeholder="Find a person"
        options={[
          ...rows.map((member): PickerOption => {
            const present = people.find((person) => person.userId === member.userId);
            return {
              key: member.userId,
              icon: <ContactAvatar id={member.userId} name={member.displayName} size={26} />,
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

function TagPicker({ contacts, onClose }: PartProps) {
  const actions = useConversationActions();
  const workspace = useWorkspace();
  const tags = useInboxPart((snapshot) => snapshot.inbox?.tags);
  const rows = [...(tags?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <PickerDialog title={`Tags of ${nameAll(contacts)}`} onClose={onClose}>
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

function DeleteQuestion({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const actions = useConversationActions();
  return (
    <ConfirmDialog
      isOpen
      title={`Delete ${nameContact(contact)}?`}
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

interface PickerOption {
  key: string;
  icon: ReactNode;
  label: string;
  hint?: string;
  tone?: "online" | "away" | undefined;
  isChosen?: boolean;
  onChoose(): void;
}

/** A list to choose from by typing a part of the name, arrows and Enter, or a click. */
function OptionList({
  label,
  options,
  placeholder,
  isMultiple = false,
}: {
  label: string;
  options: readonly PickerOption[];
  /** With it there is a field to filter by. */
  placeholder?: string;
  isMultiple?: boolean;
}) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const words = query.trim().toLocaleLowerCase();
  const shown = options.filter((option) => option.label.toLocaleLowerCase().includes(words));
  const active = shown[Math.min(at, shown.length - 1)];

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps) {
      event.preventDefault();
      const next = Math.max(0, Math.min(shown.length - 1, at + steps));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" || (event.key === " " && placeholder === undefined)) {
      event.preventDefault();
      active?.onChoose();
    }
  }

  const combobox = {
    "aria-controls": `${id}-list`,
    "aria-activedescendant": active ? `${id}-${active.key}` : undefined,
    onKeyDown,
  };
  return (
    <>
      {placeholder && (
        <Input
          role="combobox"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-label={label}
          placeholder={placeholder}
          value={query}
          autoFocus
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          {...combobox}
        />
      )}
      <div
        ref={list}
        className="lc-picker-list"
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-multiselectable={isMultiple || undefined}
        tabIndex={placeholder ? -1 : 0}
        {...(placeholder ? {} : { autoFocus: true, ...combobox })}
      >
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are answered by the field or the list that has the focus.
          <div
            key={option.key}
            id={`${id}-${option.key}`}
            className="lc-picker-option"
            role="option"
            tabIndex={-1}
            aria-selected={option.isChosen ?? false}
            data-active={option === active || undefined}
            onPointerMove={() => setAt(index)}
            onClick={option.onChoose}
          >
            {option.icon}
            <span dir="auto">{option.label}</span>
            {option.hint && (
              <small data-tone={option.tone}>
                {option.tone && <i aria-hidden="true" />}
                {option.hint}
              </small>
            )}
            {option.isChosen && <LuCheck aria-hidden="true" />}
          </div>
        ))}
        {shown.length === 0 && <p className="lc-picker-note">Nothing has this name.</p>}
      </div>
    </>
  );
}

function PickerDialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose(): void;
  children: ReactNode;
}) {
  return (
    <Dialog.Root
      open
      onOpenChange={({ open }) => !open && onClose()}
      placement="center"
      size="xs"
      initialFocusEl={() =>
        document.querySelector<HTMLElement>(
          ".lc-picker input[role=combobox], .lc-picker [role=listbox]",
        )
      }
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content className="lc-picker" borderRadius="panel">
            <Dialog.Header paddingBottom="2">
              <Dialog.Title fontSize="md" dir="auto">
                {title}
              </Dialog.Title>
            </Dialog.Header>
            <Dialog.Body display="grid" gap="3" paddingBottom="4">
              {children}
            </Dialog.Body>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}

function nameAll(contacts: readonly Contact[]): string {
  const [first] = contacts;
  return contacts.length === 1 && first ? nameContact(first) : `${contacts.length} conversations`;
}
