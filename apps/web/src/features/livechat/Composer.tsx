import { type Contact, fillVariables, type Message, maxTextLength } from "@livechat/shared";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { LuArrowUp, LuBan, LuCalendarClock, LuPlus, LuSmile } from "react-icons/lu";
import { Link } from "react-router";
import { v7 as makeId } from "uuid";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { readPreferences } from "../../preferences/preferences.ts";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { AnswerGuard } from "./AnswerGuard.tsx";
import { AttachmentStrip } from "./AttachmentStrip.tsx";
import {
  attachFiles,
  detachFile,
  readAttachments,
  subscribeToAttachments,
  takeAttachments,
} from "./attachments.ts";
import "./composer.css";
import { explainUntextable, nameContact } from "./describe-contact.ts";
import { QuietHoursBar } from "./QuietHoursBar.tsx";
import type { QuietHour } from "./quiet-hours.ts";
import { SegmentCounter } from "./SegmentCounter.tsx";
import { SuggestionList } from "./SuggestionList.tsx";
import { explainUnresolved, readTextValues } from "./text-values.ts";
import { useAnswerGuard } from "./use-answer-guard.ts";
import { useComposerSuggestions } from "./use-composer-suggestions.ts";
import { useDraft } from "./use-draft.ts";
import { useQuietHours } from "./use-quiet-hours.ts";

const EmojiPicker = lazy(() => import("./EmojiPicker.tsx"));
const ScheduleDialog = lazy(() => import("./ScheduleDialog.tsx"));

const stopTypingAfterMs = 5000;
const maxFieldPx = 174;

/** A time for a text, and whether an answer calls it off. */
interface Schedule {
  scheduledFor: string;
  cancelOnReply: boolean;
}

/** Where a text is written. Mount it anew for each contact: it keeps the contact's draft. */
export function Composer({ contact }: { contact: Contact }) {
  const untextable = explainUntextable(contact);
  if (!untextable) return <ComposerForm contact={contact} />;
  return (
    <p className="lc-composer-off" role="note">
      <LuBan aria-hidden="true" />
      {untextable}
    </p>
  );
}

