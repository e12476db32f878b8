import {
  type Contact,
  type Message,
  maxMediaPerText,
  maxTextLength,
  maxUploadBytes,
  type UploadedMedia,
} from "@livechat/shared";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { LuArrowUp, LuFile, LuPlus, LuX } from "react-icons/lu";
import { v7 as makeId } from "uuid";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { AnswerGuard } from "./AnswerGuard.tsx";
import { explainUntextable, nameContact } from "./describe-contact.ts";
import { readDraft, writeDraft } from "./drafts.ts";
import { formatSize, uploadFile } from "./upload-file.ts";
import { useAnswerGuard } from "./use-answer-guard.ts";

const counterFrom = 140;
const stopTypingAfterMs = 5000;

interface Attachment {
  key: string;
  name: string;
  sizeBytes: number;
  preview: string | null;
  progress: number;
  stored: UploadedMedia | null;
  error: string | null;
  abort: AbortController;
}

interface ComposerProps {
  contact: Contact;
  /** Files that were dropped on the conversation; taken once. */
  dropped: readonly File[];
  onDroppedTaken(): void;
}

/** Where a text is written. Mount it anew for each contact: it keeps the contact's draft. */
export function Composer({ contact, dropped, onDroppedTaken }: ComposerProps) {
  const { store, connection } = useInbox();
  const { workspaceId } = store;
  const [text, setText] = useState(() => readDraft(workspaceId, contact.id));
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const guard = useAnswerGuard(contact.id, text.trim() !== "" || attachments.length > 0);
  const [answered, setAnswered] = useState<Message | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const current = useRef(attachments);
  const typingTimer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const untextable = explainUntextable(contact);
  const name = nameContact(contact);

  useEffect(() => {
    current.current = attachments;
  }, [attachments]);

  useEffect(
    () => () => {
      for (const file of current.current) {
        if (!file.stored) file.abort.abort();
        if (file.preview) URL.revokeObjectURL(file.preview);
      }
      if (typingTimer.current) clearTimeout(typingTimer.current);
      connection.type(contact.id, false);
    },
    [connection, contact.id],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field's height follows its text.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
  }, [text]);

  useEffect(() => {
    // A soft keyboard that opens by itself would hide the conversation.
    if (window.matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each drop is taken once.
  useEffect(() => {
    if (dropped.length === 0) return;
    addFiles([...dropped]);
    onDroppedTaken();
  }, [dropped]);

  function change(key: string, values: Partial<Attachment>) {
    setAttachments((files) =>
      files.map((file) => (file.key === key ? { ...file, ...values } : file)),
    );
  }

  function addFiles(files: File[]) {
    if (untextable || files.length === 0) return;
    const room = maxMediaPerText - current.current.length;
    setNotice(files.length > room ? `A text carries at most ${maxMediaPerText} files.` : null);
    for (const file of files.slice(0, Math.max(0, room))) {
      const abort = new AbortController();
      const key = makeId();
      const isTooLarge = file.size > maxUploadBytes;
      const attachment: Attachment = {
        key,
        name: file.name || "Pasted file",
        sizeBytes: file.size,
        preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
        progress: 0,
        stored: null,
        error: isTooLarge ? `Larger than ${formatSize(maxUploadBytes)}.` : null,
        abort,
      };
      setAttachments((known) => [...known, attachment]);
      if (isTooLarge) continue;
      uploadFile(workspaceId, file, (progress) => change(key, { progress }), abort.signal).then(
        (stored) => change(key, { stored, progress: 1 }),
        (error: unknown) => {
          if (abort.signal.aborted) return;
          change(key, { error: error instanceof Error ? error.message : "Not stored. Try again." });
        },
      );
    }
  }

  function remove(file: Attachment) {
    file.abort.abort();
    if (file.preview) URL.revokeObjectURL(file.preview);
    setAttachments((known) => known.filter((other) => other.key !== file.key));
    setNotice(null);
    field.current?.focus();
  }

  const isUploading = attachments.some((file) => !file.stored && !file.error);
  const hasFailedFile = attachments.some((file) => file.error);
  const isTooLong = text.length > maxTextLength;
  const isEmpty = text.trim() === "" && attachments.length === 0;
  const blocked = isEmpty
    ? "Write a text first."
    : isUploading
      ? "The files are still on their way."
      : hasFailedFile
        ? "Remove the file that could not be stored."
        : isTooLong
          ? `A text has at most ${maxTextLength} characters.`
          : null;

  function send({ isSure = false } = {}) {
    if (untextable) return;
    if (blocked) {
      if (!isEmpty) setNotice(blocked);
      return;
    }
    const other = isSure ? null : guard.check();
    setAnswered(other);
    if (other) return;
    store.send({
      id: makeId(),
      contactId: contact.id,
      text: text.trim() === "" ? "" : text,
      media: attachments.flatMap((file) => (file.stored ? [file.stored] : [])),
    });
    for (const file of attachments) if (file.preview) URL.revokeObjectURL(file.preview);
    setAttachments([]);
    write("");
    setNotice(null);
    connection.type(contact.id, false);
    field.current?.focus();
  }

  function write(next: string) {
    setText(next);
    writeDraft(workspaceId, contact.id, next);
  }

  function onType(next: string) {
    write(next);
    if (notice) setNotice(null);
    if (typingTimer.current) clearTimeout(typingTimer.current);
    connection.type(contact.id, next.trim() !== "");
    typingTimer.current = setTimeout(() => connection.type(contact.id, false), stopTypingAfterMs);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter accepts its suggestion; Safari says so by code 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    send();
  }

  function onPaste(event: ClipboardEvent) {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    addFiles(files);
  }

  if (untextable) {
    return (
      <p className="lc-composer-off" role="note">
        {untextable}
      </p>
    );
  }

  return (
    <form
      className="lc-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {answered && (
        <AnswerGuard
          answer={answered}
          onSend={() => send({ isSure: true })}
          onClose={() => {
            setAnswered(null);
            field.current?.focus();
          }}
        />
      )}
      {attachments.length > 0 && (
        <ul className="lc-attachments" aria-label="Attached files">
          {attachments.map((file) => (
            <li key={file.key} data-error={file.error ? true : undefined}>
              {file.preview ? <img src={file.preview} alt="" /> : <LuFile aria-hidden="true" />}
              <span className="lc-attachment-name" title={file.name}>
                {file.name}
                <small>{file.error ?? formatSize(file.sizeBytes)}</small>
              </span>
              {!file.stored && !file.error && (
                <progress value={file.progress} max={1} aria-label={`Storing ${file.name}`} />
              )}
              <button type="button" aria-label={`Remove ${file.name}`} onClick={() => remove(file)}>
                <LuX />
              </button>
            </li>
          ))}
        </ul>
      )}
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
            addFiles([...(event.target.files ?? [])]);
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
            ref={field}
            rows={1}
            dir="auto"
            aria-label={`Text message to ${name}`}
            aria-describedby={notice ? "lc-composer-notice" : undefined}
            placeholder="Text message"
            value={text}
            onChange={(event) => onType(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <button
            type="submit"
            className="lc-send"
            aria-label="Send message"
            title={blocked ?? "Send"}
            aria-disabled={blocked ? true : undefined}
          >
            <LuArrowUp />
          </button>
        </div>
      </div>
      {(notice || text.length > counterFrom) && (
        <p className="lc-composer-foot" id="lc-composer-notice">
          <span role="alert">{notice}</span>
          {text.length > counterFrom && (
            <span data-over={isTooLong || undefined}>
              {text.length} / {maxTextLength}
              <span className="lc-hidden"> characters</span>
            </span>
          )}
        </p>
      )}
    </form>
  );
}
