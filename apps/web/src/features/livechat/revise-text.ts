import { readDraft, writeDraft } from "./drafts.ts";

/** Puts a text back where texts are written, after what stands there, and the focus with it. */
export function reviseText(text: {
  workspaceId: string;
  contactId: string;
  content: string;
}): void {
  const begun = readDraft(text.workspaceId, text.contactId);
  const next = begun.trim() === "" ? text.content : `${begun}\n${text.content}`;
  writeDraft(text.workspaceId, text.contactId, next);
  focusComposer();
}

const listeners = new Set<() => void>();

/** Calls back when the place where texts are written has to be seen. Returns how to stop. */
export function onComposerWanted(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows where texts are written and puts the focus there, if a conversation is open. */
export function focusComposer(): void {
  for (const listener of listeners) listener();
  focusSoon("#lc-composer-field");
}

/** Puts the focus where is written now: a note, or a text. */
export function focusWriting(): void {
  const note = ".lc-note-composer textarea";
  focusSoon(document.querySelector(note) ? note : "#lc-composer-field");
}

/** After what was written has been drawn, so that the caret stands at its end. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLTextAreaElement>(selector);
    field?.focus({ preventScroll: true });
    field?.setSelectionRange(field.value.length, field.value.length);
  });
}