function ComposerForm({ contact }: { contact: Contact }) {
  const { store, connection } = useInbox();
  const me = useMe();
  const workspace = useWorkspace();
  const contactId = contact.id;
  const [text, keep] = useDraft(store.workspaceId, contactId);
  const files = useSyncExternalStore(subscribeToAttachments, () => readAttachments(contactId));
  const [caret, setCaret] = useState(text.length);
  const [notice, setNotice] = useState<string | null>(null);
  const [answered, setAnswered] = useState<Message | null>(null);
  const [quiet, setQuiet] = useState<QuietHour | null>(null);
  const [panel, setPanel] = useState<"emoji" | "schedule" | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const nextCaret = useRef<number | null>(null);
  const typingTimer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const guard = useAnswerGuard(contactId, text.trim() !== "" || files.length > 0);
  const quietHours = useQuietHours(contact);
  const name = nameContact(contact);
  const values = useMemo(
    () => readTextValues(contact, me.displayName, workspace.name),
    [contact, me.displayName, workspace.name],
  );

  useEffect(
    () => () => {
      if (typingTimer.current) clearTimeout(typingTimer.current);
      connection.type(contactId, false);
    },
    [connection, contactId],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field's height follows its text.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, maxFieldPx)}px`;
    if (nextCaret.current === null) return;
    area.setSelectionRange(nextCaret.current, nextCaret.current);
    setCaret(nextCaret.current);
    nextCaret.current = null;
  }, [text]);

  useEffect(() => {
    // A soft keyboard that opens by itself would hide the conversation.
    if (window.matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  useShortcut("reply", () => field.current?.focus());

  function write(next: string, caretAfter: number) {
    nextCaret.current = caretAfter;
    onType(next);
    field.current?.focus({ preventScroll: true });
  }

  function clearNotices() {
    setNotice(null);
    setAnswered(null);
    setQuiet(null);
  }

  function onType(next: string) {
    keep(next);
    clearNotices();
    if (typingTimer.current) clearTimeout(typingTimer.current);
    connection.type(contactId, next.trim() !== "");
    typingTimer.current = setTimeout(() => connection.type(contactId, false), stopTypingAfterMs);
  }

  const suggestions = useComposerSuggestions({ text, caret, values, onInsert: write });

  function insert(added: string) {
    const area = field.current;
    const [from, to] = [area?.selectionStart ?? text.length, area?.selectionEnd ?? text.length];
    write(text.slice(0, from) + added + text.slice(to), from + added.length);
  }

  function attach(added: File[]) {
    setNotice(attachFiles(store.workspaceId, contactId, added));
    field.current?.focus({ preventScroll: true });
  }

  const unresolved = useMemo(() => fillVariables(text, values).unresolved, [text, values]);
  const isEmpty = text.trim() === "" && files.length === 0;
  const blocked = isEmpty
    ? "Write a text first."
    : files.some((file) => file.error)
      ? "Remove the file that could not be stored."
      : files.some((file) => !file.stored)
        ? "The files are still on their way."
        : text.length > maxTextLength
          ? `A text has at most ${maxTextLength} characters. Split it in two.`
          : explainUnresolved(unresolved);

  /** Sends, unless something speaks against it; then it says what. */
  function send(schedule: Schedule | null = null, { isSure = false } = {}) {
    if (blocked) {
      if (!isEmpty) setNotice(blocked);
      return;
    }
    const other = isSure ? null : guard.check();
    setAnswered(other);
    if (other) return;
    const night = schedule ? null : quietHours.check(new Date());
    setQuiet(night);
    if (night) return;
    const filled = fillVariables(text, values).text;
    if (filled.length > maxTextLength) {
      setNotice(
        `With its variables filled in, the text has more than ${maxTextLength} characters.`,
      );
      return;
    }
    store.send({
      id: makeId(),
      contactId,
      text: filled.trim() === "" ? "" : filled,
      media: takeAttachments(contactId),
      ...schedule,
    });
    if (typingTimer.current) clearTimeout(typingTimer.current);
    keep("");
    setCaret(0);
    clearNotices();
    connection.type(contactId, false);
    field.current?.focus({ preventScroll: true });
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter accepts its suggestion; Safari says so by code 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (suggestions.onKeyDown(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    const hasModifier = event.metaKey || event.ctrlKey;
    if (!hasModifier && readPreferences().sendWith === "mod_enter") return;
    event.preventDefault();
    send();
  }

  function onPaste(event: ClipboardEvent) {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    attach(pasted);
  }

  const isListOpen = suggestions.isOpen && panel === null;
  return (
    <form
      className="lc-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {isListOpen && (
        <SuggestionList
          id="lc-suggestions"
          label={suggestions.kind === "canned" ? "Canned replies" : "Emoji"}
          items={suggestions.items}
          activeAt={suggestions.activeAt}
          onHover={suggestions.setActiveAt}
          onChoose={suggestions.choose}
          note={
            suggestions.kind === "canned" && suggestions.items.length === 0 ? (
              <>
                {suggestions.hasReplies
                  ? "No canned reply is called so."
                  : "No canned replies yet."}{" "}
                <Link to={`/w/${store.workspaceId}/settings/replies`}>
                  Manage them in the settings
                </Link>
              </>
            ) : null
          }
        />
      )}
      {panel === "emoji" && (
        <Suspense>
          <EmojiPicker
            onChoose={(emoji) => {
              insert(emoji);
              setPanel(null);
            }}
            onClose={() => {
              setPanel(null);
              field.current?.focus({ preventScroll: true });
            }}
          />
        </Suspense>
      )}
      {panel === "schedule" && (
        <Suspense>
          <ScheduleDialog
            contact={contact}
            onClose={() => setPanel(null)}
            onChoose={(scheduledFor, cancelOnReply) => {
              setPanel(null);
              send({ scheduledFor, cancelOnReply });
            }}
          />
        </Suspense>
      )}
      {answered && (
        <AnswerGuard
          answer={answered}
          onSend={() => send(null, { isSure: true })}
          onClose={() => {
            setAnswered(null);
            field.current?.focus({ preventScroll: true });
          }}
        />
      )}
      {quiet && (
        <QuietHoursBar
          quiet={quiet}
          contactName={name}
          onBack={() => {
            setQuiet(null);
            field.current?.focus({ preventScroll: true });
          }}
          onSend={() => {
            quietHours.confirm();
            send();
          }}
          onSchedule={(at) => send({ scheduledFor: at.toISOString(), cancelOnReply: false })}
        />
      )}
      <AttachmentStrip
        files={files}
        onRemove={(key) => {
          detachFile(contactId, key);
          setNotice(null);
          field.current?.focus();
        }}
      />
      <div className="lc-composer-row">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          aria-label="Files to attach"
          accept="image/*,video/*,audio/*,.pdf,.vcf"
          onChange={(event) => {
            attach([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <button
          type="button"
          className="lc-attach"
          aria-label="Attach files"
          title="Attach files"
          onClick={() => picker.current?.click()}
        >
          <LuPlus />
        </button>
        <div className="lc-field">
          <textarea
            id="lc-composer-field"
            ref={field}
            rows={1}
            dir="auto"
            aria-label={`Text message to ${name}`}
            aria-describedby="lc-composer-notice"
            aria-autocomplete="list"
            aria-controls={
              isListOpen && suggestions.items.length > 0 ? "lc-suggestions" : undefined
            }
            aria-activedescendant={
              isListOpen && suggestions.items.length > 0
                ? `lc-suggestions-${suggestions.activeAt}`
                : undefined
            }
            placeholder="Text message"
            value={text}
            onChange={(event) => {
              setCaret(event.target.selectionStart);
              onType(event.target.value);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <button
            type="button"
            className="lc-field-tool"
            aria-label="Emoji"
            title="Emoji"
            aria-expanded={panel === "emoji"}
            data-emoji-button=""
            onClick={() => setPanel(panel === "emoji" ? null : "emoji")}
          >
            <LuSmile />
          </button>
          {!isEmpty && (
            <button
              type="button"
              className="lc-field-tool"
              aria-label="Send later"
              title="Send later"
              onClick={() => (blocked ? setNotice(blocked) : setPanel("schedule"))}
            >
              <LuCalendarClock />
            </button>
          )}
          <button
            type="submit"
            className="lc-send"
            aria-label="Send message"
            title={blocked ?? "Send"}
            aria-disabled={blocked ? true : undefined}
            aria-describedby={blocked ? "lc-send-blocked" : undefined}
          >
            <LuArrowUp />
          </button>
          {blocked && (
            <span id="lc-send-blocked" className="lc-hidden">
              {blocked}
            </span>
          )}
        </div>
      </div>
      <div className="lc-composer-foot" id="lc-composer-notice">
        <span role="alert">{notice}</span>
        <SegmentCounter text={text} onReplace={(plain) => write(plain, plain.length)} />
      </div>
    </form>
  );
}
