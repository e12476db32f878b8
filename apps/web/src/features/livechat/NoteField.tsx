import { maxNoteLength } from "@livechat/shared";
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { Avatar } from "../../components/Avatar.tsx";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { findMentioned, findMentionQuery } from "./note-text.ts";

const maxShown = 6;

interface NoteFieldProps {
  initial: string;
  label: string;
  saveLabel: string;
  onCancel(): void;
  /** Rejects when the note was not stored; what was written then stays. */
  onSave(body: string, mentionedIds: string[]): Promise<void>;
  onType?(body: string): void;
}

/** Where a note is written: @ lists the members, ⌘ or Ctrl with Enter saves. */
export function NoteField(props: NoteFieldProps) {
  const me = useMe();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const [body, setBody] = useState(props.initial);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [isClosed, setIsClosed] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const nextCaret = useRef<number | null>(null);
  const id = useId();
  const others = [...(members?.values() ?? [])].filter(({ userId }) => userId !== me.userId);
  const asked = isClosed ? null : findMentionQuery(body, caret);
  const words = asked?.query.toLocaleLowerCase() ?? "";
  const found = asked
    ? others
        .filter(
          ({ displayName }) =>
            displayName.toLocaleLowerCase().startsWith(words) ||
            displayName.toLocaleLowerCase().includes(` ${words}`),
        )
        .slice(0, maxShown)
    : [];
  const isWhole = found.length === 1 && found[0]?.displayName.toLocaleLowerCase() === words.trim();
  const shown = isWhole ? [] : found;
  const chosen = shown[Math.min(active, shown.length - 1)];
  const isTooLong = body.trim().length > maxNoteLength;

  useLayoutEffect(() => {
    const area = field.current;
    area?.setSelectionRange(area.value.length, area.value.length);
    area?.focus({ preventScroll: true });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field's height and caret follow its text.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 220)}px`;
    if (nextCaret.current !== null) {
      area.setSelectionRange(nextCaret.current, nextCaret.current);
      nextCaret.current = null;
    }
  }, [body]);

  function write(next: string) {
    setBody(next);
    setError(null);
    setIsClosed(false);
    setActive(0);
    props.onType?.(next);
  }

  function insert(name: string) {
    if (!asked) return;
    const before = `${body.slice(0, asked.from)}@${name} `;
    nextCaret.current = before.length;
    setCaret(before.length);
    write(before + body.slice(caret).replace(/^ /, ""));
    setIsClosed(true);
    field.current?.focus();
  }

  async function save() {
    if (body.trim() === "" || isTooLong || isSaving) return;
    setIsSaving(true);
    try {
      await props.onSave(body.trim(), [...new Set(findMentioned(body, others))]);
    } catch (failure) {
      setError(explainFailure(failure));
    } finally {
      setIsSaving(false);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (chosen) {
      const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (steps) {
        event.preventDefault();
        setActive((active + steps + shown.length) % shown.length);
        return;
      }
      if ((event.key === "Enter" || event.key === "Tab") && !event.metaKey && !event.ctrlKey) {
        event.preventDefault();
        insert(chosen.displayName);
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        setIsClosed(true);
        return;
      }
    }
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      props.onCancel();
    }
  }

  return (
    <>
      {shown.length > 0 && (
        <div className="lc-mention-list" id={`${id}-list`} role="listbox" aria-label="Members">
          {shown.map((member) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field, which keeps the focus, answers the keys.
            <div
              key={member.userId}
              id={`${id}-${member.userId}`}
              className="lc-picker-option"
              role="option"
              tabIndex={-1}
              aria-selected={member === chosen}
              data-active={member === chosen || undefined}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => insert(member.displayName)}
            >
              <Avatar id={member.userId} name={member.displayName} size={24} />
              <span dir="auto">{member.displayName}</span>
            </div>
          ))}
        </div>
      )}
      <textarea
        ref={field}
        dir="auto"
        rows={2}
        value={body}
        aria-label={props.label}
        aria-describedby={`${id}-foot`}
        aria-autocomplete="list"
        aria-controls={shown.length > 0 ? `${id}-list` : undefined}
        aria-activedescendant={chosen ? `${id}-${chosen.userId}` : undefined}
        placeholder="Only your team sees this. Mention someone with @"
        onChange={(event) => {
          setCaret(event.target.selectionStart);
          write(event.target.value);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
      />
      <div className="lc-note-foot" id={`${id}-foot`}>
        <span role={error || isTooLong ? "alert" : undefined}>
          {error ??
            (isTooLong
              ? `A note has at most ${maxNoteLength} characters.`
              : "Never sent to the customer")}
        </span>
        <button
          type="button"
          className="lc-icon-button"
          style={{ width: "auto", fontSize: 13, padding: "0 8px" }}
          onClick={props.onCancel}
        >
          Cancel
        </button>
        <button
          type="button"
          className="lc-button"
          disabled={body.trim() === "" || isTooLong || isSaving}
          onClick={() => void save()}
        >
          {props.saveLabel}
        </button>
      </div>
    </>
  );
}
