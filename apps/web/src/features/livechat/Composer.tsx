import { type Contact, fillVariables, type Message, maxTextLength } from "@livechat/shared";
import { Suspense, useMemo, useState, useSyncExternalStore } from "react";
import { LuBan } from "react-icons/lu";
import { v7 as makeId } from "uuid";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
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
import { ComposerField } from "./ComposerField.tsx";
import { ComposerSuggestions } from "./ComposerSuggestions.tsx";
import "./composer.css";
import { late } from "../../components/late.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { findUsualNumber, listNumbers } from "./contact-numbers.ts";
import { explainUntextable, explainUntextableNumber } from "./describe-contact.ts";
import { explainBlocked } from "./explain-blocked.ts";
import type { QuietHour } from "./quiet-hours.ts";
import { SegmentCounter } from "./SegmentCounter.tsx";
import { readTextValues } from "./text-values.ts";
import { useAnswerGuard } from "./use-answer-guard.ts";
import { useComposerSuggestions } from "./use-composer-suggestions.ts";
import { useDraft } from "./use-draft.ts";
import { useGrowingField } from "./use-growing-field.ts";
import { useQuietHours } from "./use-quiet-hours.ts";
import { useTyping } from "./use-typing.ts";

const EmojiPicker = late(async () => (await import("./EmojiPicker.tsx")).default);
const ScheduleDialog = late(async () => (await import("./ScheduleDialog.tsx")).default);
const NumberChoice = late(async () => (await import("./NumberChoice.tsx")).default);
const QuietHoursBar = late(async () => (await import("./QuietHoursBar.tsx")).default);

/** A time for a text, and whether an answer calls it off. */
interface Schedule {
  scheduledFor: string;
  cancelOnReply: boolean;
}

