import { type ClipboardEvent, type KeyboardEvent, type RefObject, useRef } from "react";
import { LuArrowUp, LuCalendarClock, LuPlus, LuSmile } from "react-icons/lu";
import { readPreferences } from "../../preferences/preferences.ts";
import { readPastedFiles } from "./use-file-drop.ts";

interface ComposerFieldProps {
  field: RefObject<HTMLTextAreaElement | null>;
  /** Whom the text goes to. */
  name: string;
  text: string;
  isEmpty: boolean;
  /** Why it can't go out; null when it can. */
  blocked: string | null;
  isEmojiOpen: boolean;
  /** Which suggestion is marked; null while none is shown. */
  activeSuggestion: number | null;
  onType(text: string, caret: number): void;
  onCaret(at: number): void;
  /** Whether the key was for the suggestions. */
  onSuggestionKey(event: KeyboardEvent): boolean;
  onAttach(files: File[]): void;
  onEmoji(): void;
  onSchedule(): void;
  onSend(): void;
}

/** The row in which a text is written: files, words, emoji, a later time, and the way out. */
export function ComposerField({
  field,
  name,
  text,
  isEmpty,
  blocked,
  isEmojiOpen,
  activeSuggestion,
  onType,
  onCaret,
  onSuggestionKey,
  onAttach,
  onEmoji,
  onSchedule,
  onSend,
}: ComposerFieldProps) {
  const picker = useRef<HTMLInputElement>(null);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter accepts its suggestion; Safari says so by code 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (onSuggestionKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    const hasModifier = event.metaKey || event.ctrlKey;
    if (!hasModifier && readPreferences().sendWith === "mod_enter") return;
    event.preventDefault();
    onSend();
  }

  function onPaste(event: ClipboardEvent) {
    const pasted = readPastedFiles(event.clipboardData);
    if (pasted.length === 0) return;
    event.preventDefault();
    onAttach(pasted);
  }

  return (
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
          onAttach([...(event.target.files ?? [])]);
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
          aria-controls={activeSuggestion === null ? undefined : "lc-suggestions"}
          aria-activedescendant={
            activeSuggestion === null ? undefined : `lc-suggestions-${activeSuggestion}`
          }
          placeholder="Text message"
          value={text}
          onChange={(event) => onType(event.target.value, event.target.selectionStart)}
          onSelect={(event) => onCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <button
          type="button"
          className="lc-field-tool"
          aria-label="Emoji"
          title="Emoji"
          aria-expanded={isEmojiOpen}
          data-emoji-button=""
          onClick={onEmoji}
        >
          <LuSmile />
        </button>
        {!isEmpty && (
          <button
            type="button"
            className="lc-field-tool"
            aria-label="Send later"
            title="Send later"
            onClick={onSchedule}
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
  );
}
