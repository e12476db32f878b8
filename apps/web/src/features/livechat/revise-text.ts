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

/** Puts the focus where texts are written, if that is on the screen. */
export function focusComposer(): void {
  const field = document.querySelector<HTMLTextAreaElement>("#lc-composer-field");
  // After the draft has been drawn, so that the caret stands at its end.
  requestAnimationFrame(() => {
    field?.focus({ preventScroll: true });
    field?.setSelectionRange(field.value.length, field.value.length);
  });
}