/** What is asked about before a text goes out, and when it is to go. */
interface Asked<T> {
  about: T;
  schedule: Schedule | null;
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
  const { store } = useInbox();
  const me = useMe();
  const workspace = useWorkspace();
  const contactId = contact.id;
  const [text, keep] = useDraft(store.workspaceId, contactId);
  const files = useSyncExternalStore(subscribeToAttachments, () => readAttachments(contactId));
  const [notice, setNotice] = useState<string | null>(null);
  const [answered, setAnswered] = useState<Asked<Message> | null>(null);
  const [quiet, setQuiet] = useState<Asked<QuietHour> | null>(null);
  const [panel, setPanel] = useState<"emoji" | "schedule" | null>(null);
  const usual = useInboxPart(({ inbox }) =>
    findUsualNumber(contact, inbox?.threads.get(contactId) ?? []),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const numbers = listNumbers(contact);
  // A number that was separated since is no longer there to be chosen.
  const to =
    numbers.find(({ phoneNumber }) => phoneNumber === chosen) ??
    numbers.find(({ phoneNumber }) => phoneNumber === usual) ??
    contact;
  const { field, caret, noteCaret, putCaret, focus } = useGrowingField(text);
  const tellTyping = useTyping(contactId);
  const guard = useAnswerGuard(contact, text.trim() !== "" || files.length > 0);
  // A person's numbers can be of different zones.
  const addressee = useMemo(
    () => ({ ...contact, phoneNumber: to.phoneNumber }),
    [contact, to.phoneNumber],
  );
  const quietHours = useQuietHours(addressee);
  const name = nameContact(contact);
  const values = useMemo(
    () => readTextValues(contact, me.displayName, workspace.name),
    [contact, me.displayName, workspace.name],
  );

  function write(next: string, caretAfter: number) {
    putCaret(caretAfter);
    onType(next);
    focus();
  }

  function clearNotices() {
    setNotice(null);
    setAnswered(null);
    setQuiet(null);
  }

  function onType(next: string) {
    keep(next);
    clearNotices();
    tellTyping(next.trim() !== "");
  }

  const suggestions = useComposerSuggestions({ text, caret, values, onInsert: write });

  function insert(added: string) {
    const area = field.current;
    const [from, to] = [area?.selectionStart ?? text.length, area?.selectionEnd ?? text.length];
    write(text.slice(0, from) + added + text.slice(to), from + added.length);
  }

  function attach(added: File[]) {
    setNotice(attachFiles(store.workspaceId, contactId, added));
    focus();
  }

  const filled = useMemo(() => fillVariables(text, values), [text, values]);
  const isEmpty = text.trim() === "" && files.length === 0;
  const blocked = explainBlocked(text, files, filled.unresolved) ?? explainUntextableNumber(to);

  /** Sends, unless something speaks against it; then it says what. */
  function send(schedule: Schedule | null = null, { isSure = false } = {}) {
    if (blocked) {
      if (!isEmpty) setNotice(blocked);
      return;
    }
    const other = isSure ? null : guard.check();
    setAnswered(other && { about: other, schedule });
    if (other) return;
    const night = quietHours.check(schedule ? new Date(schedule.scheduledFor) : new Date());
    setQuiet(night && { about: night, schedule });
    if (night) return;
    if (filled.text.length > maxTextLength) {
      setNotice(
        `With its variables filled in, the text has more than ${maxTextLength} characters.`,
      );
      return;
    }
    store.send({
      id: makeId(),
      contactId,
      text: filled.text.trim() === "" ? "" : filled.text,
      media: takeAttachments(contactId),
      ...(numbers.length > 1 ? { to: to.phoneNumber } : {}),
      ...schedule,
    });
    keep("");
    noteCaret(0);
    clearNotices();
    tellTyping(false);
    focus();
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
      {isListOpen && <ComposerSuggestions of={suggestions} workspaceId={store.workspaceId} />}
      <Suspense>
        {numbers.length > 1 && (
          <NumberChoice
            contact={contact}
            value={to.phoneNumber}
            onChange={(phoneNumber) => {
              setChosen(phoneNumber);
              clearNotices();
            }}
          />
        )}
        {panel === "emoji" && (
          <EmojiPicker
            onChoose={(emoji) => {
              insert(emoji);
              setPanel(null);
            }}
            onClose={() => {
              setPanel(null);
              focus();
            }}
          />
        )}
        {panel === "schedule" && (
          <ScheduleDialog
            contact={addressee}
            onClose={() => setPanel(null)}
            onChoose={(scheduledFor, cancelOnReply) => {
              setPanel(null);
              send({ scheduledFor, cancelOnReply });
            }}
          />
        )}
        {quiet && (
          <QuietHoursBar
            quiet={quiet.about}
            isLater={quiet.schedule !== null}
            contactName={name}
            onBack={() => {
              setQuiet(null);
              focus();
            }}
            onSend={() => {
              quietHours.confirm();
              send(quiet.schedule);
            }}
            onSchedule={(at) =>
              send({ cancelOnReply: false, ...quiet.schedule, scheduledFor: at.toISOString() })
            }
          />
        )}
      </Suspense>
      {answered && (
        <AnswerGuard
          answer={answered.about}
          isLater={answered.schedule !== null}
          onSend={() => send(answered.schedule, { isSure: true })}
          onClose={() => {
            setAnswered(null);
            focus();
          }}
        />
      )}
      <AttachmentStrip
        files={files}
        onRemove={(key) => {
          detachFile(contactId, key);
          setNotice(null);
          focus();
        }}
      />
      <ComposerField
        field={field}
        name={name}
        text={text}
        isEmpty={isEmpty}
        blocked={blocked}
        isEmojiOpen={panel === "emoji"}
        activeSuggestion={isListOpen && suggestions.items.length > 0 ? suggestions.activeAt : null}
        onType={(next, at) => {
          noteCaret(at);
          onType(next);
        }}
        onCaret={noteCaret}
        onSuggestionKey={suggestions.onKeyDown}
        onAttach={attach}
        onEmoji={() => setPanel(panel === "emoji" ? null : "emoji")}
        onSchedule={() => (blocked ? setNotice(blocked) : setPanel("schedule"))}
        onSend={() => send()}
      />
      <div className="lc-composer-foot" id="lc-composer-notice">
        <span role="alert">{notice}</span>
        <SegmentCounter
          text={text}
          filled={filled.text}
          hasFiles={files.length > 0}
          onReplace={(plain) => write(plain, plain.length)}
        />
      </div>
    </form>
  );
}
